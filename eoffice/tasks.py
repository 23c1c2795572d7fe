"""The jobs of the e-office, by name: thin, one service each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.jobs import Run, job_task
from eoffice.services import keeping_use, reminding, routes
from eoffice.services.rounds import Moment


def first_routes_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Once: the routes of the first day."""
    del session, now
    return {} if last is None else None


@job_task("eoffice.first_routes", due=first_routes_due)
def first_routes(run: Run) -> None:
    """Make the routes of the first day, where there are none."""
    now = utc_now()
    with unit_of_work(run.settings) as session:
        routes.add_first_routes(session, moment=Moment(now, day_in(run.settings.timezone, now)))
        run.confirm(session)


@job_task("eoffice.look_at_deadlines", due=reminding.deadlines_due)
def look_at_deadlines(run: Run) -> None:
    """Remind of deadlines, and tell heads what is overdue."""
    reminding.look_at_deadlines(run)


@job_task("eoffice.keep_use", due=keeping_use.use_due)
def keep_use(run: Run) -> None:
    """Count the use of the periods that pages ask for."""
    keeping_use.keep_all(run)
