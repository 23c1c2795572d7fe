"""Days and hours where the officials work: stamps on a server's local clock to UTC, and UTC to local days.

Most zones keep one offset over a period (Asia/Ho_Chi_Minh always does); then a day is one subtraction. Where the
offset changes, Polars' own zone arithmetic is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import InputError
from core.words import Text

if TYPE_CHECKING:
    import polars as pl

DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name."""

    name: str

    @classmethod
    def named(cls, name: str) -> Zone:
        """The zone called `name`; raises InputError where there is none."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InputError(
                Text(
                    f"Không có múi giờ “{name}”; hãy ghi tên như Asia/Ho_Chi_Minh.",
                    f"There is no time zone “{name}”; write a name like Asia/Ho_Chi_Minh.",
                )
            ) from error
        return cls(name)

    def _one_offset(self, low: int, high: int) -> int | None:
        """The offset from UTC in microseconds if it is the same from `low` to `high` (microseconds), else None."""
        zone, offsets = ZoneInfo(self.name), set()
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=low - DAY)
        end = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=high + DAY)
        while moment <= end + timedelta(days=7):
            offsets.add(moment.astimezone(zone).utcoffset())
            moment += timedelta(days=7)
        if len(offsets) != 1:
            return None
        offset = offsets.pop() or timedelta()
        return offset // timedelta(microseconds=1)

    def to_utc(self, local: pl.Series) -> pl.Series:
        """Microseconds on the local clock to microseconds UTC; an hour that happened twice is taken as the first."""
        if local.is_empty():
            return local
        offset = self._one_offset(_int(local.min()), _int(local.max()))
        if offset is not None:
            return local - offset
        moments = local.cast(_datetime()).dt.replace_time_zone(self.name, ambiguous="earliest", non_existent="null")
        return moments.to_physical().fill_null(local)

    def begins(self, day: date) -> int:
        """The first microsecond UTC of a local day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.name))
        return (midnight.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

    def local(self, at: pl.Series) -> pl.Series:
        """Microseconds UTC to microseconds on the local clock."""
        if at.is_empty():
            return at
        offset = self._one_offset(_int(at.min()), _int(at.max()))
        if offset is not None:
            return at + offset
        moments = at.cast(_datetime()).dt.replace_time_zone("UTC").dt.convert_time_zone(self.name)
        return moments.dt.replace_time_zone(None).to_physical()

    def days(self, at: pl.Series) -> pl.Series:
        """Microseconds UTC to local days since 1970."""
        from polars import Int32

        return (self.local(at) // DAY).cast(Int32)


def _datetime() -> pl.Datetime:
    """Loaded here: a zone is named before anything else is asked for."""
    from polars import Datetime

    return Datetime("us")


def _int(value: object) -> int:
    return int(value) if isinstance(value, int) else 0


def to_date(day: int) -> date:
    """A day since 1970 as a date."""
    return _EPOCH + timedelta(days=day)


def to_day(day: date) -> int:
    """A date as days since 1970."""
    return (day - _EPOCH).days
