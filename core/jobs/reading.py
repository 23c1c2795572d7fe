"""Jobs as a person reads them: a part of them, filtered, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.jobs.models import Job, JobState


@dataclass(frozen=True, slots=True)
class Jobs:
    """A part of the jobs, and how many there are in all."""

    rows: Sequence[Job]
    total: int


def jobs(
    session: Session, *, state: JobState | None = None, subject: str = "", offset: int = 0, limit: int = 50
) -> Jobs:
    """The jobs of one state and about one thing, where these are given; the reader must hold `CORE_JOB_READ`."""
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(Job.state == state.value)
    if subject:
        wanted.append(Job.subject == subject)
    total = session.scalar(select(func.count(Job.id)).where(*wanted)) or 0
    part = select(Job).where(*wanted).order_by(Job.id.desc()).offset(offset).limit(limit)
    return Jobs(session.scalars(part).all(), total)


def job(session: Session, job_id: int) -> Job | None:
    """One job; None where there is none."""
    return session.get(Job, job_id)
