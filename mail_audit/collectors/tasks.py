"""The jobs of collectors that reach over the network, by name: thin, one call each."""

from __future__ import annotations

from core.jobs import Run, job_task
from mail_audit.collectors.census import scheduled

CENSUS = "mail_audit.census"


@job_task(CENSUS, due=scheduled.census_due)
def census(run: Run) -> None:
    """Ask the mailboxes what they hold."""
    scheduled.census_job(run)
