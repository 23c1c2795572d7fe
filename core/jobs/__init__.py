"""Work that takes longer than a request: queued with the change that asks for it, done by a worker, safe to kill.

A job is a row; the message on the broker only wakes a worker and may be lost or come twice:

- `queue` writes the row in the transaction of the change; the message leaves after the commit.
- A worker *claims* the row (one UPDATE that only one can win) and shows by a heartbeat that it lives.
- `sweep`, run by the scheduler, sends the message of a forgotten job again and takes the claim from a silent worker.
- A copy that has lost its claim learns it at its next `progress` or `confirm` and stops (`LostClaimError`).

A task is a function with a name; it takes ids and plain values, calls one service, and may be run twice:

    @job_task("mail_audit.collect")
    def collect(run: Run, *, audit_id: int) -> None:
        collecting.collect(run.settings, audit_id=audit_id, tell=run.progress)

A task that changes something calls `run.confirm(session)` in the transaction of its result: only the copy that still
holds the claim may commit. Its module is `<package>.tasks`, found through `settings.INSTALLED`.
"""

from __future__ import annotations

from core.jobs.models import Job, JobState
from core.jobs.queueing import queue
from core.jobs.registry import job_task
from core.jobs.running import LostClaimError, Run, progress, run_job, run_waiting
from core.jobs.sweeping import sweep

__all__ = [
    "Job",
    "JobState",
    "LostClaimError",
    "Run",
    "job_task",
    "progress",
    "queue",
    "run_job",
    "run_waiting",
    "sweep",
]
