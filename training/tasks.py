"""The jobs of training, by name: thin, one service each."""

from __future__ import annotations

from core.calendar import day_in
from core.db import utc_now
from core.jobs import Run, job_task
from training.moments import Moment
from training.services import reminding


def moment_of(run: Run) -> Moment:
    """Now, as the settings' offices have it."""
    now = utc_now()
    return Moment(now, day_in(run.settings.timezone, now))


@job_task("training.remind", due=reminding.reminders_due)
def remind(run: Run) -> None:
    """Remind learners of courses that are due soon, and tell heads who is late."""
    reminding.remind_all(run, moment=moment_of(run))
