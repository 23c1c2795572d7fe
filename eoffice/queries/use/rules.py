"""What decides the class of somebody's use of the e-office, each number with its reason; and the office's hours.

`docs/use.md` tells the same to whoever is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendar import is_working_day, working_days
from core.errors import InputError
from core.words import Text

CLASSES = ("regular", "occasional", "delegated", "none", "unknown")
"""As for e-mail, but for the two that only mail has: nothing is forwarded here, and no device acts by itself."""
REGULAR_SHARE = 0.5
"""Share of the turns answered by one's own hand from which use is regular: as for e-mail, half of the occasions."""
JUDGED_AFTER_HOURS = 16
"""So many working hours (two working days) a turn without a deadline may wait before anybody is said to leave it:
somebody who is out for a day has not stayed away."""
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13), time(17)))
"""Eight hours a day, the usual ones: offices that begin earlier count the same eight."""
LONGEST_DAYS = 366
"""Of one period."""
WINDOW = timedelta(days=400)
"""What waits for longer than so much before the period waits since then: waits are counted day by day."""


@dataclass(frozen=True, slots=True)
class UsePeriod:
    """The days from `first` to `last`, both included, on the clocks of `zone`, as they stand at `now`.

    What happens after the last day changes nothing that is said of the period. Raises `InputError` for days in the
    wrong order and for more than a year.
    """

    first: date
    last: date
    zone: str
    now: datetime

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise InputError(
                Text(
                    f"Kỳ phải có từ 1 đến {LONGEST_DAYS} ngày.",
                    f"The period must have from 1 to {LONGEST_DAYS} days.",
                )
            )

    @property
    def begin(self) -> datetime:
        """The first moment of it."""
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The moment after it, or now where it is not over."""
        return min(self.now, _midnight(self.last + timedelta(days=1), self.zone))

    @property
    def today(self) -> date:
        """The day on which deadlines are looked at: a deadline before it has passed."""
        return self.until.astimezone(ZoneInfo(self.zone)).date()

    @property
    def offset(self) -> int:
        """Seconds that the clocks are ahead of UTC at the period's end."""
        ahead = self.until.astimezone(ZoneInfo(self.zone)).utcoffset()
        return 0 if ahead is None else int(ahead.total_seconds())

    def worked(self) -> list[tuple[int, int, int]]:
        """Of each day that counts: its number since 1970, the working seconds before it, whether it is worked."""
        day, before, rows = self.first - WINDOW, 0, list[tuple[int, int, int]]()
        while day <= max(self.first, self.today):
            works = int(is_working_day(day))
            rows.append(((day - date(1970, 1, 1)).days, before, works))
            before += works * seconds_a_day()
            day += timedelta(days=1)
        return rows

    def covered(self, since: date) -> int:
        """Working days of the period from `since` on that have begun."""
        return len(working_days(max(self.first, since), min(self.last, self.today)))

    @property
    def working(self) -> int:
        """Working days of the period."""
        return len(working_days(self.first, self.last))


def office_seconds() -> tuple[tuple[int, int], ...]:
    """The office's hours as seconds since midnight: begin and end of each half of the day."""
    return tuple((_seconds(begin), _seconds(end)) for begin, end in OFFICE_HOURS)


def seconds_a_day() -> int:
    """Working seconds of a working day."""
    return sum(end - begin for begin, end in office_seconds())


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
