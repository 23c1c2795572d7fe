"""The same lines given twice: a file and its copy, packed or not, shuffled or cut, are read once.

Two files whose times overlap may be copies of each other, or two servers' logs. They are copies where they share at
least half of the events in the time both speak of; then all files of such a group are read again, and of every line as
many are kept as the file that has most of them holds. Pieces of one log that only touch at a second share too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from mail_audit.archives import LogFile, Piece
from mail_audit.events.aside import Aside
from mail_audit.events.columns import lines_of, read_lines
from mail_audit.events.found import Reading
from mail_audit.events.reading import COLUMNS

COPY_SHARE = 0.5
HASH = "hash"
_SECOND = 1_000_000


def without_copies(
    logs: Sequence[LogFile],
    readings: list[Reading],
    pieces_of: Callable[[LogFile], Iterator[Piece]],
    aside: Aside | None = None,
) -> list[Reading]:
    """`readings`, with every group of copies read anew so that each line counts once; what is much goes `aside`."""
    groups = _groups(readings)
    for group in groups:
        seen = pl.DataFrame(schema={HASH: pl.UInt64, "number": pl.UInt32})
        ordered = sorted(group, key=lambda one: -readings[one].lines)
        for file in ordered:
            new, seen = _new_lines(logs[file], seen, pieces_of)
            readings[file] = Reading()
            for one in _read_new(logs[file], file, new, pieces_of):
                readings[file].merge(one)
                if aside:
                    aside.relieve(readings)
            readings[file].same_as = None if readings[file].lines else ordered[0]
    return readings


def _groups(readings: Sequence[Reading]) -> list[set[int]]:
    if len(readings) < 2:
        return []
    spans = [_span(one) for one in readings]
    hashes: dict[int, pl.DataFrame] = {}
    together: list[set[int]] = []
    for right in range(len(readings)):
        for left in range(right):
            if max(spans[left][0], spans[right][0]) > min(spans[left][1], spans[right][1]):
                continue
            for file in (left, right):
                hashes.setdefault(file, _hashes(readings[file]))
            if are_copies(hashes[left], hashes[right]):
                put_together(together, left, right)
    return together


def _span(reading: Reading) -> tuple[int, int]:
    """First and last time of any event on its own clock; an empty span where there is none."""
    parts = [part for parts in reading.aside.values() for part in parts]
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    for frames in reading.frames.values():
        for frame in frames:
            low, high = frame["at"].min(), frame["at"].max()
            lows += [low] if isinstance(low, int) else []
            highs += [high] if isinstance(high, int) else []
    return (min(lows), max(highs)) if lows else (1, 0)


def _hashes(reading: Reading) -> pl.DataFrame:
    """Columns `at`, `hash` of every event, by what it says and not by where it stands."""
    parts: list[pl.DataFrame] = []
    for kind in {*reading.aside, *reading.frames}:
        what = pl.struct("clock", "at", "host", *COLUMNS[kind]).hash().alias(HASH)
        parts.extend(part.frame().select("at", what) for part in reading.aside.get(kind, ()))
        parts.extend(frame.select("at", what) for frame in reading.frames.get(kind, ()))
    return pl.concat(parts) if parts else pl.DataFrame(schema={"at": pl.Int64, HASH: pl.UInt64})


def are_copies(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    """Whether two logs are copies of each other, by their events: columns `at`, `hash`, the hash by what each says."""
    spans = [(side["at"].min(), side["at"].max()) for side in (left, right) if not side.is_empty()]
    if len(spans) < 2:
        return False
    low, high = max(int(str(first)) for first, _ in spans), min(int(str(last)) for _, last in spans)
    both = [side.filter(pl.col("at").is_between(low, high)) for side in (left, right)]
    fewer = min(side.height for side in both)
    if not fewer or (low // _SECOND == high // _SECOND and max(left.height, right.height) > fewer):
        return False
    distinct = [side.select(pl.col(HASH).unique()) for side in both]
    shared = distinct[0].join(distinct[1], on=HASH, how="semi").height
    return shared >= COPY_SHARE * min(side.height for side in distinct)


def put_together(groups: list[set[int]], left: int, right: int) -> None:
    """Put two numbers, and all that are in a group with either, into one group of `groups`."""
    touched = [group for group in groups if left in group or right in group]
    for group in touched:
        groups.remove(group)
    groups.append({left, right}.union(*touched))


def _new_lines(
    log: LogFile, seen: pl.DataFrame, pieces_of: Callable[[LogFile], Iterator[Piece]]
) -> tuple[pl.Series, pl.DataFrame]:
    """Whether each line of a file is not in `seen`, and `seen` with this file's lines.

    A line is known by its text and by how many equal lines the file has before it.
    """
    hashes = [lines_of(piece).select(pl.col("line").hash().alias(HASH)) for piece in pieces_of(log)]
    if not hashes:
        return pl.Series(dtype=pl.Boolean), seen
    numbered = pl.concat(hashes).with_columns(number=pl.int_range(pl.len(), dtype=pl.UInt32).over(HASH))
    known = numbered.join(seen.with_columns(known=True), on=[HASH, "number"], how="left", maintain_order="left")
    new = known["known"].is_null()
    return new, pl.concat([seen, numbered.filter(new)])


def _read_new(
    log: LogFile, file: int, new: pl.Series, pieces_of: Callable[[LogFile], Iterator[Piece]]
) -> Iterator[Reading]:
    """The events of the lines of a file that are `new`, piece by piece."""
    start = 0
    for piece in pieces_of(log):
        frame = lines_of(piece)
        yield read_lines(frame.filter(new.slice(start, frame.height)), piece, file)
        start += frame.height
