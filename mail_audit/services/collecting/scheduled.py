"""What the scheduler has done: all sources collected every few minutes, and the work of the morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of, unit_of_work
from core.jobs import Run
from core.log import get_logger
from core.permissions import SCHEDULER
from mail_audit.models import LogSource, MonthToMeasure, StandingMonth
from mail_audit.services.collecting.collecting import Collected, Progress, collect
from mail_audit.services.collecting.options import CollectingOptions
from mail_audit.services.collecting.sources import sources_for
from mail_audit.services.standing import measure_marked
from mail_audit.standing.options import StandingOptions

_log = get_logger("vanthu.mail_audit")


def collecting_due(session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    """Whether it is time to collect again: every so many minutes, where there is a source."""
    minutes = CollectingOptions.of(settings_of(session)).minutes
    if not minutes or (last is not None and now - last < timedelta(minutes=minutes)):
        return None
    followed = session.scalar(select(LogSource.id).where(LogSource.removed_at.is_(None)).limit(1))
    return None if followed is None else {}


def morning_due(session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    """Whether the work of this morning has to be done: once a day, not before its time on the offices' clock."""
    settings = settings_of(session)
    at, zone = StandingOptions.of(settings).morning_at, ZoneInfo(settings.timezone)
    local = now.astimezone(zone)
    if at is None or local.time() < at or (last is not None and last.astimezone(zone).date() >= local.date()):
        return None
    nothing_yet = session.scalar(select(MonthToMeasure.month).limit(1)) is None and (
        session.scalar(select(StandingMonth.month).limit(1)) is None
    )
    return None if nothing_yet else {"day": local.date().isoformat()}


def collect_job(run: Run) -> list[Collected]:
    """Collect all sources, then measure what is new."""
    with unit_of_work(run.settings) as session:
        ids = sources_for(session, SCHEDULER)

    def tell(progress: Progress) -> None:
        note = {"source": progress.source, "file": progress.file, "lines": progress.lines}
        run.progress(progress.bytes_done, progress.bytes_total, note)

    done = collect(run.settings, SCHEDULER, source_ids=ids, tell=tell, confirm=run.confirm)
    lines = sum(one.counts.lines for one in done)
    problems = sum(len(one.problems) for one in done)
    _log.info("collected", sources=len(done), lines=lines, problems=problems)
    measure_marked(run.settings, actor=SCHEDULER.name, tell=lambda month: run.progress(0, None, {"month": month.name}))
    return done
