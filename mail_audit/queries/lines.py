"""Reader of the log lines behind one official's day."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from mail_audit.evidence_words import words
from mail_audit.kept import evidence_file
from mail_audit.models import Audit
from mail_audit.queries.officials import official_by_id
from mail_audit.queries.pages import EvidenceLine


def evidence(
    session: Session, audit_id: int, official_id: str, day: date, *, store: Path, limit: int = 1000
) -> list[EvidenceLine]:
    """The lines behind what is said of an official on `day`, in order of time; NotFoundError for an unknown official.

    `store` is the store folder of the settings. Empty where the evidence was removed after its time.
    """
    mailboxes = official_by_id(session, audit_id, official_id).mailboxes
    measured = session.scalar(select(Audit.measured).where(Audit.id == audit_id))
    if not mailboxes or measured is None:
        return []
    path = evidence_file(store, audit_id, measured)
    if not path.is_file():
        return []
    found = (
        pl.scan_parquet(path)
        .filter(pl.col("mailbox").is_in(mailboxes), pl.col("day") == day)
        .sort("at", "file", "offset", maintain_order=True)
        .head(max(0, limit))
        .collect()
    )
    return [_line(row) for row in found.iter_rows(named=True)]


def _line(row: dict[str, Any]) -> EvidenceLine:
    at = row["at"]
    return EvidenceLine(
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        mailbox=row["mailbox"],
        kind=row["kind"],
        rung=row["rung"],
        host=row["host"],
        file=row["file"],
        offset=row["offset"],
        line=row["line"],
        words=words(row["kind"], row["rung"], row.get("delegate")),
        delegate=row.get("delegate"),
        count=row.get("count") or 1,
    )
