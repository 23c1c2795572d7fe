"""A sample city whose log grows night by night, is rotated and packed, and is collected each night."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.db import unit_of_work
from core.directory.roster import Roster
from core.directory.rosterfile import read_roster
from core.directory.services import import_roster
from core.permissions import Actor, Role
from core.settings import Settings
from mail_audit.report.as_json import as_dict
from mail_audit.report.model import Report
from mail_audit.sample import Layout, Truth, Volume, build
from mail_audit.services import collecting

ADMINISTRATOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
VOLUME = Volume(citizens=0.03, bulletin=0.03, poll_gap=14400, report_hours=8, attacks=1)
KEPT_NAMES = 7


class NightlyCity:
    """A city of `days` days from `first` on: its whole log, and the folder in which it grows."""

    def __init__(self, folder: Path, first: date, days: int) -> None:
        self.truth: Truth = build(
            folder / "city", first=first, days=days, volume=VOLUME, layout=Layout(two_hosts=False, rotate_days=0)
        )
        self.first, self.days = first, days
        self.last = first + timedelta(days=days - 1)
        (log,) = [path for path in (folder / "city" / "logs").rglob("*") if path.is_file()]
        self.text = log.read_bytes()
        self.folder = folder / "logs"
        self.folder.mkdir()
        self.roster: Roster = read_roster(folder / "city" / self.truth.directory)

    def nights(self) -> Iterator[date]:
        """Let a day after another be written, in the middle of a line; the file is rotated once a week."""
        lines = self.text.splitlines(keepends=True)
        written = end = 0
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            stamp = f"{day:%b} {day.day:2d} ".encode()
            end = max((at + 1 for at, line in enumerate(lines) if line.startswith(stamp)), default=end)
            whole = (number + 1) % KEPT_NAMES == 0  # rotated before the next line is written
            size = sum(map(len, lines[:end])) - (0 if whole else 11)  # a line that is half written
            if number + 1 == self.days:
                size = len(self.text)
            if number % KEPT_NAMES == 0 and number:
                self._rotate()
            with (self.folder / "mail.log").open("ab") as log:
                log.write(self.text[written : max(written, size)])
            written = max(written, size)
            self._dated(self.folder / "mail.log", day)
            yield day

    def _rotate(self) -> None:
        old = self.folder / "mail.log.1"
        if old.exists():
            number = len(list(self.folder.glob("*.gz"))) + 2
            packed = self.folder / f"mail.log.{number}.gz"
            packed.write_bytes(gzip.compress(old.read_bytes(), mtime=0))
            os.utime(packed, (old.stat().st_mtime,) * 2)
        (self.folder / "mail.log").rename(old)

    def _dated(self, path: Path, day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 16, 59, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))

    def follow(self, settings: Settings) -> int:
        """Put the directory in and make the folder a source: its id."""
        with unit_of_work(settings) as session:
            import_roster(session, ADMINISTRATOR, roster=self.roster)
            return collecting.add_source(session, ADMINISTRATOR, name="mail", paths=[self.folder])


def collect(settings: Settings, source: int) -> None:
    """One night's collection."""
    (done,) = collecting.collect(settings, ADMINISTRATOR, source_ids=[source])
    assert done.problems == ()


def document(report: Report) -> dict[str, Any]:
    """The whole JSON but the names of files and what goes with them."""
    whole = as_dict(report)
    whole["coverage"] = {
        name: value for name, value in whole["coverage"].items() if name not in ("files", "copies", "broken_samples")
    }
    return whole
