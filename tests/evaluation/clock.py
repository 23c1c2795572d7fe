"""A clock that is driven: the servers read it, the players set it, and the hours between two acts take no time.

The programs run under libfaketime and read from a file how far their clock is from the machine's. Between two acts the
clock is moved to the time of the next; while an act goes on it runs at its usual pace. It never goes back.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.servers.mail_settings import ZONE


def moment(day: date, hour: float = 0.0) -> float:
    """Seconds since 1970 of an hour (8.5 is half past eight) of a local day."""
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))
    return (begin + timedelta(hours=hour)).timestamp()


def day_of(at: float) -> date:
    """The local day of a moment."""
    return datetime.fromtimestamp(at, ZoneInfo(ZONE)).date()


class Clock:
    """Sets the servers' clock by the file they read it from."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = float(file.read_text("ascii"))

    @property
    def now(self) -> float:
        """What the servers take it to be."""
        return time.time() + self._ahead

    def to(self, at: float) -> None:
        """Move on to `at`; a moment that has passed is left as it is."""
        ahead = at - time.time()
        if ahead <= self._ahead:
            return
        self._ahead = ahead
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{ahead:+.3f}", "ascii")
        fresh.replace(self._file)
