"""The audit trail and the jobs that run in the background."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.audit import heads
from core.audit.reading import Wanted, entries
from core.errors import NotFoundError
from core.jobs import Job, JobState, reading
from core.permissions import Permission
from core.words import Text
from web import work
from web.api.operations import Section
from web.api.parameters import AskedPart, Day, Id, Line, Part, part_of
from web.guards import needs
from web.trail_words import said

section = Section("trail", Text("Nhật ký kiểm toán và công việc nền", "Audit trail and jobs"))
Letters = Annotated[Line, Field(max_length=100)]


class TrailAsked(AskedPart):
    """Of these days (inclusive, on the offices' clock), whose actor and subject begin with these letters."""

    first: Day | None = None
    last: Day | None = None
    actor: Letters = ""
    subject: Letters = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done; `hash` chains it to the one before."""

    number: int
    at: datetime
    actor: str
    action: str
    said: Text
    subject: str
    facts: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A part of the trail, and its head: the number and hash of the last entry, to be noted outside."""

    head: str | None
    entries: Part[Entry]


class JobsAsked(AskedPart):
    """Of one state; about one thing (`audit:7`)."""

    state: JobState | None = None
    subject: Letters = ""


@dataclass(frozen=True, slots=True)
class KnownJob:
    """A job: `done` of `total` (none: not known) of whatever it counts; `error` where it failed."""

    job_id: int
    task: str
    subject: str
    state: JobState
    done: int
    total: int | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: Text | None


@section.get("/trail", Text("Nhật ký kiểm toán, mới nhất trước.", "The audit trail, the newest first."))
@needs(Permission.CORE_TRAIL_READ)
def trail(asked: TrailAsked) -> Trail:
    """Who did what."""
    session = work.session()
    wanted = Wanted(work.settings().timezone, asked.first, asked.last, asked.actor, asked.subject)
    found = entries(session, wanted, offset=asked.offset, limit=asked.limit)
    rows = [
        Entry(one.id, one.at, one.actor, one.action, said(one.action), one.subject, one.facts, one.hash)
        for one in found.rows
    ]
    head = heads.head(session)
    return Trail(None if head is None else str(head), part_of(rows, asked, found.total))


@section.get("/jobs", Text("Các công việc nền, mới nhất trước.", "The jobs, the newest first."))
@needs(Permission.CORE_JOB_READ)
def jobs(asked: JobsAsked) -> Part[KnownJob]:
    """What workers do, did and are to do."""
    found = reading.jobs(
        work.session(), state=asked.state, subject=asked.subject, offset=asked.offset, limit=asked.limit
    )
    return part_of([_known(one) for one in found.rows], asked, found.total)


@section.get("/jobs/{job_id}", Text("Một công việc nền.", "One job."))
@needs(Permission.CORE_JOB_READ)
def job(job_id: Id) -> KnownJob:
    """How far it is and how it ended."""
    found = reading.job(work.session(), job_id)
    if found is None:
        raise NotFoundError(Text("Không có công việc này.", "There is no such job."))
    return _known(found)


def _known(one: Job) -> KnownJob:
    return KnownJob(
        job_id=one.id,
        task=one.task,
        subject=one.subject,
        state=JobState(one.state),
        done=one.done,
        total=one.total,
        attempts=one.attempts,
        created_at=one.created_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
        error=None if one.error_vi is None else Text(one.error_vi, one.error_en or ""),
    )
