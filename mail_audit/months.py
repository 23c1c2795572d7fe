"""Calendar months: the pieces in which use is judged, so that files and store give the same figures.

What one event means may depend on others around it: a poller is known by weeks of log-ins, a message by hops before and
after midnight. So every month is judged on its own days, with `LOOK_BACK` days before it and `SIDES` days on either
side for messages that were under way, wherever the logs have them. A longer period is its months one after another;
days of different months never change each other beyond that window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import InputError
from core.words import Text
from mail_audit.zones import Zone

LOOK_BACK = 30
"""Days before a month that help to judge it."""
SIDES = 6
"""Days around a month in which its messages may have begun or ended (Postfix gives a message up after five)."""
_ONE = timedelta(days=1)


YEARS = (2000, 2100)
"""The first and the last year whose days can be asked for: others are slips of the pen, such as 0026 for 2026."""


def check_years(*days: date | None) -> None:
    """Raise InputError for a day of a year that no log tells of."""
    for day in days:
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise InputError(
                Text(
                    f"Năm {day.year:04} không thể có trong nhật ký; hãy ghi ngày từ năm {YEARS[0]} đến {YEARS[1]}.",
                    f"No log tells of the year {day.year:04}; please give days from {YEARS[0]} to {YEARS[1]}.",
                )
            )


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of `day`."""
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next().first - _ONE

    @property
    def opens(self) -> date:
        """The first day whose events help to judge it."""
        return self.first - timedelta(days=LOOK_BACK + SIDES)

    @property
    def closes(self) -> date:
        """The last day whose events help to judge it."""
        return self.last + timedelta(days=SIDES)

    @property
    def name(self) -> str:
        """As it is written in file names and listings: `2026-10`."""
        return f"{self.first:%Y-%m}"

    def next(self) -> Month:
        """The month after it."""
        return Month.of(self.first + timedelta(days=31))

    def bounds(self, zone: Zone) -> tuple[int, int]:
        """Microseconds UTC from the beginning of `opens` to before the day after `closes`."""
        return zone.begins(self.opens), zone.begins(self.closes + _ONE)


def months(first: date, last: date) -> Iterator[Month]:
    """The months that hold a day from `first` to `last`, in order."""
    month = Month.of(first)
    while month.first <= last:
        yield month
        month = month.next()


def judged_by(first: date, last: date) -> Iterator[Month]:
    """The months that events of the days from `first` to `last` help to judge, in order."""
    earliest = Month.of(first - timedelta(days=SIDES))
    for month in months(earliest.first, last + timedelta(days=LOOK_BACK + SIDES)):
        if month.opens <= last and first <= month.closes:
            yield month


def month_named(name: str) -> Month:
    """The month that `Month.name` names; ValueError for anything else."""
    return Month(date.fromisoformat(f"{name}-01"))
