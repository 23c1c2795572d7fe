"""The few rows of the event store that practice is about: filtered while they are read, not afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import store as stores
from core.directory.coded import CodedAddresses
from mail_audit.errors import LostObjectError
from mail_audit.events.reading import COLUMNS, PLACE
from mail_audit.kept import unbroken
from mail_audit.models import LogPiece, LogSegment
from mail_audit.segments import table_key
from mail_audit.sums import is_named, sound

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """The segments that hold lines of a time: folders with the row of their stream, between two moments (UTC)."""

    place: stores.Store
    folders: tuple[tuple[str, int], ...]
    since: datetime
    until: datetime

    @classmethod
    def between(cls, session: Session, place: stores.Store, since: datetime, until: datetime) -> Store:
        """The segments with lines of that time; one query."""
        wanted = (
            select(LogSegment.folder, LogSegment.stream_id)
            .where(LogSegment.removed_at.is_(None), LogSegment.first_at <= until, LogSegment.last_at >= since)
            .order_by(LogSegment.stream_id, LogSegment.id)
        )
        return cls(place, tuple((row.folder, row.stream_id) for row in session.execute(wanted)), since, until)

    def rows(self, kind: str, wanted: pl.Expr) -> pl.DataFrame:
        """Events of `kind` that `wanted` holds for, as settled frames have them, with the `stream` of each.

        A segment of an earlier version has no column for what was not kept then: such rows are not found by it.
        Raises `LostObjectError` for a table that was written and is not there.
        """
        schema = {name: of for name, of in {**PLACE, **COLUMNS[kind]}.items() if name != "clock"}
        parts = [pl.DataFrame(schema={**schema, "stream": pl.Int64})]
        low, high = _microseconds(self.since), _microseconds(self.until)
        for number, (folder, stream) in enumerate(self.folders):
            key = table_key(folder, kind)
            try:
                with unbroken(key):
                    path = sound(self.place, key)
            except stores.MissingError as gone:
                if is_named(self.place, key):
                    raise LostObjectError(key) from gone
                continue
            with unbroken(key):
                rows = pl.scan_parquet(path)
                missing = [name for name in schema if name not in {"file", *rows.collect_schema().names()}]
                rows = rows.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in missing)
                found = rows.filter(pl.col("at").is_between(low, high) & wanted).collect()
            found = found.with_columns(file=pl.lit(number, dtype=PLACE["file"]), stream=pl.lit(stream, dtype=pl.Int64))
            parts.append(found.select(pl.col(name).cast(of) for name, of in parts[0].schema.items()))
        return pl.concat(parts).sort("file", "offset", maintain_order=True)


def coded(column: str, addresses: CodedAddresses) -> pl.Expr:
    """Whether a column holds a practice address."""
    text = pl.col(column).cast(pl.String).str.to_lowercase()
    return (text.str.starts_with(addresses.before) & text.str.ends_with(addresses.after)).fill_null(value=False)


def among(column: str, values: pl.Series | Sequence[object]) -> pl.Expr:
    """Whether a column's value is one of these."""
    return pl.col(column).is_in(pl.Series(values).implode() if not isinstance(values, pl.Series) else values.implode())


def moment(at: int) -> datetime:
    """Microseconds since 1970 as a moment."""
    return _EPOCH + timedelta(microseconds=at)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def collected(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """When each line (stream, offset) was collected; lines of pieces that are gone are left out. One query."""
    wanted = select(LogPiece.stream_id, LogPiece.start, LogPiece.stop, LogPiece.collected_at)
    pieces: dict[int, list[tuple[int, int, datetime]]] = {}
    for stream, start, stop, at in session.execute(wanted.where(LogPiece.stream_id.in_({one[0] for one in places}))):
        pieces.setdefault(stream, []).append((start, stop, at))
    return {
        (stream, offset): at
        for stream, offset in places
        for start, stop, at in pieces.get(stream, ())
        if start <= offset < stop
    }
