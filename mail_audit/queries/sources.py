"""Readers of sources: how far each is, how fast, what it waits for, where it has gaps; which months are measured."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, case, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from core.db import utc_now
from core.jobs import Job, JobState
from core.words import Text
from mail_audit.models import LogFile, LogPiece, LogSource, LogStream, MonthToMeasure, StandingMonth
from mail_audit.usage.coverage import STEADY_SHARE
from mail_audit.zones import Zone

GAP_DAYS = 60
"""So many days back gaps are looked for."""
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that keeps collecting waiting: `problem` says why; None where only its last line has no end yet."""

    path: str
    unread: int
    problem: Text | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a server wrote nothing, though it did before; `host` is empty where it is the whole source."""

    host: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and how far it is. Counts are of all that was ever collected of it."""

    id: int
    name: str
    paths: tuple[str, ...]
    patterns: tuple[str, ...]
    host: str | None
    timezone: str | None
    collected_at: datetime | None
    newest_at: datetime | None
    """The time of its newest line."""
    lines: int
    events: int
    broken: int
    last_lines: int
    last_seconds: float | None
    """What the last collection that found something found, and how long it took."""
    files: int
    waiting: tuple[FileState, ...]
    gaps: tuple[Gap, ...]

    @property
    def rate(self) -> float | None:
        """Lines in a second, in the last collection that found any."""
        return self.last_lines / self.last_seconds if self.last_seconds and self.last_lines else None

    @property
    def has_nothing(self) -> bool:
        """Whether it was looked through and no log file was found."""
        return self.collected_at is not None and not self.files

    @property
    def broken_share(self) -> float | None:
        """The share of lines that could not be read; None before any was."""
        return self.broken / self.lines if self.lines else None

    def lag(self, now: datetime) -> timedelta | None:
        """How old its newest line is; None before any was collected."""
        return None if self.newest_at is None else max(now - self.newest_at, timedelta())


@dataclass(frozen=True, slots=True)
class MonthState:
    """A month that logs were collected for: when it was measured last, and whether something has come since."""

    month: date
    measured_at: datetime | None
    is_marked: bool


def newest_line(session: Session, source_id: int) -> datetime | None:
    """The time of the newest line that was ever collected of a source."""
    newest = select(func.max(LogPiece.newest_at)).join(LogStream, LogStream.id == LogPiece.stream_id)
    return session.scalar(newest.where(LogStream.source_id == source_id))


def sources(session: Session, *, zone: Zone, now: datetime) -> list[SourceState]:
    """The sources that are followed, by name. Gaps are of the days before today, in `zone`."""
    rows = session.scalars(select(LogSource).where(LogSource.removed_at.is_(None)).order_by(LogSource.name)).all()
    counts = {row.source_id: row for row in session.execute(_counts())}
    files = {row.source_id: row.files for row in session.execute(_files())}
    waiting = _waiting(session)
    gaps = _gaps(session, now.astimezone(ZoneInfo(zone.name)).date())
    states = []
    for row in rows:
        count = counts.get(row.id)
        states.append(
            SourceState(
                id=row.id,
                name=row.name,
                paths=tuple(row.paths),
                patterns=tuple(row.patterns),
                host=row.host,
                timezone=row.timezone,
                collected_at=row.collected_at,
                newest_at=count.newest_at if count else None,
                lines=int(count.lines) if count else 0,
                events=int(count.events) if count else 0,
                broken=int(count.broken) if count else 0,
                last_lines=row.last_lines,
                last_seconds=row.last_seconds,
                files=files.get(row.id, 0),
                waiting=tuple(waiting.get(row.id, ())),
                gaps=gaps.get(row.id, ()),
            )
        )
    return states


def _counts() -> Select[*tuple[Any, ...]]:
    """By source; first by stream, of which there are few: joined to its source, each piece would be looked up."""
    of_stream = (
        select(
            LogPiece.stream_id,
            func.max(LogPiece.newest_at).label("newest_at"),
            func.sum(LogPiece.lines).label("lines"),
            func.sum(LogPiece.events).label("events"),
            func.sum(LogPiece.broken).label("broken"),
        )
        .group_by(LogPiece.stream_id)
        .subquery()
    )
    return (
        select(
            LogStream.source_id,
            func.max(of_stream.c.newest_at).label("newest_at"),
            func.sum(of_stream.c.lines).label("lines"),
            func.sum(of_stream.c.events).label("events"),
            func.sum(of_stream.c.broken).label("broken"),
        )
        .join(of_stream, of_stream.c.stream_id == LogStream.id)
        .group_by(LogStream.source_id)
    )


def _files() -> Select[*tuple[Any, ...]]:
    is_log = case((LogFile.state == "foreign", 0), else_=1)
    return select(LogFile.source_id, func.sum(is_log).label("files")).group_by(LogFile.source_id)


def _waiting(session: Session) -> dict[int, list[FileState]]:
    found: dict[int, list[FileState]] = defaultdict(list)
    kept = select(LogFile).where((LogFile.problem_vi.is_not(None)) | (LogFile.state == "waiting"))
    for file in session.scalars(kept.order_by(LogFile.path)):
        problem = Text(file.problem_vi, file.problem_en or "") if file.problem_vi is not None else None
        found[file.source_id].append(FileState(file.path, file.unread, problem))
    return found


def _gaps(session: Session, today: date) -> dict[int, tuple[Gap, ...]]:
    first = today - timedelta(days=GAP_DAYS)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC) - _ONE
    # Of a day there are hundreds of pieces that say the same: the database hands each of these over once.
    texts = [sql_cast(column, String) for column in (LogPiece.host_days, LogPiece.other_days)]
    pieces = (
        select(LogStream.source_id, texts[0], texts[1])
        .distinct()
        .join(LogStream, LogStream.id == LogPiece.stream_id)
        .where(LogPiece.newest_at >= since)
    )
    hosts: dict[int, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for source_id, host_days, other_days in session.execute(pieces):
        hosts[source_id][""].update(_dates(json.loads(other_days)))
        for host, days in json.loads(host_days).items():
            hosts[source_id][host].update(_dates(days))
            hosts[source_id][""].update(_dates(days))
    return {source: _of_source(days, first, today - _ONE) for source, days in hosts.items()}


def _of_source(days: dict[str, set[date]], first: date, last: date) -> tuple[Gap, ...]:
    """The gaps of a source as a whole, and those of its servers on days on which others of it wrote."""
    whole = days[""]
    silent = missing_days(whole, first, last)
    gaps = [Gap("", silent)] if silent else []
    for host in sorted(host for host in days if host):
        inside = [day for day in sorted(whole) if max(first, min(days[host])) <= day <= last]
        there = sum(day in days[host] for day in inside)
        if there >= STEADY_SHARE * len(inside) and there < len(inside):
            gaps.append(Gap(host, tuple(day for day in inside if day not in days[host])))
    return tuple(gaps)


def missing_days(days: set[date], first: date, last: date) -> tuple[date, ...]:
    """The days from the first of `days` that is not before `first`, to `last`, that are not among them."""
    start = min((day for day in days if day >= first), default=None)
    if start is None:
        return ()
    span = (last - start).days + 1
    return tuple(day for day in (start + timedelta(days=n) for n in range(span)) if day not in days)


def _dates(texts: Iterable[str]) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def months(session: Session) -> list[MonthState]:
    """The months that are measured or wait for it, the newest first."""
    known = session.execute(select(StandingMonth.month, StandingMonth.measured_at))
    measured = {row.month: row.measured_at for row in known}
    marked = set(session.scalars(select(MonthToMeasure.month)))
    every: Sequence[date] = sorted({*measured, *marked}, reverse=True)
    return [MonthState(month, measured.get(month), month in marked) for month in every]


@dataclass(frozen=True, slots=True)
class JobsState:
    """How many jobs of the audit run and wait, and how many failed in the last day, with the newest failure."""

    running: int
    waiting: int
    failed: int
    last_failure: Text | None
    failed_at: datetime | None


def jobs_state(session: Session, *, now: datetime | None = None) -> JobsState:
    """The jobs of this package."""
    since = (now or utc_now()) - _ONE
    own = Job.task.startswith("mail_audit.", autoescape=True)
    going_on = Job.state.in_([JobState.RUNNING.value, JobState.WAITING.value])  # not those of years that are done
    rows = session.execute(select(Job.state, func.count().label("jobs")).where(own, going_on).group_by(Job.state))
    counts = {row.state: row.jobs for row in rows}
    failed = session.scalars(
        select(Job).where(own, Job.state == JobState.FAILED.value, Job.finished_at >= since).order_by(Job.id.desc())
    ).all()
    newest = failed[0] if failed else None
    words = Text(newest.error_vi or "", newest.error_en or "") if newest else None
    running, waiting = counts.get(JobState.RUNNING.value, 0), counts.get(JobState.WAITING.value, 0)
    return JobsState(running, waiting, len(failed), words, newest.finished_at if newest else None)


def source_name(session: Session, source_id: int) -> str | None:
    """The name of a source that is followed; None where there is none."""
    return session.scalar(select(LogSource.name).where(LogSource.id == source_id, LogSource.removed_at.is_(None)))
