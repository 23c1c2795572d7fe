"""Lines, windows and exports through the months of the event store: an audit's people, the store's days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.roster import Roster
from core.permissions import WHOLE, Actor
from mail_audit.models import Census, CensusMailbox, LogPiece, LogSource, LogStream, StandingDay, StandingMonth
from mail_audit.queries import windows
from mail_audit.queries.spans import Span, known_days
from mail_audit.services import export
from tests.mail_audit.store import made
from tests.mail_audit.store.counting import counted

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
DARK = {date(2026, 9, 10), date(2026, 9, 11)}
COUNTS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "acts_a", "acts_b", "acts_c",
    "acts_d", "uncounted", "delegated", "forwards", "outside",
)  # fmt: skip


@pytest.fixture
def collected(session: Session) -> None:
    """Logs of August and September without two days; CB01 writes on Mondays, CB02 once."""
    source = LogSource(
        name="mail", paths=[], patterns=[], created_at=utc_now(), created_by="quantri", last_lines=0, last_seconds=None
    )
    session.add(source)
    session.flush()
    stream = LogStream(
        source_id=source.id, first_line="0" * 64, fork=0, name="mail.log", stop=100, created_at=utc_now()
    )
    session.add(stream)
    session.flush()
    days = [AUGUST + timedelta(number) for number in range(61)]
    in_logs = [day.isoformat() for day in days if day not in DARK]
    session.add(
        LogPiece(
            stream_id=stream.id, kind="lines", start=0, stop=100, sha256="0" * 64, blocks=b"", lines=1, events=1,
            not_of_interest=0, broken=0, samples=[], host_days={"mx1": in_logs}, other_days=[], newest_at=utc_now(),
            collected_at=utc_now(),
        )
    )  # fmt: skip
    for month in (AUGUST, SEPTEMBER):
        session.add(
            StandingMonth(
                month=month, timezone="Asia/Ho_Chi_Minh", inputs="1" * 64, facts="2" * 64, tells={}, mailbox_days=1,
                measured_at=utc_now(),
            )
        )  # fmt: skip
    acts = [(made.address("CB01"), day) for day in days if day.weekday() == 0 and day not in DARK]
    for mailbox, day in (*acts, (made.address("CB02"), date(2026, 9, 2))):
        counts = dict.fromkeys(COUNTS, 0) | {"acts_a": 1}
        session.add(StandingDay(mailbox=mailbox, day=day, opened=None, blind=False, scheduled=False, **counts))
    session.flush()


def test_each_day_stands_in_one_place(session: Session, collected: None, stored: Callable[..., int]) -> None:
    audit_id = stored()
    stored(date(2026, 9, 20), date(2026, 9, 25))
    known = known_days(session, AUGUST, made.LAST, audit_id=audit_id)
    assert known.spans == (Span(None, AUGUST, date(2026, 9, 30)), Span(audit_id, made.FIRST, made.LAST))
    assert known.covered.isdisjoint({*DARK, made.MISSING})
    assert len(known.covered) == 61 - 2 + 10 - 1


def test_a_line_from_the_store_into_the_audit(session: Session, collected: None, stored: Callable[..., int]) -> None:
    line = windows.rolling(session, stored(), reach=WHOLE)
    points = {point.day: point for point in line.days}
    assert line.days[0].day == AUGUST
    week = {day: point.leaders[0].using for day, point in points.items()}
    assert week[date(2026, 8, 31)] == 1
    assert week[date(2026, 9, 2)] == 2
    assert week[date(2026, 9, 9)] == 1
    assert {week[day] for day in DARK} == {None}
    assert week[date(2026, 8, 5)] is None  # five days with facts are too few for a window of seven
    assert [one.using for one in points[made.LAST].leaders] == [1, 2]  # the one on the 8th; both since the 1st


def test_a_quarter_back_is_known_from_the_store(session: Session, collected: None, stored: Callable[..., int]) -> None:
    audit_id = stored()
    found = windows.windows(session, audit_id, date(2026, 9, 30), reach=WHOLE)
    assert [(one.days, one.covered, one.using) for one in found.city.leaders] == [
        (7, 7, 1), (30, 28, 2), (90, 59, None), (180, 59, None),
    ]  # fmt: skip


def test_the_number_of_questions_stays(session: Session, collected: None, stored: Callable[..., int]) -> None:
    audit_id = stored()
    for asked in (windows.windows, windows.rolling):
        with counted(session) as statements:
            asked(session, audit_id, reach=WHOLE)
        assert len(statements) <= 11


def test_an_export_takes_both(
    session: Session, administrator: Actor, collected: None, stored: Callable[..., int], tmp_path: Path
) -> None:
    audit_id = stored()
    path = tmp_path / "days.parquet"
    rows = export(session, administrator, what="days", first=AUGUST, last=made.LAST, path=path)
    read = pl.read_parquet(path)
    assert (read.height, rows) == (9 + 1 + 5, 15)
    assert read.group_by("audit_id").len().sort("audit_id").rows() == [(None, 10), (audit_id, 5)]


def count(session: Session, night: int, unseen: int) -> None:
    """A census of CB01's mailbox at two in the morning of a day of September."""
    at = datetime(2026, 9, night - 1, 19, tzinfo=UTC)
    run = Census(started_at=at, started_by="quantri", server="localhost:993", selection="x")
    session.add(run)
    session.flush()
    row = CensusMailbox(census_id=run.id, mailbox=made.address("CB01"))
    session.add(row)
    session.flush()
    row.state, row.asked_at, row.sent_state = "counted", at, "empty"
    row.messages, row.unseen, row.answered, row.uid_validity, row.uid_next = 10, unseen, 0, 1, 11
    session.flush()


@pytest.mark.parametrize(
    ("counts", "days"),
    [
        ({8: 9, 9: 8, 10: 8, 11: 7}, {10}),  # of the 8th the logs tell; of the 10th none does
        ({9: 9, 12: 7}, set()),  # it may have been on the 9th, of which the logs tell
        ({10: 9, 12: 7}, {11}),  # on one of the two, of which none tells
    ],
)
def test_an_export_has_what_the_census_found_on_days_without_logs(
    session: Session,
    administrator: Actor,
    directory: Roster,
    collected: None,
    tmp_path: Path,
    counts: dict[int, int],
    days: set[int],
) -> None:
    for night, unseen in counts.items():
        count(session, night, unseen)
    path = tmp_path / "days.parquet"
    rows = export(session, administrator, what="days", first=SEPTEMBER, last=date(2026, 9, 30), path=path)
    read = pl.read_parquet(path)
    assert rows == read.height == 4 + 1 + len(days)
    told = read.filter(pl.col("source") != "logs")
    assert {day.day for day in told["day"]} == days
    for found in told.to_dicts():
        assert (found["source"], found["mailbox"], found["official_id"]) == ("census", made.address("CB01"), "CB01")
        assert (found["acts_b"], found["sent"], found["audit_id"]) == (1, None, None)
