"""Readers of the runs of the sync with directory servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import SyncRun
from core.words import Text


@dataclass(frozen=True, slots=True)
class Run:
    """One run: by whom and when, how it ended, counts by the names of `feeds.counting.Tally`, what it did in words."""

    run_id: int
    source: str
    begun_by: str
    begun_at: datetime
    seconds: float
    state: str
    counts: Mapping[str, int]
    changes: tuple[Text, ...]
    left_out: tuple[tuple[str, Text], ...]
    """Entries that could not be used, by their distinguished name."""
    error: Text | None


def sync_runs(session: Session, *, offset: int, limit: int) -> list[Run]:
    """The runs, the newest first. One SQL query."""
    wanted = select(SyncRun).order_by(SyncRun.id.desc()).offset(offset).limit(limit)
    return [_run(row) for row in session.scalars(wanted)]


def sync_run(session: Session, run_id: int) -> Run | None:
    """One run; None where there is none of that number."""
    row = session.get(SyncRun, run_id)
    return None if row is None else _run(row)


def _run(row: SyncRun) -> Run:
    return Run(
        run_id=row.id,
        source=row.source,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        seconds=(row.ended_at - row.begun_at).total_seconds(),
        state=row.state,
        counts=row.counts,
        changes=tuple(Text(one["vi"], one["en"]) for one in row.changes),
        left_out=tuple((one["dn"], Text(one["vi"], one["en"])) for one in row.left_out),
        error=None if row.error_vi is None or row.error_en is None else Text(row.error_vi, row.error_en),
    )
