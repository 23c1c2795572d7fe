"""What the scheduler has done: facts brought up to date, and every morning the reports of what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import jobs
from core.db import unit_of_work, utc_now
from core.errors import InputError
from core.jobs import Job, Run
from core.log import get_logger
from core.permissions import Actor, Role
from core.settings import Settings
from mail_audit.queries.steps import MEASURE, MORNING
from mail_audit.services.standing.measuring import measure_marked
from mail_audit.services.standing.reports import ask_report
from mail_audit.services.standing.retention import remove_old_events
from mail_audit.standing.options import StandingOptions

SCHEDULER = Actor("scheduler", frozenset({Role.ADMINISTRATOR}))
"""In whose name the reports of the morning are made."""
LAST_DAYS = 30
_log = get_logger("vanthu.mail_audit")


def measure_job(run: Run) -> None:
    """Measure what was collected, close what is long over. Killed and run again: the same."""
    outcome = measure_marked(
        run.settings, actor=SCHEDULER.name, tell=lambda month: run.progress(0, None, {"month": month.name})
    )
    removed = remove_old_events(run.settings, actor=SCHEDULER.name, today=today(run.settings, utc_now()))
    _log.info("measured", months=len(outcome.measured), late=len(outcome.late), removed=removed.events)


def morning(run: Run, *, day: str) -> None:
    """Measure, then ask for the reports of the morning of `day` (ISO): each once, however often this runs."""
    measure_job(run)
    chosen = date.fromisoformat(day)
    with unit_of_work(run.settings) as session:
        for first, last in periods(chosen):
            try:
                ask_report(session, SCHEDULER, timezone=run.settings.timezone, first=first, last=last, scheduled=True)
            except InputError as nothing:
                _log.info("no report", day=day, why=nothing.message.en)
                return
        run.confirm(session)


def periods(day: date) -> tuple[tuple[date, date], ...]:
    """The periods reported on the morning of `day`, until the day before: the running month, and thirty days."""
    last = day - timedelta(days=1)
    return tuple(dict.fromkeys([(last.replace(day=1), last), (last - timedelta(days=LAST_DAYS - 1), last)]))


def queue_due(session: Session, settings: Settings, now: datetime) -> int | None:
    """Queue the work of this morning if it is time and it was not queued yet: the job's id, else None."""
    at = StandingOptions.of(settings).morning_at
    local = now.astimezone(ZoneInfo(settings.timezone))
    if at is None or local.time() < at:
        return None
    day = local.date().isoformat()
    subject = f"morning:{day}"
    if session.scalar(select(Job.id).where(Job.task == MORNING, Job.subject == subject).limit(1)) is not None:
        return None
    return jobs.queue(session, MORNING, subject=subject, args={"day": day}).id


def queue_measure(session: Session) -> int | None:
    """Queue a measurement unless one waits already."""
    waiting = select(Job.id).where(Job.task == MEASURE, Job.state == "waiting").limit(1)
    if session.scalar(waiting) is not None:
        return None
    return jobs.queue(session, MEASURE, subject="standing:all").id


def today(settings: Settings, now: datetime) -> date:
    """The day it is where the offices are."""
    return now.astimezone(ZoneInfo(settings.timezone)).date()
