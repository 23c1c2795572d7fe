"""Reading a piece with the native scanner: lines that its tables take become columns, all others go the usual way.

The answer is that of `columns.read_piece`, which also does all the work where the library is not built.
"""

from __future__ import annotations

import ctypes
import threading
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from mail_audit.archives import Piece, Stretch
from mail_audit.events import columns
from mail_audit.events.line import TOO_LONG
from mail_audit.events.native.arrow import ArrowArray, number_series, text_series
from mail_audit.events.native.layout import Plan, Tables, Taken, from_json
from mail_audit.events.reading import COLUMNS, ID, MENTION, NAME, NUMBER, PLACE, Reading, Time
from mail_audit.events.stamps import clock_of

LIBRARY = Path(__file__).with_name("_scan.so")
TABLES = Path(__file__).with_name("_tables.json")
_AT, _OFFSET = -2, -1
_COUNTS = 8
_CELLS: dict[type[pl.DataType], type[pl.DataType]] = {NAME: pl.UInt32, ID: ID, NUMBER: NUMBER, MENTION: pl.UInt8}
BLOCK = 512 << 10
"""So much of a stretch is read and scanned at once: it does not leave the processor's own memory between the two."""
MUCH = 4 << 20
"""Bytes of lines that are worth a search of their own."""
_own = threading.local()


def sources() -> int:
    """What a library is built from, in short: its sources and how its answers are read here."""
    names = ("scan.c", "columns.h", "tables.h", "walk.h", "layout.py", "scanner.py")
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
        ctypes.c_int,
    ]  # fmt: skip
    found.vanthu_counts.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int64)]
    found.vanthu_column.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.POINTER(ArrowArray)]
    found.vanthu_names.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(ArrowArray)]
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


class _Scanner:
    """A scanner of one thread; it keeps its memory from piece to piece."""

    def __init__(self, lib: ctypes.CDLL) -> None:
        self.lib = lib
        with _making:
            self.plan = _plan()
        self.handle = lib.vanthu_open(ctypes.byref(self.plan.tables))
        if not self.handle:
            raise MemoryError
        self.counts = (ctypes.c_int64 * (_COUNTS + len(self.plan.taken)))()
        self.names = pl.Series(dtype=NAME)
        self.forgotten = 0
        self.memory = bytearray()

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self.lib.vanthu_close(self.handle)

    def scan(self, part: Piece | Stretch) -> bool:
        """Read all lines; whether there was memory for it. A stretch is read from its file here, and only once."""
        failed = 0
        if isinstance(part, Stretch):
            self.memory = self.memory or bytearray(BLOCK)
            text = (ctypes.c_char * len(self.memory)).from_buffer(self.memory)
            self.lib.vanthu_scan(self.handle, None, 0, 0, None, 0, 0)
            for size, offset in part.blocks(self.memory):
                failed = failed or self.lib.vanthu_scan(self.handle, text, size, offset, None, 0, 1)
        else:
            starts = None if part.starts is None else (ctypes.c_int64 * len(part.starts))(*part.starts)
            count = 0 if part.starts is None else len(part.starts)
            failed = self.lib.vanthu_scan(self.handle, part.data, len(part.data), part.offset, starts, count, 0)
        self.lib.vanthu_counts(self.handle, self.counts)
        return not failed

    def column(self, number: int, column: int, kind: type[pl.DataType]) -> pl.Series:
        """One column of what pattern `number` took."""
        array = ArrowArray()
        if self.lib.vanthu_column(self.handle, number, column, ctypes.byref(array)):
            raise MemoryError
        cells = number_series(array, _CELLS[kind])
        if kind is NAME:
            return self.names.gather(cells)
        return cells.cast(MENTION) if kind is MENTION else cells

    def learn_names(self) -> None:
        """Take over the names that are new since the last piece."""
        if self.counts[6] != self.forgotten:
            self.names, self.forgotten = self.names.clear(), self.counts[6]
        if len(self.names) < self.counts[5]:
            array = ArrowArray()
            if self.lib.vanthu_names(self.handle, len(self.names), ctypes.byref(array)):
                raise MemoryError
            self.names = self.names.append(text_series(array).cast(NAME)).rechunk()

    def slow(self, part: Piece | Stretch) -> Piece:
        """The lines that were handed back."""
        data = ctypes.string_at(self.lib.vanthu_slow(self.handle), self.counts[3])
        starts = (ctypes.c_int64 * self.counts[2]).from_address(self.lib.vanthu_slow_starts(self.handle))
        return Piece(data, part.offset, part.packed_done, 0, list(starts))

    def times(self, file: int) -> set[Time]:
        """When the lines were written; see `Reading.times`."""
        if not self.counts[4]:
            return set()
        all_of = (ctypes.c_int64 * (3 * self.counts[4])).from_address(self.lib.vanthu_times(self.handle))
        triples = set(zip(all_of[::3], all_of[1::3], all_of[2::3], strict=True))
        hosts = {host: None if host < 0 else self.names[host] for host in {host for _, host, _ in triples}}
        return {(file, clock, hosts[host], quarter) for clock, host, quarter in triples}


def _scanner(lib: ctypes.CDLL) -> _Scanner:
    found: Any = getattr(_own, "scanner", None)
    if found is None:
        found = _own.scanner = _Scanner(lib)
    return found  # type: ignore[no-any-return]


def read_piece(piece: Piece, file: int) -> Reading:
    """The events of one piece of file number `file`."""
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
        return columns.read_piece(part.piece() if isinstance(part, Stretch) else part, file), None
    scanner = _scanner(lib)
    if not scanner.scan(part):
        raise MemoryError
    lines, dull, slow = scanner.counts[:3]
    if isinstance(part, Piece) and slow == lines:
        return columns.read_piece(part, file), None
    broken = part.overlong + scanner.counts[7]
    reading = Reading(lines=lines - slow + part.overlong, broken=broken, not_of_interest=dull)
    for _ in range(part.overlong):
        reading.sample(file, part.offset, TOO_LONG)
    scanner.learn_names()
    reading.times = scanner.times(file)
    for number, taken in enumerate(scanner.plan.taken):
        if scanner.counts[_COUNTS + number]:
            reading.add(taken.pattern.kind, _frame(scanner, number, taken, file))
    return reading, scanner.slow(part) if slow else None


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


def _frame(scanner: _Scanner, number: int, taken: Taken, file: int) -> pl.DataFrame:
    rows = scanner.counts[_COUNTS + number]
    kinds = COLUMNS[taken.pattern.kind]
    columns = {name: order for order, name in enumerate(taken.columns)}
    held = {
        "clock": pl.Series([int(clock_of(taken.head))], dtype=PLACE["clock"]).new_from_index(0, rows),
        "at": scanner.column(number, _AT, NUMBER),
        "host": scanner.column(number, columns["host"], NAME) if "host" in columns else _nameless(rows),
        "file": pl.Series([file], dtype=PLACE["file"]).new_from_index(0, rows),
        "offset": scanner.column(number, _OFFSET, NUMBER),
    }
    for name, kind in kinds.items():
        held[name] = scanner.column(number, columns[name], kind) if name in columns else _nothing(kind, rows)
    return pl.DataFrame(held)


def _nameless(rows: int) -> pl.Series:
    return pl.Series([""], dtype=NAME).new_from_index(0, rows)


def _nothing(kind: type[pl.DataType], rows: int) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, rows)
