"""Readers of the runs themselves: the list of audits, one audit with its files and progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, undefer

from core.permissions import SCHEDULER, Reach
from core.words import Language, Text
from mail_audit.errors import AuditNotFoundError, NoFiguresError
from mail_audit.models import Audit, AuditFile, AuditReport, UnitFigure
from mail_audit.models.runs import RUNNING_STATES
from mail_audit.plain import from_plain
from mail_audit.queries.pages import (
    AuditDetail,
    AuditState,
    AuditSummary,
    FileSource,
    FileState,
    Progress,
    ReportFile,
)
from mail_audit.queries.pages import AuditFile as FilePicture
from mail_audit.queries.reached import ranks_together, totals
from mail_audit.queries.rows import leaders_of, period_of, staff_of
from mail_audit.queries.steps import why_stopped
from mail_audit.report.model import Coverage, Period


@dataclass(frozen=True, slots=True)
class AuditPart:
    """A part of the audits, and how many there are; `older` are left out: reports of earlier mornings."""

    rows: tuple[AuditSummary, ...]
    total: int
    older: int = 0


@dataclass(frozen=True, slots=True)
class AuditPeriod:
    """An audit with figures, as something to choose: its number and the days it is of."""

    audit_id: int
    first: date
    last: date


MORNINGS_SHOWN = 4
"""Reports made by the scheduler that the list begins with: two mornings."""


def audits(
    session: Session, *, reach: Reach, mornings: bool = True, offset: int = 0, limit: int | None = None
) -> AuditPart:
    """A part of the audits, newest first; their sums are those of the units in reach, as everywhere here.

    Without `mornings`, of the reports that the scheduler has made only the latest. Five SQL queries at most.
    """
    made = Audit.created_by == SCHEDULER.name
    wanted: list[ColumnElement[bool]] = []
    older = 0
    if not mornings:
        latest = list(session.scalars(select(Audit.id).where(made).order_by(Audit.id.desc()).limit(MORNINGS_SHOWN)))
        older = (session.scalar(select(func.count()).select_from(Audit).where(made)) or 0) - len(latest)
        wanted = [or_(~made, Audit.id.in_(latest))]
    total = session.scalar(select(func.count()).select_from(Audit).where(*wanted)) or 0
    part = _with_city().where(*wanted).order_by(Audit.id.desc()).offset(max(0, offset)).limit(limit)
    rows = session.execute(part).all()
    stopped = why_stopped(session, [row[0].id for row in rows if row[0].state in RUNNING_STATES])
    found = _scoped(session, [_summary(row, stopped=row[0].id in stopped) for row in rows], reach)
    return AuditPart(tuple(found), total, older)


def audit_periods(session: Session) -> list[AuditPeriod]:
    """All audits that have figures, the one whose period ends last first. One SQL query."""
    wanted = select(Audit.id, Audit.first_day, Audit.last_day).where(Audit.stored_at.is_not(None))
    rows = session.execute(wanted.order_by(Audit.last_day.desc(), Audit.id.desc()))
    return [AuditPeriod(row[0], row[1], row[2]) for row in rows if row[1] is not None and row[2] is not None]


def latest_audit(session: Session, *, reach: Reach) -> AuditSummary | None:
    """The audit with figures whose period ends last (of those, the newest run); None where there is none."""
    newest = _with_city().where(Audit.stored_at.is_not(None)).order_by(Audit.last_day.desc(), Audit.id.desc()).limit(1)
    row = session.execute(newest).first()
    return _scoped(session, [_summary(row)], reach)[0] if row else None


def audits_with_figures(
    session: Session,
    audit_ids: Collection[int] | None = None,
    *,
    reach: Reach,
    offset: int = 0,
    limit: int | None = None,
) -> AuditPart:
    """A part of the audits that have figures, the one whose period ends last first; of `audit_ids` only, where given.

    Three SQL queries at most.
    """
    chosen = [Audit.stored_at.is_not(None)]
    if audit_ids is not None:
        chosen.append(Audit.id.in_(audit_ids))
    total = session.scalar(select(func.count()).select_from(Audit).where(*chosen)) or 0
    part = _with_city().where(*chosen).order_by(Audit.last_day.desc(), Audit.id.desc())
    rows = session.execute(part.offset(max(0, offset)).limit(limit))
    return AuditPart(tuple(_scoped(session, [_summary(row) for row in rows], reach)), total)


def audit(session: Session, audit_id: int, *, reach: Reach) -> AuditDetail:
    """One run with its files, progress, coverage, error and rendered reports; NotFoundError."""
    row = session.execute(_with_city().options(undefer(Audit.coverage)).where(Audit.id == audit_id)).first()
    if row is None:
        raise AuditNotFoundError(audit_id)
    run = row[0]
    files = session.scalars(select(AuditFile).where(AuditFile.audit_id == audit_id).order_by(AuditFile.id)).all()
    names = _shown_names(files)
    reports = session.scalars(
        select(AuditReport)
        .where(AuditReport.audit_id == audit_id)
        .order_by(AuditReport.language.desc(), AuditReport.ending)
    )
    why = why_stopped(session, [audit_id]).get(audit_id) if run.state in {*RUNNING_STATES, "failed"} else None
    summary = _scoped(session, [_summary(row, stopped=why is not None)], reach)[0]
    return AuditDetail(
        summary=summary,
        progress=_progress(run, list(files)) if summary.state in RUNNING_STATES else None,
        files=tuple(_file(file, names) for file in files),
        coverage=from_plain(Coverage, run.coverage) if run.coverage is not None else None,
        error=why or (Text(run.error_vi, run.error_en or "") if run.error_vi is not None else None),
        reports=tuple(_report(file) for file in reports),
    )


def summary_with_figures(session: Session, audit_id: int, *, reach: Reach) -> tuple[AuditSummary, Coverage]:
    """The run and its coverage; NotFoundError when it is unknown or has no figures yet."""
    row = session.execute(_with_city().options(undefer(Audit.coverage)).where(Audit.id == audit_id)).first()
    if row is None:
        raise AuditNotFoundError(audit_id)
    coverage = row[0].coverage
    if coverage is None:
        raise NoFiguresError(audit_id)
    return _scoped(session, [_summary(row)], reach)[0], from_plain(Coverage, coverage)


def latest_audit_id(session: Session) -> int | None:
    """The number of `latest_audit`, for whoever needs no more of it: the same for every reach."""
    newest = select(Audit.id).where(Audit.stored_at.is_not(None)).order_by(Audit.last_day.desc(), Audit.id.desc())
    return session.scalar(newest.limit(1))


def previous_audit(session: Session, period: Period | None) -> AuditSummary | None:
    """The finished audit that `period` is to be compared with; None where there is none. Two SQL queries.

    Of those whose period ended before this one began, the latest whose period is about as long; where none is, the
    latest. Periods that overlap are not compared: what both hold would hide the change.
    """
    if period is None:
        return None
    before = (
        select(Audit.id, Audit.first_day, Audit.last_day)
        .where(Audit.state == "finished", Audit.stored_at.is_not(None), Audit.last_day < period.first)
        .order_by(Audit.last_day.desc(), Audit.id.desc())
        .limit(_LATEST)
    )
    found = [(number, (last - first).days + 1) for number, first, last in session.execute(before) if first and last]
    if not found:
        return None
    days = (period.last - period.first).days + 1
    chosen = next((number for number, length in found if _as_long(length, days)), found[0][0])
    row = session.execute(_with_city().where(Audit.id == chosen)).one()
    return _summary(row)


_LATEST = 60
"""So many earlier audits are looked through for one of the same length: two months of daily reports."""
_AS_LONG = 0.7


def _as_long(one: int, other: int) -> bool:
    """Whether of two numbers of days the smaller is nearly the larger."""
    return min(one, other) >= _AS_LONG * max(one, other)


def _with_city() -> Select[Audit, UnitFigure]:
    """Runs, each with the row of the whole city where it has one."""
    of_city = and_(UnitFigure.audit_id == Audit.id, UnitFigure.is_city)
    return select(Audit, UnitFigure).outerjoin(UnitFigure, of_city).execution_options(populate_existing=True)


def _summary(row: Row[Audit, UnitFigure], *, stopped: bool = False) -> AuditSummary:
    """A run in short; one that is `stopped` (its job has given up) shows as failed."""
    run = row[0]
    whole: UnitFigure | None = row[1]
    return AuditSummary(
        audit_id=run.id,
        state="failed" if stopped else cast("AuditState", run.state),
        created_at=run.created_at,
        created_by=run.created_by,
        finished_at=run.finished_at,
        asked_first=run.asked_first,
        asked_last=run.asked_last,
        timezone=run.timezone,
        period=period_of(run),
        covered_days=run.covered_days,
        missing_days=run.missing_days,
        officials=run.officials,
        leaders=leaders_of(whole) if whole else None,
        staff=staff_of(whole) if whole else None,
    )


def _scoped(session: Session, found: list[AuditSummary], reach: Reach) -> list[AuditSummary]:
    """The same runs with the sums of the units in reach; one SQL query, none where the whole city is."""
    if reach.whole or not found:
        return found
    sums = totals(session, [one.audit_id for one in found], reach) if reach.units else {}
    nobody = ranks_together([])
    return [
        replace(one, officials=leaders.total + staff.total, leaders=leaders, staff=staff)
        for one in found
        for leaders, staff in [sums.get(one.audit_id, (nobody, nobody))]
    ]


def _shown_names(files: Collection[AuditFile]) -> dict[str, str]:
    """Path of a log -> its name; its folder as well where another of the audit has it: each server has a `mail.log`."""
    names = Counter(file.name for file in files)
    return {
        file.path: file.name
        if names[file.name] == 1 or file.source != "folder"
        else "/".join(file.path.rsplit("/", 2)[-2:])
        for file in files
    }


def _file(file: AuditFile, names: Mapping[str, str]) -> FilePicture:
    return FilePicture(
        name=names[file.path],
        source=cast("FileSource", file.source),
        state=cast("FileState", file.state),
        size=file.size,
        bytes_read=file.bytes_read,
        lines=file.lines,
        events=file.events,
        not_of_interest=file.not_of_interest,
        broken=file.broken,
        same_as=None if file.same_as is None else names.get(file.same_as),
    )


def _report(file: AuditReport) -> ReportFile:
    error = Text(file.error_vi, file.error_en or "") if file.error_vi is not None else None
    name = file.path.rsplit("/", 1)[-1] if file.path else ""
    return ReportFile(cast("Language", file.language), file.ending, name, file.size, error)


def _progress(run: Audit, files: list[AuditFile]) -> Progress:
    """How far the reading is, how fast, and which file is being read."""
    seconds = (run.progress_at - run.reading_since).total_seconds() if run.progress_at and run.reading_since else 0.0
    return Progress(
        stage=cast("AuditState", run.state),
        done=run.bytes_read,
        total=run.bytes_total or None,
        lines=run.lines,
        file=next((file.name for file in files if file.state == "reading"), ""),
        bytes_per_second=run.bytes_read / seconds if seconds > 0 else None,
    )
