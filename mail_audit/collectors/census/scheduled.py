"""The census that the scheduler runs: once a day, at the time the settings name, where they name a server."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db import settings_of
from core.jobs import Run
from core.permissions import SCHEDULER
from mail_audit.collectors.census.options import Options


def census_due(session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    """Whether today's census is to be taken: once a day, not before its time on the offices' clock."""
    settings = settings_of(session)
    options = Options.of(settings)
    if not options.daily_at or not options.server:
        return None
    zone = ZoneInfo(settings.timezone)
    local = now.astimezone(zone)
    if local.time() < time.fromisoformat(options.daily_at):
        return None
    return None if last is not None and last.astimezone(zone).date() >= local.date() else {}


def census_job(run: Run) -> None:
    """Asks all mailboxes; what a killed worker left is asked by the next."""
    from mail_audit.collectors.census.options import asked
    from mail_audit.collectors.census.running import Progress, run_census

    def tell(progress: Progress) -> None:
        run.progress(progress.done, progress.total, {"counted": progress.counted})

    plan = asked(run.settings, Options.of(run.settings))
    run_census(run.settings, SCHEDULER, plan, tell=tell, confirm=run.confirm)
