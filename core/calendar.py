"""Working days in Viet Nam: Monday to Friday without the public holidays, the lunar ones and the days off in lieu.

The holidays, with the days the government moves, come from the library `holidays`, which follows the yearly notices.
A Saturday made a working day in exchange stays a day off here: offices differ, and nobody is counted absent for it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of `year` in Viet Nam, observed days included."""
    import holidays

    return frozenset(holidays.country_holidays("VN", years=year, observed=True))


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def working_day_after(day: date, number: int) -> date:
    """The working day that is `number` working days after `day`."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included, in order; empty when `last` is before `first`."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if is_working_day(day)]


def day_in(zone: str, moment: datetime) -> date:
    """The day it is at `moment` on the clocks of `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()
