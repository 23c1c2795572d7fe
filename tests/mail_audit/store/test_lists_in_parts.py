"""Long lists come in parts, each in the same order as the whole, with as many questions to the database as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.roster import Roster
from core.permissions import SCHEDULER, WHOLE, Actor
from mail_audit import queries
from mail_audit.models import Audit, Contest, LogPiece, LogSource, LogStream
from mail_audit.queries.contests import contests
from mail_audit.queries.sources import sources
from mail_audit.zones import Zone
from tests.mail_audit.store import made
from tests.mail_audit.store.counting import counted

Stored = Callable[..., int]


def test_audits_come_in_parts_and_old_mornings_only_when_asked_for(session: Session, stored: Stored) -> None:
    made_by = []
    for number in range(9):
        audit_id = stored(date(2026, 3, 1) + timedelta(number), date(2026, 3, 9) + timedelta(number))
        if number % 3:
            session.get_one(Audit, audit_id).created_by = SCHEDULER.name
        made_by.append((audit_id, number % 3 != 0))
    session.flush()
    newest = [audit_id for audit_id, _ in reversed(made_by)]
    every = queries.audits(session, reach=WHOLE)
    assert ([one.audit_id for one in every.rows], every.total, every.older) == (newest, 9, 0)
    short = queries.audits(session, reach=WHOLE, mornings=False)
    mornings = [audit_id for audit_id, is_morning in reversed(made_by) if is_morning]
    assert [one.audit_id for one in short.rows] == [one for one in newest if one not in mornings[4:]]
    assert (short.total, short.older) == (7, 2)
    parts = [queries.audits(session, reach=WHOLE, mornings=False, offset=start, limit=3).rows for start in (0, 3, 6)]
    assert sum(parts, ()) == short.rows
    with counted(session) as one:
        queries.audits(session, reach=WHOLE, mornings=False, limit=1)
    with counted(session) as many:
        queries.audits(session, reach=WHOLE, mornings=False, limit=7)
    assert len(one) == len(many)


def test_units_come_in_parts(session: Session, stored: Stored) -> None:
    stored(date(2026, 8, 1), date(2026, 8, 10))
    audit_id = stored()
    for sort in ("unit", "leaders", "staff", "officials", "change"):
        for descending in (False, True):
            every = queries.units(session, audit_id, sort=sort, descending=descending, reach=WHOLE)
            parts = [
                queries.units(session, audit_id, sort=sort, descending=descending, reach=WHOLE, offset=n, limit=1)
                for n in range(every.every)
            ]
            assert sum((part.rows for part in parts), ()) == every.rows
    tops = queries.units(session, audit_id, reach=WHOLE, tops_only=True)
    assert ([row.figures.unit for row in tops.rows], tops.tops, tops.every) == ([made.PERMITS], 1, 2)


def test_what_waits_comes_before_what_was_answered_across_parts(
    session: Session, directory: Roster, administrator: Actor
) -> None:
    del directory
    now = utc_now()
    for number in range(12):
        is_open = number % 3 == 0
        session.add(
            Contest(
                audit_id=None, first_day=date(2026, 9, 1), last_day=date(2026, 9, 30), official_id="CB01",
                about="sent", value=1, reason=str(number), asked_at=now - timedelta(hours=number % 5),
                asked_by="an", state="open" if is_open else "explained", answer=None if is_open else "Đúng.",
                answered_at=None if is_open else now - timedelta(hours=number % 4),
                answered_by=None if is_open else "quantri",
            )
        )  # fmt: skip
    session.flush()
    every = contests(session, administrator, limit=99)
    waiting = sorted(
        (one for one in every.rows if one.state == "open"), key=lambda one: (one.asked_at, -one.contest_id)
    )
    answered = [one for one in every.rows if one.answered_at is not None]
    answered.sort(key=lambda one: (one.answered_at, one.contest_id), reverse=True)
    assert list(every.rows) == [*waiting, *answered]
    assert (every.total, every.waiting) == (12, 4)
    parts = [contests(session, administrator, offset=start, limit=5) for start in (0, 5, 10, 15)]
    assert sum((part.rows for part in parts), ()) == every.rows
    assert {part.total for part in parts} == {12}
    for state, wanted in (("open", waiting), ("answered", answered)):
        found = contests(session, administrator, state=state, limit=99)  # type: ignore[arg-type]
        assert (list(found.rows), found.total) == (wanted, len(wanted))


def test_gaps_are_those_of_all_pieces_however_many_say_the_same(session: Session) -> None:
    source = LogSource(name="mail", paths=[], patterns=[], created_at=utc_now(), created_by="x", last_lines=0)
    session.add(source)
    session.flush()
    stream = LogStream(source_id=source.id, first_line="0" * 64, fork=0, name="m", stop=9, created_at=utc_now())
    session.add(stream)
    session.flush()
    today = utc_now().date()
    days = [today - timedelta(days=number) for number in range(10, 0, -1)]
    for place, day in enumerate(days):
        for again in range(3):
            hosts = {"mx1": [day.isoformat()]} if place != 4 else {}
            session.add(
                LogPiece(
                    stream_id=stream.id, kind="lines", start=place * 10 + again, stop=place * 10 + again + 1,
                    sha256="0" * 64, blocks=b"", lines=2, events=1, not_of_interest=0, broken=1, samples=[],
                    host_days=hosts, other_days=[day.isoformat()], newest_at=utc_now(), collected_at=utc_now(),
                )
            )  # fmt: skip
    session.flush()
    (found,) = sources(session, zone=Zone("UTC"), now=utc_now())
    assert (found.lines, found.events, found.broken) == (60, 30, 30)
    assert [(gap.host, gap.days) for gap in found.gaps] == [("mx1", (days[4],))]
