"""Each page asks the database a fixed number of questions, however many officials there are."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from core.db import engine, unit_of_work
from core.directory.services import create_account
from core.permissions import command_line_actor
from core.settings import Settings
from tests.web import town
from tests.web.conftest import Visitor

PAGES = (
    "/",
    "/audits",
    "/audits/{id}",
    "/audits/{id}/units",
    "/audits/{id}/officials",
    "/audits/{id}/coverage",
    "/audits/{id}/use",
    "/audits/{id}/officials/CB1",
    "/audits/{id}/figures/sent/CB1",
    "/audits/{id}/trends",
    "/audits/{id}/windows",
    "/comparison?earlier={id}&later={id}",
    "/sources",
    "/targets",
    "/trail",
)
MOST = 22


def _statements(admin: Visitor, settings: Settings, address: str) -> int:
    seen: list[str] = []

    def count(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    made = engine(settings)
    admin.get(address)  # what is worked out once a process may have been worked out for another test already
    event.listen(made, "before_cursor_execute", count)
    try:
        assert admin.get(address).status_code == 200
    finally:
        event.remove(made, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_questions_is_fixed(admin: Visitor, settings: Settings, address: str) -> None:
    with unit_of_work(settings) as session:
        small = town.store(session, settings.store, town.report(people=1))
    at_one = _statements(admin, settings, address.format(id=small))
    with unit_of_work(settings) as session:
        large = town.store(session, settings.store)
    at_many = _statements(admin, settings, address.format(id=large))
    assert 0 < at_one == at_many <= MOST


def test_accounts_are_asked_for_at_once(admin: Visitor, settings: Settings) -> None:
    at_one = _statements(admin, settings, "/accounts")
    with unit_of_work(settings) as session:
        for name in ("second", "third"):
            create_account(session, command_line_actor(), name=name, password="bốn con mèo uống trà")
    assert 0 < at_one == _statements(admin, settings, "/accounts") <= MOST
