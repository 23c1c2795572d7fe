"""A small city's logs as they reach a folder over the days: growing, rotated, packed, and once more as a copy."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mail_audit.sample.build import DIRECTORY, build
from mail_audit.sample.day import Volume
from mail_audit.sample.files import Layout

FIRST, LAST = date(2026, 9, 26), date(2026, 10, 5)
WRITTEN = datetime(2026, 10, 20, tzinfo=UTC).timestamp()
VOLUME = Volume(citizens=0.02, bulletin=0.02, poll_gap=14_400, report_hours=4, attacks=1)


@dataclass(frozen=True)
class City:
    """The directory, and the whole log of each of two servers (one without years, one with)."""

    directory: Path
    logs: dict[str, bytes]


def make_city(folder: Path) -> City:
    """Ten days over the end of a month, so that two months are measured."""
    build(folder, officials=30, first=FIRST, days=10, layout=Layout(rotate_days=0), volume=VOLUME, missing=())
    logs = {path.parent.name: path.read_bytes() for path in sorted((folder / "logs").rglob("mail.log"))}
    assert len(logs) == 2
    return City(folder / DIRECTORY, logs)


class Folder:
    """The folder of one server, at one stage after another; cuts are where they are, in the middle of a line or not."""

    def __init__(self, folder: Path, text: bytes) -> None:
        self.folder, self.text, self.read = folder, text, 0
        folder.mkdir(parents=True)
        self.log = folder / "mail.log"

    def grow(self, share: float) -> None:
        """The server has written up to this share of all it will write."""
        stop = int(len(self.text) * share)
        with self.log.open("ab") as stream:
            stream.write(self.text[self.read : stop])
        self.read = stop
        os.utime(self.log, (WRITTEN, WRITTEN))

    def rotate(self) -> None:
        """As logrotate does it, with the second one packed."""
        older, packed = self.folder / "mail.log.1", self.folder / "mail.log.2.gz"
        if older.exists():
            packed.write_bytes(gzip.compress(older.read_bytes(), mtime=0))
            os.utime(packed, (WRITTEN, WRITTEN))
            older.unlink()
        self.log.rename(older)

    def copy(self) -> None:
        """Somebody delivers the same again under another name."""
        place = self.folder / "copy-of-mail.gz"
        place.write_bytes(gzip.compress(self.log.read_bytes(), mtime=0))
        os.utime(place, (WRITTEN, WRITTEN))


def _rotated(folder: Folder) -> None:
    folder.grow(0.72)
    folder.rotate()
    folder.grow(0.8)


def _rotated_again(folder: Folder) -> None:
    folder.grow(0.84)
    folder.rotate()
    folder.grow(0.95)


def _ended(folder: Folder) -> None:
    folder.copy()
    folder.grow(1)


STAGES: tuple[Callable[[Folder], None], ...] = (
    lambda folder: folder.grow(0.35),
    lambda folder: folder.grow(0.6),
    _rotated,
    _rotated_again,
    _ended,
)
"""What happens between two collections."""
