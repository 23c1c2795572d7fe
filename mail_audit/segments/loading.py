"""Reading segments back as the frames an audit makes of files, each line once.

Streams that share at least half of their events in the time both speak of are copies of each other, cut or shuffled, as
two files of an audit are (`events.distinct`). Of every line as many are kept as the stream that has most of them holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.store import MissingError, Store
from mail_audit.events.distinct import HASH, are_copies, put_together
from mail_audit.events.gathered import Events
from mail_audit.events.reading import COLUMNS, KINDS, PLACE
from mail_audit.kept import unbroken
from mail_audit.segments.writing import EVENTS, LINES, table_key
from mail_audit.side_by_side import side_by_side
from mail_audit.sums import lost_of, sound, sound_of

_PLACE = ["file", "offset"]
_TABLES = frozenset(f"{kind}.parquet" for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Segment:
    """A folder of the store and the number its stream has in what is loaded (0, 1, 2 …)."""

    folder: str
    stream: int


def load(store: Store, segments: Sequence[Segment], *, low: int | None = None, high: int | None = None) -> Events:
    """The events with `at` from `low` to before `high` (microseconds UTC), `file` being the stream's number.

    The frames have the columns that `events.years.settle` gives, in the order of streams and offsets. A copy of a line
    that another stream holds is left out. Raises OSError where a folder is gone, or a table that its sums name.
    """
    with store.holding() as place:
        return _load(place, segments, low, high)


def _load(store: Store, segments: Sequence[Segment], low: int | None, high: int | None) -> Events:
    held = sorted(segments, key=lambda one: (one.stream, one.folder))
    tables = [(one, _files(store, one.folder)) for one in held]
    several = len({one.stream for one in held}) > 1
    said: list[pl.DataFrame] = []

    def frames() -> Iterator[tuple[str, pl.DataFrame]]:
        for kind in KINDS:
            frame = _frame(tables, kind, low, high)
            if several:
                said.append(_said(frame, kind))
            yield kind, frame

    events = Events.of(frames())
    extra = _extra(store, held, pl.concat(said)) if several else None
    if extra is None or extra.is_empty():
        return events
    return events.changed(lambda _, frame: frame.join(extra, on=_PLACE, how="anti", maintain_order="left"))


def _files(store: Store, folder: str) -> dict[str, Path]:
    """The files of a segment. A table that is not there but was written would be taken for one without events."""
    place = f"{EVENTS}/{folder}"
    files = store.files(place)
    for name in lost_of(files, place):
        if name in _TABLES:
            raise MissingError(f"{place}/{name}")
    return files


def _schema(kind: str) -> dict[str, type[pl.DataType]]:
    return {name: of for name, of in {**PLACE, **COLUMNS[kind]}.items() if name != "clock"}


def _frame(
    tables: Sequence[tuple[Segment, Mapping[str, Path]]], kind: str, low: int | None, high: int | None
) -> pl.DataFrame:
    """Events of a kind, of streams with the tables of their segments."""
    wanted = _schema(kind)

    def part(table: tuple[Segment, Mapping[str, Path]]) -> pl.DataFrame:
        segment, files = table
        with unbroken(table_key(segment.folder, kind)):
            rows = pl.scan_parquet(sound_of(files, f"{EVENTS}/{segment.folder}", f"{kind}.parquet"))
            if low is not None:
                rows = rows.filter(pl.col("at") >= low)
            if high is not None:
                rows = rows.filter(pl.col("at") < high)
            found = rows.with_columns(file=pl.lit(segment.stream, dtype=PLACE["file"])).collect()
        missing = [pl.lit(None, dtype=of).alias(name) for name, of in wanted.items() if name not in found.columns]
        return found.with_columns(missing).select(pl.col(name).cast(of) for name, of in wanted.items())

    held = (one for one in tables if f"{kind}.parquet" in one[1])
    parts = [pl.DataFrame(schema=wanted), *side_by_side(part, held)]
    return pl.concat(parts).sort("file", "offset", maintain_order=True)


def _said(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Columns `at`, `file`, `offset`, `hash` of events of one kind, the hash by what each says."""
    return frame.select("at", *_PLACE, pl.struct("at", "host", *COLUMNS[kind]).hash().alias(HASH))


def _copies(events: pl.DataFrame) -> list[set[int]]:
    """Groups of streams that are copies of each other; only those with a common event are compared."""
    often = events.select("file", HASH).unique().filter(pl.len().over(HASH) > 1)
    if often.is_empty():
        return []
    pairs = often.join(often, on=HASH).filter(pl.col("file") < pl.col("file_right")).select("file", "file_right")
    together: list[set[int]] = []
    for left, right in pairs.unique().sort("file", "file_right").iter_rows():
        if are_copies(events.filter(pl.col("file") == left), events.filter(pl.col("file") == right)):
            put_together(together, left, right)
    return together


def _extra(store: Store, segments: Sequence[Segment], events: pl.DataFrame) -> pl.DataFrame:
    """Columns `file`, `offset`: the rows whose line another stream of its group holds as often or more.

    A line is known by its text and by how many equal lines its stream has before it.
    """
    loaded = events.select(_PLACE)
    extra = [loaded.clear()]
    for group in _copies(events):
        texts = [_texts(store, segments, stream, loaded) for stream in sorted(group)]
        texts.sort(key=lambda one: -one.height)
        numbered = pl.concat(
            [one.with_columns(number=pl.int_range(pl.len(), dtype=pl.UInt32).over(HASH)) for one in texts]
        )
        again = ~pl.struct(HASH, "number").is_first_distinct()
        extra.append(numbered.filter(again).select(_PLACE))
    return pl.concat(extra)


def _texts(store: Store, segments: Sequence[Segment], stream: int, loaded: pl.DataFrame) -> pl.DataFrame:
    """Columns `file`, `offset`, `hash` of the lines of a stream that are loaded, in their order."""
    parts = []
    for one in segments:
        if one.stream != stream:
            continue
        key = table_key(one.folder, LINES)
        with unbroken(key):
            rows = pl.scan_parquet(sound(store, key)).select(
                pl.lit(stream, dtype=PLACE["file"]).alias("file"), "offset", pl.col("line").hash().alias(HASH)
            )
            parts.append(rows.collect())
    return pl.concat(parts).join(loaded, on=["file", "offset"], how="semi").sort("offset")


def lines_between(store: Store, folders: Iterable[str], low: int, high: int) -> pl.DataFrame:
    """Columns `offset`, `line` of the event lines that begin from `low` to before `high`, in their order."""
    parts = [pl.DataFrame(schema={"offset": pl.Int64, "line": pl.String})]
    for folder in folders:
        key = table_key(folder, LINES)
        with unbroken(key):
            rows = pl.scan_parquet(sound(store, key))
            parts.append(rows.filter((pl.col("offset") >= low) & (pl.col("offset") < high)).collect())
    return pl.concat(parts).sort("offset")


def with_lines(store: Store, segments: Sequence[Segment], table: pl.DataFrame) -> pl.DataFrame:
    """`table` (with `file`, `offset`, as loaded from these segments) with `line`; empty text where there is none."""
    parts = [pl.DataFrame(schema={"file": PLACE["file"], "offset": pl.Int64, "line": pl.String})]
    wanted = table.select("file", "offset").unique()
    for one in segments:
        key = table_key(one.folder, LINES)
        with unbroken(key):
            rows = pl.scan_parquet(sound(store, key))
            named = rows.select(pl.lit(one.stream, dtype=PLACE["file"]).alias("file"), "offset", "line")
            parts.append(named.join(wanted.lazy(), on=["file", "offset"], how="semi").collect())
    lines = pl.concat(parts).unique(["file", "offset"], keep="any")
    joined = table.join(lines, on=["file", "offset"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("line").fill_null(""))
