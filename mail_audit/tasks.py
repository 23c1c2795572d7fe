"""The jobs of the audit, by name: thin, ids in, one service each."""

from __future__ import annotations

from core.jobs import Run, job_task
from mail_audit.queries.steps import COLLECT, COLLECT_LOGS, MEASURE, MORNING, REMOVE, RENDER, REPORT, ROLL_UP
from mail_audit.services import notices, running, standing, steps, unit_lines, uploads
from mail_audit.services.collecting import scheduled


@job_task(COLLECT)
def collect(run: Run, *, audit_id: int) -> None:
    """Read the logs of a run."""
    steps.collect(run, audit_id=audit_id)


@job_task(ROLL_UP)
def roll_up(run: Run, *, audit_id: int) -> None:
    """Store the figures of a run."""
    steps.roll_up(run, audit_id=audit_id)


@job_task(RENDER)
def render(run: Run, *, audit_id: int) -> None:
    """Write the reports of a run."""
    steps.render(run, audit_id=audit_id)


@job_task(REMOVE)
def remove(run: Run, *, audit_id: int, uploads: list[str]) -> None:
    """Take away the files of a cancelled or deleted run."""
    steps.remove(run, audit_id=audit_id, uploads=uploads)


@job_task(REPORT)
def report(run: Run, *, audit_id: int, scheduled: bool) -> None:
    """Make a report of the store."""
    standing.make_report(run, audit_id=audit_id, scheduled=scheduled)


@job_task(MEASURE)
def measure(run: Run) -> None:
    """Bring standing facts up to date with what was collected."""
    standing.measure_job(run)


@job_task(MORNING, due=scheduled.morning_due)
def morning(run: Run, *, day: str) -> None:
    """Ask for the reports of a morning."""
    standing.morning(run, day=day)


@job_task(COLLECT_LOGS, due=scheduled.collecting_due)
def collect_logs(run: Run) -> None:
    """Collect what is new in all sources, and measure it."""
    scheduled.collect_job(run)


@job_task("mail_audit.tell_gaps", due=notices.gaps_due)
def tell_gaps(run: Run) -> None:
    """Tell of servers whose logs are missing."""
    notices.tell_gaps(run)


@job_task("mail_audit.sweep_uploads", due=uploads.uploads_due)
def sweep_uploads(run: Run) -> None:
    """Take away sent logs that nobody wants."""
    uploads.sweep_job(run)


@job_task("mail_audit.keep_lines", due=unit_lines.lines_due)
def keep_lines(run: Run) -> None:
    """Count the lines of units that pages show."""
    unit_lines.keep_all(run)


@job_task(running.TASK, due=running.keeping_due)
def keep_running(run: Run) -> None:
    """Judge all officials in the two running windows."""
    running.keep(run)
