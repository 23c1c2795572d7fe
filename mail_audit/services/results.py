"""The measured result as rows: put in whole, in one transaction, in place of what an earlier try left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

import polars as pl
from sqlalchemy import Insert, Table, delete, insert
from sqlalchemy.orm import Session

from core.audit import record
from core.db import Base, utc_now
from core.directory.name_order import folded, person_order, text_order
from mail_audit.actions import AuditAction
from mail_audit.errors import AuditNotFoundError
from mail_audit.models import (
    Audit,
    AuditFinding,
    AuditLines,
    MailboxDay,
    OfficialColumns,
    OfficialFigure,
    UnassignedMailboxFigure,
    UnitFigure,
    UnitLine,
    UnitWeek,
)
from mail_audit.plain import to_plain
from mail_audit.queries.steps import subject_of
from mail_audit.report import columns
from mail_audit.report.model import OfficialFigures, Report, UnitFigures
from mail_audit.services.bulk import insert_frame
from mail_audit.services.runs import locked
from mail_audit.standing import LONGEST_MAILBOX
from mail_audit.weeks import unit_weeks

_ROWS_AT_ONCE = 5_000
_TABLES: tuple[type[Base], ...] = (
    OfficialFigure,
    UnitFigure,
    AuditFinding,
    UnassignedMailboxFigure,
    MailboxDay,
    UnitWeek,
    OfficialColumns,
    UnitLine,
    AuditLines,
)
_DAY_COLUMNS = tuple(column.name for column in MailboxDay.__table__.columns if column.name != "audit_id")


def store_result(
    session: Session, *, audit_id: int, report: Report, days: pl.DataFrame, actor: str, digest: str | None = None
) -> bool:
    """Store `report` and `days` (columns as in `mail_audit.pipeline.run`) as the figures of a run.

    Replaces what is stored for it, with one entry in the audit trail; storing the very same again changes nothing and
    returns False. NotFoundError when the run was deleted. The state of the run is not touched. `digest` is
    `result_digest` of the two, if it is known already: of a large city it takes seconds, better spent before the
    database is locked.
    """
    digest = digest or result_digest(report, days)
    run = locked(session, audit_id)
    if run is None:
        raise AuditNotFoundError(audit_id)
    if run.result_digest == digest:
        return False
    for table in _TABLES:
        session.execute(delete(table).where(table.__table__.c.audit_id == audit_id))
    packed: list[list[Any]] = []
    _insert(session, OfficialFigure, _noted(_officials(audit_id, report.officials), packed))
    session.execute(insert(OfficialColumns).values(audit_id=audit_id, data=columns.pack(packed)))
    _insert(session, UnitFigure, _units(audit_id, report))
    _insert(session, AuditFinding, _findings(audit_id, report))
    _insert(session, UnassignedMailboxFigure, _unassigned(audit_id, report))
    _insert_days(session, audit_id, days)
    _insert(
        session, UnitWeek, ({"audit_id": audit_id, **row} for row in unit_weeks(report, days).iter_rows(named=True))
    )
    _describe(run, report)
    run.result_digest = digest
    session.flush()
    record(
        session,
        actor=actor,
        action=AuditAction.RESULT_STORED,
        subject=subject_of(audit_id),
        facts={
            "first": report.period.first.isoformat(),
            "last": report.period.last.isoformat(),
            "officials": len(report.officials),
            "lines": report.coverage.lines,
            "sha256": digest,
        },
    )
    return True


def result_digest(report: Report, days: pl.DataFrame) -> str:
    """SHA-256 over all that is stored."""
    digest = hashlib.sha256(json.dumps(to_plain(report), sort_keys=True).encode("ascii"))
    ordered = _whole(days).select(_DAY_COLUMNS).sort("mailbox", "day")
    for piece in ordered.iter_slices(100_000):
        digest.update(piece.write_csv(include_header=False).encode())
    return digest.hexdigest()


def _describe(run: Audit, report: Report) -> None:
    """The run's own columns: period, coverage, counts."""
    coverage = report.coverage
    run.first_day, run.last_day = report.period.first, report.period.last
    run.timezone, run.working_days = report.period.timezone, report.period.working_days
    run.stored_at = utc_now()
    run.lines, run.events = coverage.lines, coverage.events
    run.not_of_interest, run.broken = coverage.not_of_interest, coverage.broken
    run.covered_days, run.missing_days = len(coverage.covered_days), len(coverage.missing_days)
    run.officials = len(report.officials)
    run.report_version = report.vanthu_report
    run.coverage = to_plain(coverage)
    run.without_mailbox = list(report.without_mailbox)


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert in pieces, so that memory does not grow with the city."""
    statement: Insert = insert(
        cast("Table", table.__table__)
    )  # the bare table: with the mapped class, each row is looked at twice
    source = iter(rows)
    while piece := list(islice(source, _ROWS_AT_ONCE)):
        session.execute(statement, piece)


def _clean(text: str) -> str:
    """Text as every database takes it: without NUL (PostgreSQL) and without halves of surrogate pairs (UTF-8)."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _officials(audit_id: int, officials: Sequence[OfficialFigures]) -> Iterator[dict[str, Any]]:
    for position, official in enumerate(officials):
        yield {
            "audit_id": audit_id,
            "position": position,
            "official_id": _clean(official.official_id),
            "name": _clean(official.name),
            "name_order": person_order(official.name),
            "search_text": _clean(folded(f"{official.name} {official.official_id}")),
            "unit": _clean(official.unit),
            "title": _clean(official.title),
            "rank": official.rank,
            "mailboxes": list(official.mailboxes),
            "sent": official.sent,
            "sent_recipients": official.sent_recipients,
            "sent_external": official.sent_external,
            "received": official.received,
            "logins": official.logins,
            "failed_logins": official.failed_logins,
            "opened": official.opened,
            "active_days": official.active_days,
            "active_working_days": official.active_working_days,
            "covered_working_days": official.covered_working_days,
            "usage_class": official.usage_class,
            "rung": official.rung,
            "reasons": to_plain(official.reasons),
            "active_last": to_plain(official.active_last),
            "in_post": to_plain(official.in_post) or None,
            "excused": to_plain(official.excused) or None,
        }


def _noted(rows: Iterable[dict[str, Any]], columns_of: list[list[Any]]) -> Iterator[dict[str, Any]]:
    """The rows as they are; on the way their values for the packed table are added to `columns_of`."""
    for row in rows:
        columns_of.append([row[name] for name in columns.SCHEMA])
        yield row


def _units(audit_id: int, report: Report) -> Iterator[dict[str, Any]]:
    """The units in their order; the city stands before them."""
    if report.city is not None:
        yield _unit(audit_id, -1, report.city, is_city=True)
    for position, figures in enumerate(report.units):
        yield _unit(audit_id, position, figures, is_city=False)


def _unit(audit_id: int, position: int, figures: UnitFigures, *, is_city: bool) -> dict[str, Any]:
    return {
        "audit_id": audit_id,
        "position": position,
        "unit": _clean(figures.unit),
        "unit_order": text_order(figures.unit),
        "parent": None if figures.parent is None else _clean(figures.parent),
        "is_city": is_city,
        "leaders_total": figures.leaders.total,
        "leaders_using": figures.leaders.using,
        "leaders_unknown": figures.leaders.unknown,
        "leaders_rate": figures.leaders.rate,
        "staff_total": figures.staff.total,
        "staff_using": figures.staff.using,
        "staff_unknown": figures.staff.unknown,
        "staff_rate": figures.staff.rate,
        "classes": to_plain(figures.classes),
        "no_mailbox": figures.no_mailbox,
        "using_last": to_plain(figures.using_last),
    }


def _findings(audit_id: int, report: Report) -> Iterator[dict[str, Any]]:
    for position, finding in enumerate(report.findings):
        yield {
            "audit_id": audit_id,
            "position": position,
            "kind": finding.kind,
            "unit": None if finding.unit is None else _clean(finding.unit),
            "text_vi": _clean(finding.text.vi),
            "text_en": _clean(finding.text.en),
            "figures": to_plain(finding.figures),
        }


def _unassigned(audit_id: int, report: Report) -> Iterator[dict[str, Any]]:
    for position, mailbox in enumerate(report.unassigned):
        yield {
            "audit_id": audit_id,
            "position": position,
            "mailbox": _clean(mailbox.mailbox),
            "kind": mailbox.kind,
            "sent": mailbox.sent,
            "received": mailbox.received,
            "logins": mailbox.logins,
            "traffic": sum(count or 0 for count in (mailbox.sent, mailbox.received, mailbox.logins)),
        }


def _whole(days: pl.DataFrame) -> pl.DataFrame:
    """The days with every column of the table; a measurement that does not count something has none of it."""
    return days.with_columns(pl.lit(0).alias(name) for name in _DAY_COLUMNS if name not in days.columns)


def _insert_days(session: Session, audit_id: int, days: pl.DataFrame) -> None:
    """The days of all mailboxes whose name a column can hold."""
    usable = (
        _whole(days)
        .filter(
            pl.col("mailbox").str.len_chars() <= LONGEST_MAILBOX,
            ~pl.col("mailbox").str.contains("\x00", literal=True),
        )
        .select(pl.lit(audit_id).alias("audit_id"), *_DAY_COLUMNS)
    )
    insert_frame(session, cast("Table", MailboxDay.__table__), usable)
