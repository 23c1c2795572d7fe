"""Sources of logs: how far each is and what it waits for, adding one, ending one, collecting now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from core.db import utc_now
from core.errors import NotFoundError
from core.permissions import Permission
from core.words import Text
from mail_audit.queries import sources as followed
from mail_audit.queries.census import CensusRun, latest_census
from mail_audit.queries.journal import JournalStatus, journal_status
from mail_audit.queries.sources import JobsState, MonthState, SourceState
from mail_audit.services import collecting
from mail_audit.zones import Zone
from web import auth, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Id, Key, Line, Part, part_of
from web.guards import needs

section = Section("sources", Text("Nguồn nhật ký", "Sources of logs"))


class NewSource(Body):
    """What is followed: full paths of files or folders below those that may be read, names of files with `*`."""

    name: Annotated[Key, Field(max_length=100)]
    paths: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    patterns: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    host: Line | None = None
    timezone: Key | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Beside the sources: the months that were measured, the jobs, the journal, the latest census of mailboxes."""

    months: tuple[MonthState, ...]
    jobs: JobsState
    journal: JournalStatus
    census: CensusRun | None


@section.get("/sources", Text("Các nguồn nhật ký.", "The sources, how far each is and what it waits for."))
@needs(Permission.MAIL_AUDIT_SOURCE_READ)
def sources(asked: AskedPart) -> Part[SourceState]:
    """By name."""
    zone = Zone(work.settings().timezone)
    return part_of(followed.sources(work.session(), zone=zone, now=utc_now()), asked)


@section.get("/collection", Text("Việc thu thập nhật ký.", "How the collection goes: months, jobs, journal, census."))
@needs(Permission.MAIL_AUDIT_SOURCE_READ)
def collection() -> Collection:
    """What the page of the sources shows beside them."""
    session, now = work.session(), utc_now()
    return Collection(
        tuple(followed.months(session)),
        followed.jobs_state(session, now=now),
        journal_status(session, now=now),
        latest_census(session),
    )


@section.post("/sources", Text("Thêm một nguồn.", "Follow one more source."), status=201)
@needs(Permission.MAIL_AUDIT_SOURCE_CHANGE)
def add_source(wanted: NewSource) -> SourceState:
    """It is read with the next collection."""
    session, settings = work.session(), work.settings()
    collecting.add_source(
        session,
        auth.required(),
        name=wanted.name,
        paths=[Path(one) for one in wanted.paths],
        patterns=list(wanted.patterns),
        host=wanted.host,
        timezone=wanted.timezone or settings.timezone,
        allowed=settings.log_folders,
    )
    found = followed.sources(session, zone=Zone(settings.timezone), now=utc_now())
    return max(found, key=lambda one: one.id)


@section.delete("/sources/{source_id}", Text("Ngừng một nguồn.", "Follow a source no more; what was read of it stays."))
@needs(Permission.MAIL_AUDIT_SOURCE_CHANGE)
def remove_source(source_id: Id) -> None:
    """What was read of it stays."""
    name = followed.source_name(work.session(), source_id)
    if name is None:
        raise NotFoundError(Text("Không tìm thấy nguồn này.", "There is no such source."))
    collecting.remove_source(work.session(), auth.required(), name=name)


@section.post("/sources/collect", Text("Thu thập ngay.", "Collect all sources now; a worker does it."), status=202)
@needs(Permission.MAIL_AUDIT_SOURCE_COLLECT)
def collect() -> JobsState:
    """The jobs as they stand."""
    session = work.session()
    collecting.ask_collection(session, auth.required())
    session.flush()
    return followed.jobs_state(session, now=utc_now())
