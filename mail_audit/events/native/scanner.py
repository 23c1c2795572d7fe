"""Reading a piece with the native scanner: lines that its tables take become columns, all others go the usual way.

The answer is that of `columns.read_piece`, which also does all the work where the library is not built. Scanning itself
needs no Polars: a log is begun while that is still being loaded.
"""

from __future__ import annotations

import ctypes
import os
import threading
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mail_audit.archives import Piece, Stretch
from mail_audit.events.found import Reading
from mail_audit.events.line import TOO_LONG
from mail_audit.events.native.layout import Plan, Tables, from_json

if TYPE_CHECKING:
    from mail_audit.events.native.frames import Names

LIBRARY = Path(__file__).with_name("_scan.so")
TABLES = Path(__file__).with_name("_tables.json")
COUNTS = 8
BLOCK = 512 << 10
"""So much of a stretch is read and scanned at once: it does not leave the processor's own memory between the two."""
MUCH = 4 << 20
"""Bytes of lines that are worth a search of their own."""
_own = threading.local()


def sources() -> int:
    """What a library is built from, in short: its sources and how its answers are read here."""
    names = ("scan.c", "columns.h", "tables.h", "walk.h", "layout.py", "scanner.py", "frames.py")
    return zlib.crc32(b"".join(Path(__file__).with_name(name).read_bytes() for name in names))


@cache
def library() -> ctypes.CDLL | None:
    """The scanner's library; None where it is not built, not for this machine, or built from another version."""
    try:
        found = ctypes.CDLL(str(LIBRARY))
        found.vanthu_sources.restype = ctypes.c_uint32
        if found.vanthu_sources() != sources():
            return None
    except (OSError, AttributeError):
        return None
    found.vanthu_open.restype = ctypes.c_void_p
    found.vanthu_open.argtypes = [ctypes.POINTER(Tables)]
    found.vanthu_close.argtypes = [ctypes.c_void_p]
    found.vanthu_scan.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, ctypes.c_void_p, ctypes.c_size_t,
    ]  # fmt: skip
    found.vanthu_scan_file.argtypes = [
        ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_size_t,
    ]  # fmt: skip
    found.vanthu_counts.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int64)]
    found.vanthu_column.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_void_p]
    found.vanthu_names.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    found.vanthu_id.argtypes = [ctypes.c_char_p, ctypes.c_uint32]
    found.vanthu_id.restype = ctypes.c_uint64
    for name in ("vanthu_slow", "vanthu_slow_starts", "vanthu_times"):
        getattr(found, name).restype = ctypes.c_void_p
        getattr(found, name).argtypes = [ctypes.c_void_p]
    return found


_making = threading.Lock()


@cache
def _plan() -> Plan:
    """The tables as built, or made anew where the patterns have changed since."""
    try:
        flat = from_json(TABLES.read_text("ascii"))
    except (OSError, ValueError, KeyError, TypeError):
        flat = None
    return make_tables_anew() if flat is None else flat.plan()


def make_tables_anew() -> Plan:
    """The tables of the patterns as they are now; takes a third of a second."""
    from mail_audit.events.native.tables import make_tables

    return make_tables().plan()


class Scanner:
    """A scanner of one thread; it keeps its memory from piece to piece."""

    def __init__(self, lib: ctypes.CDLL) -> None:
        self.lib = lib
        with _making:
            self.plan = _plan()
        self.handle = lib.vanthu_open(ctypes.byref(self.plan.tables))
        if not self.handle:
            raise MemoryError
        self.counts = (ctypes.c_int64 * (COUNTS + len(self.plan.taken) + 1))()
        self.names: Names | None = None
        """The texts behind its names, once a frame was made."""

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self.lib.vanthu_close(self.handle)

    def scan(self, part: Piece | Stretch) -> bool:
        """Read all lines; whether there was memory for it. A stretch is read from its file here, and only once.

        Raises OSError where the file cannot be read.
        """
        if isinstance(part, Stretch):
            with part.opened() as file:
                failed = self.lib.vanthu_scan_file(self.handle, file, part.offset, part.size, BLOCK)
        else:
            starts = None if part.starts is None else (ctypes.c_int64 * len(part.starts))(*part.starts)
            count = 0 if part.starts is None else len(part.starts)
            failed = self.lib.vanthu_scan(self.handle, part.data, len(part.data), part.offset, starts, count)
        self.lib.vanthu_counts(self.handle, self.counts)
        if failed > 0:
            raise OSError(failed, os.strerror(failed))
        return not failed

    @property
    def overlong(self) -> int:
        """Lines longer than any log line, which were left out of the last stretch."""
        return self.counts[COUNTS + len(self.plan.taken)]

    def slow(self, part: Piece | Stretch) -> Piece:
        """The lines that were handed back."""
        data = ctypes.string_at(self.lib.vanthu_slow(self.handle), self.counts[3])
        starts = (ctypes.c_int64 * self.counts[2]).from_address(self.lib.vanthu_slow_starts(self.handle))
        return Piece(data, part.offset, part.packed_done, 0, list(starts))

    def times(self) -> set[tuple[int, int, int]]:
        """When the lines were written: clock, number of the host's name (below 0 for none), quarter of an hour."""
        if not self.counts[4]:
            return set()
        all_of = (ctypes.c_int64 * (3 * self.counts[4])).from_address(self.lib.vanthu_times(self.handle))
        return set(zip(all_of[::3], all_of[1::3], all_of[2::3], strict=True))


def _scanner(lib: ctypes.CDLL) -> Scanner:
    found: Any = getattr(_own, "scanner", None)
    if found is None:
        found = _own.scanner = Scanner(lib)
    return found  # type: ignore[no-any-return]


def read_piece(piece: Piece, file: int) -> Reading:
    """The events of one piece of file number `file`."""
    from mail_audit.events import columns

    reading, rest = read_most(piece, file)
    if rest is not None:
        reading.merge(columns.read_piece(rest, file))
    return reading


def read_most(part: Piece | Stretch, file: int) -> tuple[Reading, Piece | None]:
    """What the scanner takes of a piece, and the lines that are left to the columnar engine.

    These are few and not counted yet; many pieces' left together cost hardly more than one's.
    """
    lib = library()
    if lib is None:
        return _all_in_columns(part.piece() if isinstance(part, Stretch) else part, file), None
    scanner = _scanner(lib)
    if not scanner.scan(part):
        raise MemoryError
    lines, dull, slow = scanner.counts[:3]
    if isinstance(part, Piece) and slow == lines:
        return _all_in_columns(part, file), None
    overlong = part.overlong if isinstance(part, Piece) else scanner.overlong
    reading = Reading(lines=lines - slow + overlong, broken=overlong + scanner.counts[7], not_of_interest=dull)
    for _ in range(overlong):
        reading.sample(file, part.offset, TOO_LONG)
    from mail_audit.events.native.frames import put_frames  # loads Polars; in another thread it is under way by now

    put_frames(reading, scanner, file)
    return reading, scanner.slow(part) if slow else None


def _all_in_columns(piece: Piece, file: int) -> Reading:
    from mail_audit.events import columns

    return columns.read_piece(piece, file)


class Left:
    """Lines of one file that the scanner left, put together from several pieces."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.starts: list[int] = []

    def add(self, piece: Piece) -> Piece | None:
        """Keep these lines too; gives back all that is kept where it is much."""
        if self.data and not self.data.endswith(b"\n"):
            self.data += b"\n"
        self.data += piece.data
        self.starts += piece.starts or []
        return self.take() if len(self.data) > MUCH else None

    def take(self) -> Piece | None:
        """All that is kept, and nothing is kept any more."""
        if not self.data:
            return None
        piece = Piece(bytes(self.data), self.starts[0], 0, 0, self.starts)
        self.data, self.starts = bytearray(), []
        return piece
