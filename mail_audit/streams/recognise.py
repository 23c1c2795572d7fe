"""Which stream a file holds: its first line tells which it may be, its blocks whether it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from mail_audit.archives.journal import Form, as_lines, form_of
from mail_audit.archives.read import LONGEST_LINE, Piece
from mail_audit.events.line import Broken, read_line, stamp_of
from mail_audit.events.stamps import Clock
from mail_audit.streams.opened import Opened
from mail_audit.streams.prints import BLOCK, Mark, Prints, digest

_LOOK = 64 * 1024
_LINES = 200
_STAMPS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What the beginning of a file shows.

    `first_line`: SHA-256 of the first line with its end; None while that has none. `is_log`: whether any line there can
    be read (True where there is none yet). `headless`: bytes of a first line without a head. `yearless`: whether a line
    there names no year. `is_scrap`: there is one line, whole or not, and it has no head: the rest of a line of another
    file, or the beginning of one. `is_binary`: the only line has no end, and no text would have what it holds.
    """

    form: Form
    first_line: str | None
    is_log: bool
    headless: int
    is_empty: bool
    yearless: bool = False
    is_scrap: bool = False
    is_binary: bool = False


def first_look(text: Opened) -> Look:
    """Look at the beginning of a file that is just opened."""
    data = b""
    while len(data) < _LOOK and (block := text.read(_LOOK - len(data))):
        data += block
    form = form_of(data)
    end = data.find(b"\n") + 1
    if not end and len(data) < LONGEST_LINE:
        return Look(form, None, True, 0, not data, is_scrap=bool(data.strip()), is_binary=b"\0" in data)
    whole = data[: data.rfind(b"\n") + 1]
    shown = [line.decode("utf-8", "replace").rstrip("\r") for line in _as_lines(whole)]
    is_log = not shown or any(not isinstance(read_line(line), Broken) for line in shown)
    stamps = [stamp_of(line) for line in shown[:_STAMPS]]
    headless = end if form == "lines" and stamps and stamps[0] is None else 0
    yearless = any(stamp is not None and stamp.clock is Clock.YEARLESS for stamp in stamps)
    key = hashlib.sha256(data[: end or len(data)]).hexdigest()
    is_scrap = bool(headless) and len(shown) == 1 and b"\0" not in whole
    return Look(form, key, is_log, headless, False, yearless, is_scrap)


def _as_lines(whole: bytes) -> list[bytes]:
    made = b"".join(piece.data for piece in as_lines([Piece(whole, 0, 0)]))
    return [line for line in made.split(b"\n") if line][:_LINES]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whether a file holds what was read of a stream.

    "same": all of it, and the text stands where reading goes on. "shorter": the file ends before; what follows its last
    whole block (`rest`, at `rest_offset`) could not be compared. "other": it says something else.
    """

    kind: Literal["same", "shorter", "other"]
    prints: Prints
    rest: bytes = b""
    rest_offset: int = 0
    lines: int = 0
    """Lines that were compared."""


_OTHER = Recognised("other", Prints())


def recognise(text: Opened, mark: Mark, *, quick: bool) -> Recognised:
    """Compare a file that is just opened with a stream; `quick`: only the end of what was read, for a known file."""
    number = 0
    if quick and text.file.packing == "plain":
        number = max(0, mark.whole - 1)
        text.seek(number * BLOCK)
    lines = 0
    while number < mark.whole:
        block = _exactly(text, BLOCK)
        if len(block) < BLOCK:
            return Recognised("shorter", Prints(), block, number * BLOCK, lines)
        if digest(block) != mark.block(number):
            return _OTHER
        lines += block.count(b"\n")
        number += 1
    size = mark.stop - number * BLOCK
    rest = _exactly(text, size)
    if len(rest) < size:
        return Recognised("shorter", Prints(), rest, number * BLOCK, lines)
    if (digest(rest).hex() if rest else "") != mark.partial:
        return _OTHER
    prints = Prints()
    prints.prime(rest)
    return Recognised("same", prints, lines=lines + rest.count(b"\n"))


def _exactly(text: Opened, size: int) -> bytes:
    data = bytearray()
    while len(data) < size and (block := text.read(size - len(data))):
        data += block
    return bytes(data)
