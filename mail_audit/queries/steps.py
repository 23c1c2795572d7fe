"""The steps of a run as jobs: their names, and why a run stands still whose job has given up."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.jobs import Job, JobState
from core.words import Text

COLLECT, ROLL_UP, RENDER, REMOVE = "mail_audit.collect", "mail_audit.roll_up", "mail_audit.render", "mail_audit.remove"
REPORT, MEASURE, MORNING = "mail_audit.report", "mail_audit.measure", "mail_audit.morning"
COLLECT_LOGS = "mail_audit.collect_logs"
"""Names of the tasks, as they stand in the messages."""
STEPS = (COLLECT, REPORT, ROLL_UP, RENDER)


def subject_of(audit_id: int) -> str:
    """What jobs and the audit trail call a run."""
    return f"audit:{audit_id}"


def why_stopped(session: Session, audit_ids: Collection[int]) -> dict[int, Text]:
    """Runs whose newest step has failed, each with the sentence of the job.

    A worker that is killed again and again cannot say so in the run's own row; the jobs know.
    """
    if not audit_ids:
        return {}
    subjects = {subject_of(audit_id): audit_id for audit_id in audit_ids}
    jobs = select(Job).where(Job.subject.in_(subjects), Job.task.in_(STEPS)).order_by(Job.id)
    newest = {job.subject: job for job in session.scalars(jobs)}
    return {
        subjects[subject]: Text(job.error_vi or "", job.error_en or "")
        for subject, job in newest.items()
        if job.state == JobState.FAILED
    }
