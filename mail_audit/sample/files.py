"""Where the lines go: files per stream, rotated, named and compressed as logrotate does it, with the right mtime."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Literal, cast

import zstandard

from mail_audit.sample.postoffice import SECOND, Lines
from mail_audit.sample.transport import STYLES, Style, epoch
from mail_audit.sample.truth import FileTruth

Compression = Literal["plain", "gz", "xz", "zst", "bz2"]
SUFFIX: dict[Compression, str] = {"plain": "", "gz": ".gz", "xz": ".xz", "zst": ".zst", "bz2": ".bz2"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the logs of the sample are laid out on disk."""

    two_hosts: bool = True
    """mail1 runs Postfix and the filter, mail2 the store; otherwise one host writes one file."""
    mta_style: Style = "rfc3164"
    """Style of mail1's file, or of the only file."""
    store_style: Style = "iso"
    """Style of mail2's file; with one host, `dovecot` gives Dovecot a file of its own, anything else is ignored."""
    rotate_days: int = 7
    """Days in one file; 0 keeps everything in one file."""
    names: Literal["number", "date"] = "number"
    """Rotated files are called mail.log.1, mail.log.2.gz or mail.log-20261005.gz."""
    compressions: tuple[Compression, ...] = ("plain", "gz")
    """Of the first rotated file, the second, and so on; the last is kept for all older ones."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One log: its folder, host, style, and whether it takes the mail server's and the store's lines."""

    path: str
    host: str
    style: Style
    mta: bool
    store: bool


def streams(layout: Layout) -> tuple[Stream, ...]:
    """The logs a layout has."""
    if layout.two_hosts:
        second = "dovecot.log" if layout.store_style == "dovecot" else "mail.log"
        return (
            Stream("mail1/mail.log", "mail1", layout.mta_style, True, False),
            Stream(f"mail2/{second}", "mail2", layout.store_style, False, True),
        )
    if layout.store_style == "dovecot":
        return (
            Stream("mail.log", "mail1", layout.mta_style, True, False),
            Stream("dovecot.log", "mail1", "dovecot", False, True),
        )
    return (Stream("mail.log", "mail1", layout.mta_style, True, True),)


def pieces(days: Sequence[date], rotate_days: int) -> list[list[date]]:
    """The covered days split into files, oldest first, at every `rotate_days` days of the calendar."""
    if not rotate_days:
        return [list(days)]
    found: dict[int, list[date]] = {}
    for day in days:
        found.setdefault((day - days[0]).days // rotate_days, []).append(day)
    return list(found.values())


def _open(path: Path, compression: Compression) -> IO[bytes]:
    if compression == "gz":
        return cast(
            "IO[bytes]", gzip.GzipFile(filename="", fileobj=path.open("wb"), mode="wb", compresslevel=4, mtime=0)
        )
    if compression == "xz":
        return lzma.open(path, "wb", preset=1)
    if compression == "bz2":
        return bz2.open(path, "wb", compresslevel=3)
    if compression == "zst":
        return zstandard.ZstdCompressor(level=3).stream_writer(path.open("wb"))
    return path.open("wb")


class Writer:
    """Writes one stream, day by day, into its rotated files."""

    def __init__(self, folder: Path, stream: Stream, layout: Layout, days: Sequence[date]) -> None:
        self.folder = folder
        self.stream = stream
        self.layout = layout
        self.pieces = pieces(days, layout.rotate_days)
        self.where = {day: index for index, piece in enumerate(self.pieces) for day in piece}
        self.current = -1
        self.handle: IO[bytes] | None = None
        self.last_at = 0
        self.lines = 0
        self.files: list[FileTruth] = []
        self.name = ""

    def target(self, index: int) -> tuple[str, Compression]:
        """Path and compression of the `index`-th piece; the newest is the unrotated file."""
        age = len(self.pieces) - 1 - index
        if age == 0:
            return self.stream.path, "plain"
        kinds = self.layout.compressions
        kind = kinds[min(age, len(kinds)) - 1]
        after = self.pieces[index][-1] + timedelta(days=1)
        rotated = f".{age}" if self.layout.names == "number" else f"-{after:%Y%m%d}"
        return f"{self.stream.path}{rotated}{SUFFIX[kind]}", kind

    def write(self, day: date, lines: Lines) -> None:
        """Appends one day's sorted lines."""
        index = self.where[day]
        if index != self.current:
            self.close()
            self.current = index
            self.name, kind = self.target(index)
            path = self.folder / self.name
            path.parent.mkdir(parents=True, exist_ok=True)
            self.handle = _open(path, kind)
        if self.handle is None or not lines:
            return
        self.handle.write(STYLES[self.stream.style](lines, day, self.stream.host).encode())
        self.lines += len(lines)
        self.last_at = epoch(day) + lines[-1][0]

    def close(self) -> None:
        """Closes the file in hand; its mtime becomes the time of its last line, as on a server."""
        if self.handle is None:
            return
        raw = getattr(self.handle, "fileobj", None)
        self.handle.close()
        if isinstance(raw, io.IOBase):
            raw.close()
        seconds = self.last_at / SECOND
        os.utime(self.folder / self.name, (seconds, seconds))
        piece = self.pieces[self.current]
        self.files.append(FileTruth(self.name, self.stream.host, self.stream.style, self.lines, piece[0], piece[-1]))
        self.handle, self.lines = None, 0
