"""The table of jobs: what is asked, how far it is, who holds it, how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class JobState(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of work. `done` of `total` (None: not known yet) counts whatever the task counts; see its note."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("done >= 0 AND attempts >= 0 AND sent >= 0 AND (total IS NULL OR total >= 0)", name="counts"),
        CheckConstraint(
            "(state = 'running') = (claim IS NOT NULL) AND (claim IS NULL) = (heartbeat_at IS NULL)", name="claimed"
        ),
        CheckConstraint("state != 'running' OR started_at IS NOT NULL", name="started"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint(
            "(state = 'failed') = (error_vi IS NOT NULL) AND (error_vi IS NULL) = (error_en IS NULL)", name="failed_why"
        ),
        Index("ix_job_state_heartbeat_at", "state", "heartbeat_at"),
        Index("ix_job_task_subject", "task", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str]
    subject: Mapped[str]
    """What it is about, as `<thing>:<id>`: how a page finds the jobs of its thing."""
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default=JobState.WAITING.value)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error_vi: Mapped[str | None]
    error_en: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it."""
    sent: Mapped[int] = mapped_column(default=0)
    """How often its message was sent since it last began to wait."""
    claim: Mapped[str | None]
    """Known only to the copy that runs it."""
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    """When its message was last sent."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
