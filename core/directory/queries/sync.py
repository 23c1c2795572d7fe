"""Readers of what feeds the directory: runs of the sync with directory servers, and programs that speak SCIM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import ProvisionedOfficial, ProvisionedUnit, SyncRun, SyncState
from core.directory.queries.tokens import KnownToken, all_tokens
from core.directory.scopes import SCOPES, permissions_of
from core.permissions import Permission
from core.words import Text


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list: by whom and when, how it ended, counts by the names of `feeds.counting.Tally`.

    `counts` is None where the server gave no whole answer: then nobody knows.
    """

    run_id: int
    source: str
    begun_by: str
    begun_at: datetime
    seconds: float
    state: str
    counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Run(RunLine):
    """One run with the first of what it did, or would have done, in words."""

    changes: tuple[Text, ...]
    left_out: tuple[tuple[str, Text], ...]
    """Entries that could not be used, by their distinguished name."""
    error: Text | None


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs that may say who joins, moves and leaves, and how many officials and units they named so far."""

    tokens: tuple[KnownToken, ...]
    officials: int
    units: int


def sync_runs(session: Session, *, offset: int, limit: int) -> list[RunLine]:
    """The runs, the newest first, without what they did. One SQL query."""
    columns = (SyncRun.id, SyncRun.source, SyncRun.begun_by, SyncRun.begun_at, SyncRun.ended_at, SyncRun.state)
    wanted = select(*columns, SyncRun.counts).order_by(SyncRun.id.desc()).offset(offset).limit(limit)
    return [
        RunLine(number, source, by, begun, (ended - begun).total_seconds(), state, _counted(state, counts))
        for number, source, by, begun, ended, state, counts in session.execute(wanted)
    ]


def count_runs(session: Session) -> int:
    """How many runs are kept."""
    return session.scalar(select(func.count(SyncRun.id))) or 0


def sync_run(session: Session, run_id: int) -> Run | None:
    """One run; None where there is none of that number."""
    row = session.get(SyncRun, run_id)
    return None if row is None else _run(row)


def programs(session: Session, *, now: datetime) -> Programs:
    """The services' tokens that open SCIM, the newest first, also those that are over or revoked."""
    opening = {name for name in SCOPES if Permission.CORE_DIRECTORY_PROVISION in permissions_of((name,))}
    tokens = [one for one in all_tokens(session, now=now).rows if one.kind == "service" and opening & set(one.scopes)]
    named = select(func.count(ProvisionedOfficial.official)).where(ProvisionedOfficial.deleted_at.is_(None))
    units = select(func.count(ProvisionedUnit.unit))
    return Programs(tuple(tokens), session.scalar(named) or 0, session.scalar(units) or 0)


def _counted(state: str, counts: Mapping[str, int]) -> Mapping[str, int] | None:
    """A run that was stopped before the answer was counted has nothing but zeros, which say nothing."""
    return counts if state == SyncState.DONE or any(counts.values()) else None


def _run(row: SyncRun) -> Run:
    return Run(
        run_id=row.id,
        source=row.source,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        seconds=(row.ended_at - row.begun_at).total_seconds(),
        state=row.state,
        counts=_counted(row.state, row.counts),
        changes=tuple(Text(one["vi"], one["en"]) for one in row.changes),
        left_out=tuple((one["dn"], Text(one["vi"], one["en"])) for one in row.left_out),
        error=None if row.error_vi is None or row.error_en is None else Text(row.error_vi, row.error_en),
    )
