"""The list of accounts: a part at a time, found by the account's name or by the official's, with and without marks."""

from __future__ import annotations

from core.db import unit_of_work
from core.directory.services import create_account, import_roster
from core.permissions import command_line_actor
from core.settings import Settings
from tests.web import town
from tests.web.conftest import Visitor
from web.views.accounts import LIMIT

SECRET = "bốn con mèo uống trà"


def _make(settings: Settings, *names: str, official: str | None = None) -> None:
    with unit_of_work(settings) as session:
        for name in names:
            create_account(session, command_line_actor(), name=name, password=SECRET, official_id=official)


def test_a_long_list_is_shown_part_by_part(admin: Visitor, settings: Settings) -> None:
    _make(settings, *(f"nguoi{number:03}" for number in range(LIMIT + 5)))
    first, second = admin.get("/accounts").text, admin.get(f"/accounts?offset={LIMIT}").text
    assert first.count('<th role="rowheader"') == LIMIT
    assert second.count('<th role="rowheader"') == 6  # the administrator comes first
    assert "nguoi000" in first
    assert "nguoi054" in second
    assert "nguoi054" not in first


def test_an_account_is_found_by_its_name_and_by_the_officials(admin: Visitor, settings: Settings) -> None:
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
    _make(settings, "anh.nguyen", official="CB1")
    _make(settings, "anh.khac", "a_b", "axb")

    def found(words: str) -> list[str]:
        text = admin.get("/accounts", query_string={"q": words}).text
        return [name for name in ("anh.nguyen", "anh.khac", "a_b", "axb") if f">{name}</a>" in text]

    assert found("anh") == ["anh.nguyen", "anh.khac"]
    assert found("Ngọc Ánh") == found("ngoc anh") == found("CB1") == ["anh.nguyen"]
    assert found("a_b") == ["a_b"], "a sign of patterns is a letter like any other"
    assert found("không ai") == []
    assert 'role="rowheader"' not in admin.get("/accounts?q=zzz").text
