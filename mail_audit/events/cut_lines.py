"""Lines cut in two because the file was cut: by `split -b`, by a rotation between two writes, by a copy that stopped.

Where a file ends without a line end and another one starts with a line that has no head, and both together make a
readable line, they are one line: it belongs to the first file, at the place where it began there. Without this, the
first half could be taken for an event with half a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mail_audit.archives import LogFile, Piece, Stretch
from mail_audit.events.found import Reading
from mail_audit.events.line import Broken, read_line, stamp_of
from mail_audit.events.stamps import Clock, Stamp

_YEAR = 366 * 86_400_000_000
_NUMBERED = re.compile(r"(?P<stem>.+)\.(?P<number>[1-9][0-9]*|0)(?:\.(?:gz|xz|zst|bz2))?")


@dataclass(slots=True)
class Ends:
    """What stands at the ends of a file: a first line without a head, a last one without an end, the stamps inside."""

    first: bytes = b""
    last: bytes = b""
    last_offset: int = 0
    starts: Stamp | None = None
    stops: Stamp | None = None

    @property
    def is_one_scrap(self) -> bool:
        """Whether the whole file is a part of one line, neither its beginning nor its end."""
        return bool(self.first) and not self.first.endswith(b"\n")


def without_ends(parts: Iterator[Piece | Stretch], ends: Ends) -> Iterator[Piece | Stretch]:
    """The pieces without a headless first line and an unended last one, which go to `ends`."""
    held: Piece | Stretch | None = None
    for number, part in enumerate(parts):
        if held is not None:
            yield held
        if isinstance(part, Stretch):
            held = part
            continue
        held = _without_first(part, ends) if number == 0 and part.starts is None else part
        if part.starts is None:
            ends.stops = stamp_of(_text(_last_line(held.data))) or ends.stops
    if held is None or isinstance(held, Stretch):
        yield from () if held is None else (held,)
        return
    at = held.data.rfind(b"\n") + 1
    if held.starts is None and at < len(held.data):
        ends.last, ends.last_offset = held.data[at:], held.offset + at
        held = replace(held, data=held.data[:at])
    yield held


def _without_first(piece: Piece, ends: Ends) -> Piece:
    end = piece.data.find(b"\n") + 1 or len(piece.data)
    first = piece.data[:end]
    ends.starts = stamp_of(_text(first))
    if ends.starts is not None or not first:
        return piece
    ends.first = first
    ends.starts = stamp_of(_text(piece.data[end : piece.data.find(b"\n", end) + 1]))
    return replace(piece, data=piece.data[end:], offset=piece.offset + end)


def _last_line(data: bytes) -> bytes:
    """The last line that has an end."""
    stop = data.rfind(b"\n")
    return data[data.rfind(b"\n", 0, max(stop, 0)) + 1 : max(stop, 0)]


def _text(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")


def joined(logs: Sequence[LogFile], ends: Sequence[Ends]) -> list[LogFile]:
    """`logs`, each told what it lacks at its end (`more`) and what at its start belongs to another (`skip`)."""
    order = sorted(range(len(logs)), key=lambda number: _age(logs[number]))
    mended = _joined([logs[number] for number in order], [ends[number] for number in order])
    return [log for _, log in sorted(zip(order, mended, strict=True), key=lambda pair: pair[0])]


def _age(log: LogFile) -> tuple[str, str, int]:
    """Sorts the oldest first: logrotate's `mail.log.2` before `mail.log.1` before `mail.log`, others by name."""
    match = _NUMBERED.fullmatch(log.name)
    return (
        (str(log.path.parent), match["stem"], -int(match["number"])) if match else (str(log.path.parent), log.name, 0)
    )


def _joined(logs: Sequence[LogFile], ends: Sequence[Ends]) -> list[LogFile]:
    mended = list(logs)
    free = {number for number, end in enumerate(ends) if end.first}
    unended = [number for number, end in enumerate(ends) if end.last]
    scraps = [number for number in sorted(free) if ends[number].is_one_scrap]
    for number in (*unended, *scraps):
        if number in scraps and number not in free:
            continue  # it lies in the middle of a line that is joined already
        chain = _chain(ends, number, free - {number}, ends[number].last or ends[number].first)
        for follower in chain:
            mended[follower] = replace(mended[follower], skip=len(ends[follower].first))
        if chain:
            mended[number] = replace(mended[number], more=b"".join(ends[follower].first for follower in chain))
            free -= {*chain, *((number,) if number in scraps else ())}
    return mended


def _chain(ends: Sequence[Ends], number: int, free: set[int], so_far: bytes) -> list[int]:
    """The files whose starts go on with a line of file `number`; empty where none makes it readable.

    Mostly it is one file: the next by age, or else the one that starts soonest after this one ends. Where the next, up
    or down, is a scrap of one line, it lies between, and the file behind it ends the line.
    """
    last_resort: list[int] = []
    for step in (1, -1):
        scraps, text, other = list[int](), so_far, number + step
        while other in free and ends[other].is_one_scrap:
            scraps.append(other)
            text += ends[other].first
            other += step
        if scraps and other in free and _is_readable(text + ends[other].first):
            return [*scraps, other]
        if scraps and _is_readable(text):
            last_resort = last_resort or scraps
    fitting = [
        (other != number + 1, _apart(ends[number].stops, ends[other].starts), abs(number - other), other)
        for other in free
        if not ends[other].is_one_scrap and _is_readable(so_far + ends[other].first)
    ]
    return [min(fitting)[-1]] if fitting else last_resort


def _is_readable(line: bytes) -> bool:
    return not isinstance(read_line(_text(line)), Broken)


def _apart(stops: Stamp | None, starts: Stamp | None) -> int:
    """How long after the end of one file another starts; a year where it starts before, or is too short to tell."""
    if stops is None or starts is None or stops.clock != starts.clock:
        return _YEAR
    passed = starts.at - stops.at
    return passed % _YEAR if stops.clock == Clock.YEARLESS else passed if passed >= 0 else _YEAR


def read_ends(logs: Sequence[LogFile], ends: Sequence[Ends], readings: Sequence[Reading]) -> None:
    """Add the lines at the ends of files to the readings: joined ones whole, others as they are."""
    from mail_audit.events.columns import read_piece  # loaded by now, if anything was read

    for number, (log, end) in enumerate(zip(logs, ends, strict=True)):
        if end.first and not log.skip:
            more = log.more if end.is_one_scrap else b""
            readings[number].merge(read_piece(Piece(end.first + more, 0, 0), number))
        if end.last:
            readings[number].merge(read_piece(Piece(end.last + log.more, end.last_offset, 0), number))
