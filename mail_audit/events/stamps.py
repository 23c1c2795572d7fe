"""Time stamps of log lines, before the year and the zone of the file are known.

A stamp is microseconds since 1970 on one of three clocks: UTC where the line names its zone, the server's local time
where it names only the date, and local time of the year 2000 (a leap year) where it does not even name the year.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

from mail_audit.formats import Head

_MICROSECOND = 1_000_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(IntEnum):
    """What a stamp counts from."""

    UTC = 0
    LOCAL = 1
    YEARLESS = 2


class Stamp(NamedTuple):
    """Microseconds on a clock."""

    clock: Clock
    at: int


def clock_of(head: Head) -> Clock:
    """The clock of every stamp with this head."""
    return Clock.UTC if head.zoned else Clock.YEARLESS if head.yearless else Clock.LOCAL


def parse_stamp(text: str, head: Head) -> Stamp | None:
    """The stamp of one line, None for a day that does not exist. `text` is what the head's expression takes."""
    try:
        if head.zoned:
            moment = datetime.fromisoformat(_shortened(text))
        elif head.yearless:
            month = _MONTHS.index(text[:3]) + 1
            moment = datetime.fromisoformat(f"2000-{month:02}-{int(text[4:6]):02}{text[6:]}").replace(tzinfo=UTC)
        else:
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    passed = moment - _EPOCH
    return Stamp(clock_of(head), (passed.days * 86_400 + passed.seconds) * _MICROSECOND + passed.microseconds)


def _shortened(text: str) -> str:
    """`text` with at most six digits of a second: the columns count microseconds too."""
    head, point, tail = text.partition(".")
    if not point:
        return text
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[: min(digits, 6)]}{tail[digits:]}"
