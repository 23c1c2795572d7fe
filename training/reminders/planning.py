"""The days of reminders, counted from the day a course is due.

- The learner is reminded 14, 7, 3 and 1 days before; where that is no working day, on the working day before it.
- The head of the unit is told when the learner is 1 day and 7 days late.
- Nothing goes out while the learner is away, and days away make nobody later: who is away on the last day has the first
  day back as the last one. Of reminders that fell into the absence only the nearest is left to send.
- Nobody is reminded on the day something was assigned, nor of a day that had passed by then.

Each kind goes out once. A kind that was overtaken by a nearer one is never sent: one message says all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from core.calendar import is_working_day

Kind = Literal["before_14", "before_7", "before_3", "before_1", "head_1", "head_7"]
BEFORE: dict[Kind, int] = {"before_14": 14, "before_7": 7, "before_3": 3, "before_1": 1}
"""To the learner -> days before the course is due."""
AFTER: dict[Kind, int] = {"head_1": 1, "head_7": 7}
"""To the head of the unit -> days the learner is late."""
KINDS: tuple[Kind, ...] = (*BEFORE, *AFTER)
_ONE = timedelta(days=1)
LONGEST_ABSENCE = 731
"""Days: who is away for longer is not followed until it has ended."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, both included; `last` None: until it is ended."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Following:
    """What decides about reminders of one assignment: since when, until when, days away, what went out already."""

    since: date
    due: date
    away: tuple[Absence, ...] = ()
    sent: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that goes out on `day` if nothing changes."""

    day: date
    kind: Kind


def is_to_head(kind: Kind) -> bool:
    """Whether it goes to the head of the unit, and not to the learner."""
    return kind in AFTER


def is_away(one: Following, day: date) -> bool:
    """Whether the learner is away on that day."""
    return any(absence.holds(day) for absence in one.away)


def last_day(one: Following) -> date | None:
    """The day the course is due, or the first day back for who is away then; None while no return is in sight."""
    day = one.due
    for _ in range(LONGEST_ABSENCE):
        if not is_away(one, day):
            return day
        day += _ONE
    return None


def to_send(one: Following, today: date) -> Kind | None:
    """What goes out on that day, which need not be the very day it was meant for: a missed day is made up for."""
    if is_away(one, today):
        return None
    end = last_day(one)
    if end is None:
        return None
    return _before(one, today) if today <= end else _after(one, end, today)


def coming(one: Following, first: date, last: date) -> Iterator[Coming]:
    """What goes out from `first` to `last`, both included, on working days."""
    left = one
    for day in _days_to_look_at(one, first, last):
        kind = to_send(left, day) if day <= last else None
        if kind is not None:
            yield Coming(day, kind)
            left = replace(left, sent=left.sent | {kind})


def _days_to_look_at(one: Following, first: date, last: date) -> list[date]:
    """The working days on which something may go out; of who is never away these are few, and known at once."""
    if one.away:
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [day for day in every if _works(day)]
    before = (_working_day_until(one.due - timedelta(days=number)) for number in BEFORE.values())
    after = (_working_day_from(one.due + timedelta(days=number)) for number in AFTER.values())
    return sorted({_working_day_from(first), *(day for day in (*before, *after) if day >= first)})


def _before(one: Following, today: date) -> Kind | None:
    """The nearest reminder whose day has come, where neither it nor a nearer one went out."""
    for kind in reversed(BEFORE):
        if kind in one.sent:
            return None
        day = _working_day_until(one.due - timedelta(days=BEFORE[kind]))
        if one.since < day <= today:
            return kind
    return None


def _after(one: Following, end: date, today: date) -> Kind | None:
    late = _days_late(one, end, today)
    for kind in reversed(AFTER):
        if kind in one.sent:
            return None
        if late >= AFTER[kind]:
            return kind
    return None


def _days_late(one: Following, end: date, today: date) -> int:
    """Days after the last one on which the learner was there; no more than are asked about."""
    most, late, day = max(AFTER.values()), 0, today
    while day > end and late < most:
        late += not is_away(one, day)
        day -= _ONE
    return late


@lru_cache(maxsize=4_096)
def _works(day: date) -> bool:
    return is_working_day(day)


@lru_cache(maxsize=4_096)
def _working_day_until(day: date) -> date:
    """The day itself, or the working day before it."""
    while not _works(day):
        day -= _ONE
    return day


@lru_cache(maxsize=4_096)
def _working_day_from(day: date) -> date:
    """The day itself, or the working day after it."""
    while not _works(day):
        day += _ONE
    return day
