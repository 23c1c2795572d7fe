"""Taking facts away as a file: whoever does leaves a line in the trail, as for looking at a person's page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from core.audit import record
from core.errors import InputError
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit import datafile
from mail_audit.actions import AuditAction
from mail_audit.months import check_years
from mail_audit.permissions import can_export_facts
from mail_audit.queries.exporting import SCHEMAS, What, batches

LONGEST = 3_660
"""Most days of one export."""


def export(session: Session, actor: Actor, *, what: What, first: date, last: date, path: Path) -> int:
    """Write a table of the days from `first` to `last` to `path` (.csv or .parquet); gives the number of rows.

    Raises `ForbiddenError`; `InputError` for days in the wrong order and for a file that cannot be written;
    `NotFoundError` where there are no figures of exactly these days (officials, units).
    """
    if not can_export_facts(actor):
        require(actor, Permission.MAIL_AUDIT_FACTS_EXPORT)
    check_years(first, last)
    if last < first:
        raise InputError(
            Text("Ngày cuối phải từ ngày đầu trở đi.", "The last day must not be before the first."),
        )
    if (last - first).days >= LONGEST:
        raise InputError(Text("Nhiều nhất mười năm mỗi lần.", "At most ten years at once."))
    rows = datafile.write(batches(session, what, first, last), SCHEMAS[what], path)
    record(
        session,
        actor=actor.name,
        action=AuditAction.FACTS_EXPORTED,
        subject="facts",
        facts={
            "what": what,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "form": path.suffix.lower().removeprefix("."),
            "rows": rows,
        },
    )
    return rows
