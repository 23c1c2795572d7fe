"""A part of a stream as events that are settled to UTC, with the days it speaks of: what the event store keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from core.words import Text
from mail_audit.archives import LogFile, Piece
from mail_audit.events import read_piece
from mail_audit.events.columns import lines_of, stamp_column, texts_of
from mail_audit.events.line import stamp_of
from mail_audit.events.reading import KINDS, NAME, PLACE, frame_of
from mail_audit.events.stamps import Clock, Stamp
from mail_audit.events.years import YearRule, settle, written_days, year_rules
from mail_audit.formats import HEADS
from mail_audit.zones import DAY, Zone, to_date

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARLESS = next(head for head in HEADS if head.yearless)
_TELLS = "^(?:" + "|".join(head.tells for head in HEADS if head.yearless) + ")"
_LAST_LINES = 20
_BEGINNING = 1000
"""Bytes of a line in which its stamp is looked for."""
_FIRST_LINES = 50


@dataclass(frozen=True, slots=True)
class Settled:
    """The events of a part, and what became of all its lines. `lines`: `offset`, `line` of every event line.

    `host_days`: server -> local days with events; `other_days`: with other readable lines. Times are UTC.
    """

    frames: dict[str, pl.DataFrame]
    lines: pl.DataFrame
    counts: tuple[int, int, int, int]
    """Lines, events, not of interest, broken."""
    samples: tuple[tuple[int, Text], ...]
    host_days: dict[str, frozenset[date]]
    other_days: frozenset[date]
    first_at: datetime | None
    last_at: datetime | None
    newest_at: datetime | None

    @property
    def days(self) -> frozenset[date]:
        """All days it speaks of."""
        return self.other_days.union(*self.host_days.values())


def settled(
    piece: Piece, file: LogFile, rule: YearRule | None, *, stamps_in: Zone, days_in: Zone, host: str | None
) -> Settled:
    """Read a piece; `rule` gives the years of stamps that name none (None: judge by this piece and the file's date).

    `stamps_in`: the zone of stamps that name none; `days_in`: that of the offices; `host`: the server of lines that
    name none.
    """
    reading = read_piece(piece, 0)
    raw = {kind: frame_of(reading, kind) for kind in KINDS}
    rules = year_rules(reading, [file])
    if rules and rule is not None:
        rules = {0: rule}
    frames = {kind: settle(frame, rules, stamps_in) for kind, frame in raw.items()}
    if host:
        named = pl.when(pl.col("host") == "").then(pl.lit(host, dtype=NAME)).otherwise("host").alias("host")
        frames = {kind: frame.with_columns(named) for kind, frame in frames.items()}
    times = pl.concat([frame.select("at", "host") for frame in frames.values()])
    others = written_days(reading, rules, days_in).others.get(0, frozenset())
    return Settled(
        frames,
        _event_lines(piece, frames),
        (reading.lines, reading.events, reading.not_of_interest, reading.broken),
        tuple((offset, why) for _, offset, why in reading.samples),
        _host_days(times, days_in),
        others,
        _moment(times["at"].min()),
        _moment(times["at"].max()),
        _newest(piece, rules, stamps_in) or _moment(times["at"].max()),
    )


def _event_lines(piece: Piece, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    offsets = pl.concat([frame.select("offset") for frame in frames.values()])
    lines = lines_of(piece).select("offset", "line")
    return lines.join(offsets, on="offset", how="semi", maintain_order="left")


def _host_days(times: pl.DataFrame, zone: Zone) -> dict[str, frozenset[date]]:
    found: dict[str, set[date]] = {}
    for host, day in times.select("host").with_columns(day=zone.days(times["at"])).unique().iter_rows():
        found.setdefault(host, set()).add(to_date(day))
    return {host: frozenset(days) for host, days in found.items()}


def _moment(at: object) -> datetime | None:
    return _EPOCH + timedelta(microseconds=at) if isinstance(at, int) else None


def _newest(piece: Piece, rules: dict[int, YearRule], zone: Zone) -> datetime | None:
    """The time of the last readable line."""
    for line in _last_lines(piece.data):
        stamp = stamp_of(line.decode("utf-8", "replace"))
        if stamp is not None and (stamp.clock is not Clock.YEARLESS or 0 in rules):
            return _moment(_settled_stamp(stamp, rules, zone))
    return None


def _last_lines(data: bytes) -> Iterator[bytes]:
    """The beginnings of the last lines that say anything, the last one first; nothing else of `data` is copied."""
    end, found = len(data), 0
    while end > 0 and found < _LAST_LINES:
        start = data.rfind(b"\n", 0, end) + 1
        if start < end:
            yield data[start : min(end, start + _BEGINNING)]
            found += 1
        end = start - 1


def _settled_stamp(stamp: Stamp, rules: dict[int, YearRule], zone: Zone) -> int:
    values = {"clock": int(stamp.clock), "at": stamp.at, "host": "", "file": 0, "offset": 0}
    return int(settle(pl.DataFrame([values], schema=PLACE), rules, zone)["at"][0])


def yearless_days(piece: Piece) -> set[int]:
    """The days (of 2000, since 1970) of lines that name no year."""
    lines = texts_of(piece).with_columns(stamp=pl.col("line").str.head(6))
    stamps = lines.select((pl.col("stamp").unique() + " 00:00:00").alias("stamp"))
    days = stamps.with_columns(day=stamp_column(_YEARLESS) // DAY).drop_nulls()
    return {int(day) for stamp, day in days.iter_rows() if _tell(lines.filter(pl.col("stamp") == stamp[:6])["line"])}


def _tell(lines: pl.Series) -> bool:
    """Whether any of the lines has a head without a year; mostly the first has."""
    return any(some.str.contains(_TELLS).any() for some in (lines.head(_FIRST_LINES), lines.slice(_FIRST_LINES)))
