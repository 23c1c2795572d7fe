"""What the native scanner took out of a piece, as frames of events."""

from __future__ import annotations

import ctypes

import polars as pl

from mail_audit.events.found import Reading
from mail_audit.events.native.arrow import ArrowArray, number_series, text_series
from mail_audit.events.native.layout import Taken
from mail_audit.events.native.scanner import COUNTS, Scanner
from mail_audit.events.reading import COLUMNS, ID, MENTION, NAME, NUMBER, PLACE
from mail_audit.events.stamps import clock_of

_AT, _OFFSET = -2, -1
_CELLS: dict[type[pl.DataType], type[pl.DataType]] = {NAME: pl.UInt32, ID: ID, NUMBER: NUMBER, MENTION: pl.UInt8}


class Names:
    """The texts behind a scanner's names, by their numbers; kept from piece to piece as the scanner does."""

    def __init__(self) -> None:
        self.texts = pl.Series(dtype=NAME)
        self._forgotten = 0

    def learn(self, scanner: Scanner) -> None:
        """Take over the names that are new since the last piece."""
        known, forgotten = scanner.counts[5:7]
        if forgotten != self._forgotten:
            self.texts, self._forgotten = self.texts.clear(), forgotten
        if len(self.texts) < known:
            array = ArrowArray()
            if scanner.lib.vanthu_names(scanner.handle, len(self.texts), ctypes.byref(array)):
                raise MemoryError
            self.texts = self.texts.append(text_series(array).cast(NAME)).rechunk()


def put_frames(reading: Reading, scanner: Scanner, file: int) -> None:
    """Add what `scanner` took of a piece of file number `file` to `reading`: events, and when lines were written."""
    names = scanner.names = scanner.names or Names()
    names.learn(scanner)
    triples = scanner.times()
    hosts = {host: None if host < 0 else names.texts[host] for host in {host for _, host, _ in triples}}
    reading.times = {(file, clock, hosts[host], quarter) for clock, host, quarter in triples}
    for number, taken in enumerate(scanner.plan.taken):
        if scanner.counts[COUNTS + number]:
            reading.add(taken.pattern.kind, _frame(scanner, names.texts, number, taken, file))


def _frame(scanner: Scanner, names: pl.Series, number: int, taken: Taken, file: int) -> pl.DataFrame:
    """The rows of pattern `number`; all columns are made in one call, for there are many and most are short."""
    kinds: dict[str, type[pl.DataType]] = {"host": NAME, **COLUMNS[taken.pattern.kind]}
    held = {"at": _cells(scanner, number, _AT, NUMBER), "offset": _cells(scanner, number, _OFFSET, NUMBER)}
    held |= {name: _cells(scanner, number, column, kinds[name]) for column, name in enumerate(taken.columns)}
    texts = pl.lit(names)

    def column(name: str) -> pl.Expr:
        kind = kinds[name]
        if name not in held:
            return pl.lit(None, dtype=kind).alias(name)
        cells = pl.col(name)
        return texts.gather(cells).alias(name) if kind is NAME else cells.cast(MENTION) if kind is MENTION else cells

    return pl.DataFrame(held).select(
        pl.lit(int(clock_of(taken.head)), dtype=PLACE["clock"]).alias("clock"),
        "at",
        column("host") if "host" in held else pl.lit("", dtype=NAME).alias("host"),
        pl.lit(file, dtype=PLACE["file"]).alias("file"),
        "offset",
        *(column(name) for name in COLUMNS[taken.pattern.kind]),
    )


def _cells(scanner: Scanner, number: int, column: int, kind: type[pl.DataType]) -> pl.Series:
    """One column of what pattern `number` took, as the scanner has it: names are numbers."""
    array = ArrowArray()
    if scanner.lib.vanthu_column(scanner.handle, number, column, ctypes.byref(array)):
        raise MemoryError
    return number_series(array, _CELLS[kind])
