"""Two programs at once, on both databases: each sees what the other did, nothing said is lost or taken twice."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core import log
from core.audit.verifying import first_broken
from core.db import forget, unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.directory.queries import roster
from core.directory.services import import_roster
from core.directory.services.tokens import give_service_token
from core.permissions import command_line_actor
from core.settings import Settings, load
from tests.web import town
from tests.web.scim.conftest import Client, user
from web.app import create_app
from web.scim.messages import ENTERPRISE

Two = tuple[Client, Client]
ROUNDS = 6


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def each_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The town on either database."""
    log.configure("error", io.StringIO())
    given = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        given["VANTHU_DATABASE_URL"] = server.database(f"scim_{tmp_path.name}".lower()[:60])
    made = load(given)
    with unit_of_work(made) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
    yield made
    forget(made)


@pytest.fixture
def two(each_settings: Settings) -> Two:
    """A personnel system and an identity provider."""
    app = create_app(each_settings)
    with unit_of_work(each_settings) as session:
        tokens = [
            give_service_token(
                session, command_line_actor(), service=name, scopes=["scim"], days=1, now=utc_now()
            ).token
            for name in ("hr-system", "identity")
        ]
    first, second = (Client(app.test_client(use_cookies=False), token) for token in tokens)
    return first, second


def _at_once(*doing: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(doing)) as hands:
        return [one.result() for one in [hands.submit(do) for do in doing]]


def _holds(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        assert first_broken(session) is None


def test_both_make_the_same_person(two: Two, each_settings: Settings) -> None:
    for number in range(ROUNDS):
        answers = _at_once(*(partial(one.ask, "POST", "/Users", user(f"N{number}")) for one in two))
        assert sorted(one.status_code for one in answers) == [201, 409]
    with unit_of_work(each_settings) as session:
        made = select(func.count(OfficialRow.id)).where(OfficialRow.official_id.like("N%"))
        assert session.scalar(made) == ROUNDS
    _holds(each_settings)


def test_each_changes_something_else_of_one_person(two: Two, each_settings: Settings) -> None:
    """A PATCH reads and writes in one turn: what the other said in between is kept."""
    known = two[0].found("Users", 'employeeNumber eq "CB4"')[0]
    place = f"/Users/{known['id']}"

    def rename(number: int) -> int:
        return two[0].patch(place, {"op": "replace", "path": "displayName", "value": f"Người {number}"}).status_code

    def move(number: int) -> int:
        unit = ("Sở Y tế", "Sở Xây dựng")[number % 2]
        return two[1].patch(place, {"op": "replace", "path": f"{ENTERPRISE}:department", "value": unit}).status_code

    for number in range(ROUNDS):
        assert _at_once(partial(rename, number), partial(move, number)) == [200, 200]
        shown = two[0].ask("GET", place).json
        assert shown is not None
        wanted = (f"Người {number}", ("Sở Y tế", "Sở Xây dựng")[number % 2])
        assert (shown["displayName"], shown[ENTERPRISE]["department"]) == wanted
    _holds(each_settings)


def test_both_give_one_address_away(two: Two, each_settings: Settings) -> None:
    ids = [two[0].found("Users", f'employeeNumber eq "{number}"')[0]["id"] for number in ("CB3", "CB4")]
    for number in range(ROUNDS):
        address = f"moi{number}@tp.example.gov.vn"

        def give(client: Client, one: str, address: str = address) -> int:
            emails = {"op": "replace", "path": "emails", "value": [{"value": address, "primary": True}]}
            return client.patch(f"/Users/{one}", emails).status_code

        pairs = list(zip(two, ids, strict=True))
        assert sorted(_at_once(*(partial(give, *pair) for pair in pairs))) == [200, 409]
        with unit_of_work(each_settings) as session:
            assert roster(session).mailboxes[address].owner in {"CB3", "CB4"}
    _holds(each_settings)


def test_one_has_them_leave_while_the_other_changes_them(two: Two, each_settings: Settings) -> None:
    """Whichever comes first: who has left has no post and no mailbox, whatever was said of them at that moment."""
    for number in range(ROUNDS):
        made = two[0].ask("POST", "/Users", user(f"N{number}")).json
        assert made is not None
        place = f"/Users/{made['id']}"
        title = {"op": "replace", "path": "title", "value": "Khác"}
        gone, changed = _at_once(partial(two[0].ask, "DELETE", place), partial(two[1].patch, place, title))
        assert (gone.status_code, changed.status_code in {200, 404}) == (204, True)
        with unit_of_work(each_settings) as session:
            now = roster(session)
        assert f"N{number}" not in now.officials
        assert f"n{number}@tp.example.gov.vn" not in now.addresses
    _holds(each_settings)
