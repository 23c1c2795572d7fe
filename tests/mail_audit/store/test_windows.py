"""Windows and rolling lines in SQL are those that counting by hand gives; a day without logs is a gap, never zero."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy.orm import Session

from core.db import utc_now
from core.permissions import WHOLE
from mail_audit.errors import AuditNotFoundError, UnitNotFoundError
from mail_audit.queries import windows
from mail_audit.report.model import Report
from mail_audit.services import store_result
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import bare_run
from tests.mail_audit.store.counting import counted

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 9)
DARK = {date(2026, 9, 20) + timedelta(number) for number in range(12)}
"""Days without logs: as long as a seven-day window and longer."""
UNITS: dict[str, str | None] = {made.BUILDING: None, made.PERMITS: made.BUILDING}
Acts = dict[str, set[date]]


def _days() -> list[date]:
    return [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]


@pytest.fixture(scope="module")
def acts() -> Acts:
    """Who acted when, by mailbox: some often, some seldom, one never, one in two mailboxes."""
    chance = random.Random(6)
    found: Acts = {}
    for number in range(12):
        often = (0.7, 0.2, 0.05, 0.0)[number % 4]
        found[made.address(f"CB{number:02}")] = {day for day in _days() if day not in DARK and chance.random() < often}
    found["second@tp.example.gov.vn"] = {date(2026, 11, 8)}
    return found


def _report() -> Report:
    officials = []
    for number in range(12):
        boxes: tuple[str, ...] = (made.address(f"CB{number:02}"),)
        officials.append(
            made.official(
                f"CB{number:02}",
                f"Người {number}",
                (made.BUILDING, made.PERMITS)[number % 2],
                rank="leader" if number < 6 else "staff",
                mailboxes=(*boxes, "second@tp.example.gov.vn") if number == 3 else boxes,
                usage_class="unknown" if number == 11 else "regular",
            )
        )
    report = made.report(FIRST, LAST)
    covered = tuple(day for day in _days() if day not in DARK)
    return Report(
        period=report.period,
        coverage=made.coverage(covered_days=covered, missing_days=tuple(sorted(DARK))),
        officials=tuple(officials),
        units=report.units,
        findings=(),
        unassigned=(),
        without_mailbox=(),
        city=report.city,
    )


@pytest.fixture
def audit_id(session: Session, acts: Acts) -> int:
    run = bare_run(session)
    rows = [
        {"mailbox": mailbox, "day": day} | dict.fromkeys((*made.COUNTS, *made.ACTS), 0) | {"acts_a": 1}
        for mailbox, days in acts.items()
        for day in days
    ]
    idle = {"mailbox": made.address("CB07"), "day": date(2026, 11, 9)} | dict.fromkeys((*made.COUNTS, *made.ACTS), 0)
    frame = pl.DataFrame([*rows, idle | {"logins": 50, "acts_d": 50}], schema=made.DAY_SCHEMA)
    store_result(session, audit_id=run.id, report=_report(), days=frame, actor="quantri")
    run.state, run.finished_at, run.measured = "finished", utc_now(), "0" * 24
    session.flush()
    return run.id


def _by_hand(acts: Acts, rank: str, unit: str | None, last: date, back: int) -> int:
    window = {last - timedelta(number) for number in range(back)}
    return sum(
        bool(set().union(*(acts[box] for box in one.mailboxes)) & window)
        for one in _report().officials
        if one.rank == rank and one.usage_class != "unknown" and unit in {None, one.unit, UNITS[one.unit]}
    )


def _known(last: date, back: int) -> bool:
    in_logs = [day in set(_days()) - DARK for day in (last - timedelta(number) for number in range(back))]
    return in_logs[0] and sum(in_logs) >= 0.8 * back


@pytest.mark.parametrize("unit", [None, *UNITS])
def test_each_point_of_a_line_is_what_counting_by_hand_gives(
    session: Session, audit_id: int, acts: Acts, unit: str | None
) -> None:
    line = windows.rolling(session, audit_id, unit, reach=WHOLE)
    assert [one.day for one in line.days] == _days()
    for point in line.days:
        for rank, side in (("leader", point.leaders), ("staff", point.staff)):
            for window in side:
                expected = _by_hand(acts, rank, unit, point.day, window.days)
                known = _known(point.day, window.days)
                assert window.using == (expected if known else None), (point.day, rank, window)


def test_days_without_logs_are_gaps(session: Session, audit_id: int) -> None:
    line = windows.rolling(session, audit_id, reach=WHOLE)
    dark = [point for point in line.days if point.day in DARK]
    assert len(dark) == len(DARK)
    assert {window.rate for point in dark for window in (*point.leaders, *point.staff)} == {None}
    assert not any(point.covered for point in dark)
    after = next(point for point in line.days if point.day == max(DARK) + timedelta(1))
    assert after.covered
    assert {window.using for window in after.leaders} == {None}


@pytest.mark.parametrize("last", [LAST, date(2026, 9, 8), date(2026, 10, 20), date(2026, 9, 25), date(2025, 1, 1)])
def test_windows_back_from_any_day(session: Session, audit_id: int, acts: Acts, last: date) -> None:
    found = windows.windows(session, audit_id, last, reach=WHOLE)
    assert [one.unit for one in found.units] == [made.PERMITS, made.BUILDING]
    for one, unit in ((found.city, None), *((unit, unit.unit) for unit in found.units)):
        for rank, side in (("leader", one.leaders), ("staff", one.staff)):
            assert [window.days for window in side] == [7, 30, 90, 180]
            for window in side:
                expected = _by_hand(acts, rank, unit, last, window.days)
                assert window.using == (expected if _known(last, window.days) else None), (unit, rank, window)
    assert found.city.staff[0].total == 5


def test_who_is_not_known_is_counted_nowhere(session: Session, audit_id: int) -> None:
    assert windows.rolling(session, audit_id, reach=WHOLE).days[-1].staff[0].total == 5


def test_what_is_not_there(session: Session, audit_id: int) -> None:
    with pytest.raises(UnitNotFoundError):
        windows.rolling(session, audit_id, "Sở Không Có", reach=WHOLE)
    with pytest.raises(AuditNotFoundError):
        windows.windows(session, audit_id + 1, reach=WHOLE)


@pytest.mark.parametrize("asked", [windows.windows, windows.rolling])
def test_the_number_of_questions_is_fixed(
    session: Session, audit_id: int, stored: Callable[..., int], asked: Callable[..., object]
) -> None:
    with counted(session) as small:
        asked(session, audit_id, reach=WHOLE)
    stored(date(2026, 8, 1), date(2026, 8, 10))
    with counted(session) as more:
        asked(session, audit_id, reach=WHOLE)
    assert len(small) == len(more) <= 9


def test_a_line_goes_on_into_the_audit_before(session: Session, audit_id: int, stored: Callable[..., int]) -> None:
    """Days before the audit are those of the audit that holds them; a day that both hold is the own one's."""
    stored(date(2026, 8, 25), date(2026, 9, 3))
    line = windows.rolling(session, audit_id, reach=WHOLE)
    assert line.days[0].day == date(2026, 8, 25)
    alone = {point.day: point for point in line.days}
    assert alone[date(2026, 9, 8)].covered


def test_owners_are_worked_out_once_not_for_every_day(session: Session, audit_id: int) -> None:
    """Left to itself, SQLite opens each official's list of mailboxes for each day of each mailbox."""
    with counted(session) as statements:
        windows.windows(session, audit_id, reach=WHOLE)
        windows.rolling(session, audit_id, reach=WHOLE)
    asked = [statement for statement in statements if "json_" in statement]
    assert len(asked) == 2
    assert all("AS MATERIALIZED" in statement.partition("json_")[0] for statement in asked)
