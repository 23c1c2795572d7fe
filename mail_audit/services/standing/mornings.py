"""What the scheduler has done: facts brought up to date, and every morning the reports of what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import InputError
from core.jobs import Run
from core.log import get_logger
from core.permissions import SCHEDULER
from core.settings import Settings
from mail_audit.models import Audit
from mail_audit.services.standing.measuring import measure_marked
from mail_audit.services.standing.old_mornings import remove_old_mornings
from mail_audit.services.standing.reports import ask_report
from mail_audit.services.standing.retention import remove_morning_files, remove_old_events, sweep_inputs

LAST_DAYS = 30
_log = get_logger("vanthu.mail_audit")


def measure_job(run: Run) -> None:
    """Measure what was collected, close what is long over. Killed and run again: the same."""
    outcome = measure_marked(
        run.settings, actor=SCHEDULER.name, tell=lambda month: run.progress(0, None, {"month": month.name})
    )
    removed = remove_old_events(run.settings, actor=SCHEDULER.name, today=today(run.settings, utc_now()))
    remove_morning_files(run.settings, actor=SCHEDULER.name, now=utc_now())
    remove_old_mornings(run.settings, now=utc_now())
    sweep_inputs(run.settings)
    _log.info("measured", months=len(outcome.measured), late=len(outcome.late), removed=removed.events)


def morning(run: Run, *, day: str) -> None:
    """Measure, then ask for the reports of the morning of `day` (ISO): each once, however often this runs."""
    measure_job(run)
    chosen = date.fromisoformat(day)
    with unit_of_work(run.settings) as session:
        for first, last in periods(chosen):
            if _asked(session, first, last):
                continue
            try:
                ask_report(session, SCHEDULER, timezone=run.settings.timezone, first=first, last=last, scheduled=True)
            except InputError as nothing:
                _log.info("no report", day=day, why=nothing.message.en)
                return
        run.confirm(session)


def _asked(session: Session, first: date, last: date) -> bool:
    """Whether this morning's report of a period was asked for already, by a run that was killed."""
    same = (Audit.created_by == SCHEDULER.name, Audit.asked_first == first, Audit.asked_last == last)
    return session.scalar(select(Audit.id).where(*same).limit(1)) is not None


def periods(day: date) -> tuple[tuple[date, date], ...]:
    """The periods reported on the morning of `day`, until the day before: the running month, and thirty days."""
    last = day - timedelta(days=1)
    return tuple(dict.fromkeys([(last.replace(day=1), last), (last - timedelta(days=LAST_DAYS - 1), last)]))


def today(settings: Settings, now: datetime) -> date:
    """The day it is where the offices are."""
    return now.astimezone(ZoneInfo(settings.timezone)).date()
