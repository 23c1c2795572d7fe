"""Readers of the log lines behind what is said of one official: of one day, and behind one figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import MailboxRow, OfficialRow
from core.store import MissingError, Store
from core.words import Text
from mail_audit.errors import LostObjectError, UnreadableObjectError
from mail_audit.evidence import ADDRESSED
from mail_audit.evidence_words import words
from mail_audit.figure_lines import behind, within
from mail_audit.kept import evidence_file, unbroken
from mail_audit.models import Audit, OfficialFigure
from mail_audit.queries.line_texts import why_without, with_texts
from mail_audit.queries.officials import official_by_id
from mail_audit.queries.pages import EvidenceLine, FigureLines
from mail_audit.queries.rows import official_figures
from mail_audit.sums import sound

_ADDED = {
    "count": pl.lit(1, pl.Int64),
    "delegate": pl.lit(None, pl.String),
    "recipients": pl.lit(None, pl.Int64),
    "external": pl.lit(None, pl.Int64),
    "opens": pl.lit(None, pl.Boolean),
    "singly": pl.lit(None, pl.Boolean),
}
"""Columns that the evidence of earlier versions does not have: what they tell is not known of such a report."""


def evidence(
    session: Session, audit_id: int, official_id: str, day: date, *, store: Store, limit: int = 1000
) -> list[EvidenceLine]:
    """The lines behind what is said of an official on `day`, in order of time; NotFoundError for an unknown official.

    `store` is that of the settings. Raises UnreadableObjectError where the evidence is damaged, or is not there.
    """
    official, key = official_by_id(session, audit_id, official_id), _key(session, audit_id)
    if key is None:
        return []
    with unbroken(key):
        rows = (
            _evidence_of(official, key, store)
            .filter(pl.col("day") == day, pl.col("kind") != ADDRESSED)
            .sort("at", "file", "offset", maintain_order=True)
            .head(max(0, limit))
            .collect()
        )
    return _lines(session, with_texts(session, rows, store))


def figure_lines(
    session: Session, audit_id: int, official_id: str, figure: str, *, store: Store, offset: int = 0, limit: int = 100
) -> FigureLines:
    """A part of the lines behind a figure of an official over the whole period, in order of time.

    `figure` is one of `mail_audit.figure_lines.FIGURES` (KeyError else); NotFoundError for an unknown official. `kept`
    is False where the evidence is not there or damaged (`problem`), or of a version that did not keep what this needs.
    """
    official, key = official_by_id(session, audit_id, official_id), _key(session, audit_id)
    if key is None:
        return FigureLines((), 0, 0, kept=False)
    try:
        with unbroken(key):
            table = _evidence_of(official, key, store)
            names = table.collect_schema().names()
            if figure in _NEEDS and _NEEDS[figure] not in names:
                return FigureLines((), 0, 0, kept=False)
            added = {name: value for name, value in _ADDED.items() if name not in names}
            rows = behind(table.with_columns(**added), figure)
            days = rows.group_by("day").agg(pl.len().alias("lines"), pl.col("stands_for").sum().alias("sum")).collect()
            shown = rows.slice(max(0, offset), max(0, limit)).collect()
    except UnreadableObjectError as problem:
        return FigureLines((), 0, 0, kept=False, problem=problem.message)
    part = with_texts(session, shown, store)
    return FigureLines(
        tuple(_lines(session, part)),
        int(days["lines"].sum()),
        int(days["sum"].sum()),
        kept=True,
        by_day=dict(days.sort("day").select("day", "sum").iter_rows()),
    )


_NEEDS = {"sent_recipients": "recipients", "sent_external": "external", "opened": "opens"}


def _key(session: Session, audit_id: int) -> str | None:
    """Where the evidence of an audit is kept; None where none was."""
    measured = session.scalar(select(Audit.measured).where(Audit.id == audit_id))
    return None if measured is None else evidence_file(audit_id, measured)


def _evidence_of(official: OfficialFigure, key: str, store: Store) -> pl.LazyFrame:
    """The evidence that counts for an official (`evidence.COLUMNS` and `line`). Raises LostObjectError."""
    figures = official_figures(official)
    try:
        path = sound(store, key)
    except MissingError as gone:
        raise LostObjectError(key) from gone
    return within(pl.scan_parquet(path), figures.mailboxes, figures.in_post)


def _lines(session: Session, rows: pl.DataFrame) -> list[EvidenceLine]:
    """The rows as lines; whoever acted in another's mailbox is called by name, where the directory knows it."""
    others = rows["delegate"].drop_nulls().unique().to_list() if "delegate" in rows.columns else []
    known = (
        select(MailboxRow.address, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == MailboxRow.owner)
        .where(MailboxRow.address.in_(others))
    )
    names = {address: f"{name} ({address})" for address, name in session.execute(known)} if others else {}
    return [_line(row, names) for row in rows.iter_rows(named=True)]


def _line(row: dict[str, Any], names: Mapping[str, str]) -> EvidenceLine:
    at, other = row["at"], row.get("delegate")
    told = (row.get(name) for name in ("recipients", "external", "rule"))
    said = words(row["kind"], row["rung"], names.get(other, other) if other else None, *told)
    if row.get("removed"):
        why = why_without(row["lost"])
        said = Text(f"{said.vi} {why.vi}", f"{said.en} {why.en}")
    return EvidenceLine(
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        mailbox=row["mailbox"],
        day=row["day"],
        kind=row["kind"],
        rung=row["rung"],
        host=row["host"],
        file=row["file"],
        offset=row["offset"],
        line=row["line"],
        words=said,
        delegate=other,
        count=_count(row),
    )


def _count(row: dict[str, Any]) -> int:
    """Behind a figure: how much of it; on a day: of how many attempts the line tells. Earlier versions kept neither."""
    told = row["stands_for"] if "stands_for" in row else row.get("count")
    return 1 if told is None else int(told)
