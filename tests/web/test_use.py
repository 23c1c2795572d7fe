"""Figures of use on the pages, in the files and in the API: the same everywhere, told only where there are any."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import unit_of_work, utc_now
from core.directory.models import OfficialRow, UnitRow
from core.permissions import Actor, Role
from core.settings import Settings
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.queries.use import UsePeriod, officials_use, units_use, words
from tests.web import town
from tests.web.conftest import Visitor
from web.views import pictures, use

AUDITOR = Actor("kiemtra", frozenset({Role.AUDITOR}))
MORNING = datetime(2026, 10, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def documents(settings: Settings, listed: None, audit_id: int) -> int:
    """Two turns of the head CB1, one answered after two hours, one never; one of CB5, answered by a deputy."""
    with unit_of_work(settings) as session:
        people = {one.official_id: one.id for one in session.scalars(select(OfficialRow))}
        unit = session.scalars(select(UnitRow.id)).first()
        draft = DraftRow(
            type="cong_van", title="V/v kiểm tra", unit=unit, drafter=people["CB3"], source="text", created_at=MORNING,
            changed_at=MORNING,
        )  # fmt: skip
        session.add(draft)
        session.flush()
        around = RoundRow(draft=draft.id, number=1, revision=1, begun_at=MORNING, begun_by=people["CB3"])
        session.add(around)
        session.flush()
        turns = (("CB1", "CB1", 2), ("CB1", None, 0), ("CB5", "CB6", 3))
        for position, (whose, by, hours) in enumerate(turns):
            step = StepRow(
                round=around.id, position=position, plan={}, kind="any", purpose="opinion", needed=1, state="open",
                opened_at=MORNING,
            )  # fmt: skip
            session.add(step)
            session.flush()
            session.add(
                TaskRow(
                    step=step.id,
                    official=people[whose],
                    post="Giám đốc",
                    opened_at=MORNING,
                    state="open" if by is None else "decided",
                    decision=None if by is None else "agree",
                    decided_by=None if by is None else people[by],
                    decided_at=None if by is None else MORNING + timedelta(hours=hours),
                    seen_revision=None if by is None else 1,
                )
            )
    return audit_id


def period() -> UsePeriod:
    return UsePeriod(town.FIRST, town.LAST, town.ZONE, utc_now())


def test_nothing_is_said_where_there_was_no_document(admin: Visitor, listed: None, audit_id: int) -> None:
    for address in ("city", f"units/{town.CONSTRUCTION}", "officials/CB1"):
        assert 'id="e-office"' not in admin.get(f"/audits/{audit_id}/{address}").text
    page = admin.get(f"/audits/{audit_id}/use").text
    assert words.NO_DOCUMENTS.vi in page
    assert "<table" not in page


def test_pages_files_and_the_api_say_the_same(admin: Visitor, settings: Settings, documents: int) -> None:
    with unit_of_work(settings) as session:
        officials = {one.official_id: one for one in officials_use(session, AUDITOR, period=period())[0]}
        units = {one.unit: one for one in units_use(session, AUDITOR, period=period())}
    assert [officials[one].usage_class for one in ("CB1", "CB5", "CB6", "CB2")] == [
        "regular", "delegated", "regular", "unknown",
    ]  # fmt: skip
    for number, one in officials.items():
        page = admin.get(f"/audits/{documents}/officials/{number}")
        assert words.turns_words(one.turns, one.median_hours).vi in page.text
        assert words.CLASS_MEANINGS[one.usage_class].vi in page.text
    unit = units[town.CONSTRUCTION]
    for address in ("use", f"units/{town.CONSTRUCTION}"):
        assert words.rank_words(unit.leaders).vi in admin.get(f"/audits/{documents}/{address}").text
    table = list(csv.DictReader(io.StringIO(_file(admin, documents, "officials.csv").lstrip("\ufeff"))))
    for row in table:
        one = officials[row["official_id"]]
        told = asdict(one.turns) | asdict(one.acts) | {"usage_class": one.usage_class}
        assert {name: row[name] for name in told} == {name: str(value) for name, value in told.items()}
        assert row["median_hours"] == ("" if one.median_hours is None else str(one.median_hours))
    assert len(table) == len(officials) == len(town.PEOPLE)


def _file(admin: Visitor, audit_id: int, name: str) -> str:
    return admin.get(f"/audits/{audit_id}/use/{name}").text


def test_taking_figures_away_leaves_a_line_in_the_trail(admin: Visitor, documents: int) -> None:
    told = admin.get(f"/audits/{documents}/use/units.json").json
    assert told is not None
    assert {one["unit"] for one in told["units"]} == {town.CONSTRUCTION, town.HOUSING, town.HEALTH, town.DISTRICT}
    assert told["coverage"]["since"] == "2026-10-06"
    assert "số liệu sử dụng văn phòng điện tử" in admin.get("/trail").text


def test_an_official_sees_the_own_figures_only(official: Visitor, documents: int) -> None:
    assert 'id="e-office"' in official.get(f"/audits/{documents}/officials/CB1").text
    for address in ("use", "use/officials.csv", "use/units.json"):
        assert official.get(f"/audits/{documents}/{address}").status_code == 404


def test_long_lists_of_units_come_in_parts(admin: Visitor, documents: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "UNITS", 1)
    monkeypatch.setattr(pictures, "MOST_UNITS", 1)
    for address in (f"/audits/{documents}/use", f"/audits/{documents}/city"):
        first, second = (_units_told(admin, f"{address}?units={place}") for place in (0, 1))
        assert (len(first), len(second)) == (1, 1)
        assert first != second
        assert "units=1#units" in admin.get(address).text


def _units_told(admin: Visitor, address: str) -> list[str]:
    """Addresses of units in the first table of units."""
    table = admin.get(address).text.split('id="units"')[1].split("</table>")[0]
    return re.findall(r'href="(/audits/\d+/units/[^"]+)"', table)
