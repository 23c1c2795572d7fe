"""When something is done: no service looks at a clock, its caller says what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment (UTC), and which day that is at the office."""

    now: datetime
    today: date
