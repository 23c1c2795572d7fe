"""How everybody used e-mail is judged once; it is read by every rule until something changes that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.audit import record
from core.db import settings_of, utc_now
from core.directory.models import OfficialRow
from core.directory.services.importing import DirectoryAction
from core.jobs import Job
from core.permissions import WHOLE
from mail_audit.actions import AuditAction
from mail_audit.models import Census, CensusMailbox, JournalMessage, LogPiece, RunningUse, StandingMonth
from mail_audit.queries import running as reading
from mail_audit.services import running
from tests.training.assigning.town import DAY, EARLIER, HR, LATER, TODAY, act, every_day, forget_logs, moment
from training.errors import NotJudgedError
from training.queries.preview import preview
from training.queries.snapshot import snapshot
from training.rules import Rule

RARE = Rule(active_below=4)


def keep(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the task does, in the session of the test."""

    @contextmanager
    def work(_settings: object) -> Iterator[Session]:
        yield session

    monkeypatch.setattr(running, "unit_of_work", work)
    monkeypatch.setattr(running, "utc_now", lambda: moment().now)
    told: list[tuple[int, int | None]] = []
    run: Any = SimpleNamespace(
        settings=settings_of(session), confirm=lambda _: None, progress=lambda *given: told.append(given)
    )
    monkeypatch.setattr(reading, "TOLD_EACH", 1)
    running.keep(run)
    assert told[-1:] in ([], [(2 * 9 - 1, 2 * 9)]), "of the two windows; the newcomer was not there in the first"


@pytest.fixture
def kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The town, everybody judged, each day of the facts with a digest."""
    for month in session.scalars(select(StandingMonth)):
        last = (month.month + timedelta(days=31)).replace(day=1) - DAY
        month.days = {day.isoformat(): "0" * 64 for day in every_day(month.month, last)}
    running.want(session, today=TODAY)
    keep(session, monkeypatch)
    assert reading.are_kept(session, today=TODAY)
    return session


def test_what_is_kept_says_what_judging_says(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = tuple(snapshot(session, moment=moment(), reach=WHOLE).people)
    running.want(session, today=TODAY)
    keep(session, monkeypatch)

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(reading, "judged", never)
    assert tuple(snapshot(session, moment=moment(), reach=WHOLE).people) == counted
    keep(session, monkeypatch)
    assert session.scalars(select(RunningUse.asked_on)).all() == [TODAY]


CHANGES: dict[str, Callable[[Session], object]] = {
    "the directory": lambda session: record(
        session, actor="x", action=DirectoryAction.IMPORT, subject="directory", facts={}
    ),
    "an exception": lambda session: record(
        session, actor="x", action=AuditAction.EXCEPTION_RECORDED, subject="exception:1", facts={}
    ),
    "facts of a day": lambda session: _measured(session, LATER[1]),
    "facts of a month without days": lambda session: session.execute(update(StandingMonth).values(days=None)),
    "what logs tell": lambda session: session.execute(update(StandingMonth).values(tells=_blind())),
    "a server's log": lambda session: _logged(session, "mx2", every_day(EARLIER[0], LATER[1])),
    "the journal": lambda session: session.add(_copy()),
    "the census": lambda session: session.add_all(_count()),
    "thresholds": lambda session: session.info.update(
        settings=replace(settings_of(session), tables={"mail_audit": {"regular_share": 0.9}})
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_anything_changed_that_it_rests_on_it_is_judged_anew(
    kept: Session, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    CHANGES[change](kept)
    kept.flush()
    assert not reading.are_kept(kept, today=TODAY)
    keep(kept, monkeypatch)
    assert reading.are_kept(kept, today=TODAY)


def test_what_is_collected_of_today_changes_nothing(kept: Session) -> None:
    """It is measured in the same month as the windows' last days, and stands in the trail."""
    _measured(kept, TODAY)
    _logged(kept, "mx1", [TODAY])
    record(kept, actor="x", action=AuditAction.MONTH_MEASURED, subject="month:2026-11", facts={})
    assert reading.are_kept(kept, today=TODAY)
    assert not reading.are_kept(kept, today=TODAY + DAY), "tomorrow's windows are others"


def test_who_acted_after_all_is_seen_when_the_day_is_measured(kept: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _picked(kept) == {"never", "once", "clerk"}
    act(kept, "never", every_day(*LATER))
    _measured(kept, LATER[1])
    assert _picked(kept) == {"once", "clerk"}
    keep(kept, monkeypatch)
    assert _picked(kept) == {"once", "clerk"}


def test_nobody_waits_for_a_page_that_a_task_can_make(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.queries.preview.MOST_JUDGED", 8)
    with pytest.raises(NotJudgedError):
        _picked(session)
    assert _picked(session, Rule(rank="leader")), "asks for nothing that is measured"
    job = running.want(session, today=TODAY)
    assert job is not None
    assert running.want(session, today=TODAY) is job
    keep(session, monkeypatch)
    assert running.want(session, today=TODAY) is None
    assert _picked(session) == {"never", "once", "clerk"}


def test_a_task_that_failed_is_not_asked_for_again_at_once(session: Session) -> None:
    job = cast("Job", running.want(session, today=TODAY))
    job.state, job.finished_at, job.error_vi, job.error_en = "failed", moment().now, "hỏng", "broken"
    session.flush()
    again = running.want(session, today=TODAY)
    assert again is not job, "long ago"
    assert again is not None
    again.state, again.finished_at, again.error_vi, again.error_en = "failed", utc_now(), "hỏng", "broken"
    session.flush()
    assert running.want(session, today=TODAY) is again


def test_kept_up_to_date_while_anybody_asks(session: Session) -> None:
    def due(days: int = 0, ago: timedelta | None = None) -> bool:
        now = moment().now + days * DAY
        return running.keeping_due(session, None if ago is None else now - ago, now) is not None

    assert not due()
    running.want(session, today=TODAY)
    assert due()
    assert due(14)
    assert not due(15)
    assert not due(ago=timedelta(minutes=9))
    assert due(ago=timedelta(minutes=10))
    running.want(session, today=TODAY + DAY)
    assert due(15)


def test_without_any_logs_nothing_is_known_and_that_is_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_logs(session)
    running.want(session, today=TODAY)
    keep(session, monkeypatch)
    assert reading.are_kept(session, today=TODAY)
    assert not _picked(session)


def _picked(session: Session, rule: Rule = RARE) -> set[str]:
    return {one.official_id for one in preview(session, HR, rule=rule, course_key="mailbox", moment=moment()).picks}


def _measured(session: Session, day: date) -> None:
    """The month of the day is measured anew, and on that day something is different."""
    month = session.get_one(StandingMonth, day.replace(day=1))
    month.facts, month.inputs = "1" * 64, "1" * 64
    month.days = {**(month.days or {}), day.isoformat(): "1" * 64}
    session.flush()


def _logged(session: Session, host: str, days: list[date]) -> None:
    """More of a server's log is collected."""
    known = next(one for one in session.scalars(select(LogPiece)) if host in one.host_days)
    session.add(
        LogPiece(
            stream_id=known.stream_id, segment_id=None, kind="lines", start=1, stop=2, sha256="1" * 64, blocks=b"",
            lines=1, events=0, not_of_interest=1, broken=0, samples=[],
            host_days={host: [day.isoformat() for day in days]}, other_days=[],
            newest_at=moment(days[-1]).now, collected_at=moment(days[-1]).now,
        )
    )  # fmt: skip
    session.flush()


def _blind() -> dict[str, Any]:
    told = dict.fromkeys(("submissions", "deliveries", "log_ins", "flag_changes", "counters", "literal_format"), True)
    return {"told": told | {"log_ins": False}, "ended": True}


def _copy() -> JournalMessage:
    at = moment(LATER[0]).now
    return JournalMessage(
        key="x", at=at, dated_at=None, taken_at=at, server="mx1", sender="a@x", log_in=None, proof="outside",
        automatic=None, size=1,
    )  # fmt: skip


def _count() -> list[Any]:
    at = moment(LATER[0]).now
    run = Census(id=1, state="finished", started_at=at, started_by="x", finished_at=at, server="x", selection="x")
    counted = CensusMailbox(
        census_id=1, mailbox="never@tp.example.gov.vn", state="counted", asked_at=at, messages=1, unseen=0, answered=0,
        uid_validity=1, sent_state="empty",
    )  # fmt: skip
    return [run, counted]


def test_the_order_of_the_directory_stays(session: Session) -> None:
    """People come by their rows, and each has what is said of them and of nobody else."""
    people = snapshot(session, moment=moment(), reach=WHOLE).people
    rows = session.execute(select(OfficialRow.id, OfficialRow.official_id).order_by(OfficialRow.id)).all()
    assert [(one.official, one.number) for one in people] == [tuple(row) for row in rows]
    assert [one.number for one in people if not one.use[1].has_mailbox] == ["boxless"]
    assert people[-1] == people[len(people) - 1]
    assert people[1:3] == (people[1], people[2])
