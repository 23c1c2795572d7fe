"""Asking for work: a row with the change that asks for it, a message when that change is certain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.db import after_commit, settings_of, utc_now
from core.jobs.models import Job


def queue(session: Session, task_name: str, *, subject: str, args: Mapping[str, Any] | None = None) -> Job:
    """Adds a waiting job to the session's transaction; a worker is woken after the commit.

    `args` are plain JSON values, the keyword arguments of the task. Raises `TypeError` or `ValueError` for others.
    """
    now = utc_now()
    job = Job(
        task=task_name,
        subject=subject,
        args=json.loads(json.dumps(dict(args or {}), allow_nan=False)),
        note={},
        sent=1,
        created_at=now,
        waiting_since=now,
    )
    session.add(job)
    session.flush()
    wake_after_commit(session, job.id, task_name)
    return job


def wake_after_commit(session: Session, job_id: int, task_name: str) -> None:
    """Sends the job's message once the session's transaction is committed."""
    settings = settings_of(session)

    def send() -> None:
        from core.jobs.app import celery_app

        celery_app(settings).send_task(task_name, args=[job_id], ignore_result=True)

    after_commit(session, send)
