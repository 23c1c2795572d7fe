"""What is known of all officials at one moment, in columns: the one thing that every rule is read against.

`NEVER` stands where something did not happen. Days are numbers of days, working days where use is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.directory.name_order import folded

NEVER = np.iinfo(np.int32).max
"""Days ago, of what never was: longer ago than anything."""
UNKNOWN = "unknown"
_WORD = re.compile(r"\w+")
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]
Words = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class WindowUse:
    """One official in one window, as `mail_audit.queries.running.MailUse` says it; and the class of e-office use."""

    mail_class: str = UNKNOWN
    active_days: int = 0
    covered_days: int = 0
    own_days: int = 0
    has_mailbox: bool = True
    office_class: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Person:
    """One official: row and number, name, main post, use in the two windows (the earlier first), courses.

    `done`: course -> days since it was last done. `ended`: course -> days since an assignment of it was done or taken
    back. `open`: courses still to be done. `exempt`: courses they need not do today (`*`: any).
    """

    official: int
    number: str
    name: str
    unit: str
    title: str
    rank: str
    use: tuple[WindowUse, WindowUse] = (WindowUse(), WindowUse())
    done: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `first` to `last` and, in columns, what each official did in them."""

    first: date
    last: date
    mail_class: Words
    active_days: Numbers
    covered_days: Numbers
    own_days: Numbers
    has_mailbox: Flags
    office_class: Words


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All officials in post on `today`: `people` by row, and what rules ask for as columns in the same order.

    `above` leads from each unit's key to its own and all above it; `days_back` is how long ago the earlier window
    began, in days before `today`.
    """

    today: date
    people: tuple[Person, ...]
    earlier: Window
    later: Window
    unit: Words
    rank: Words
    titles: tuple[str, ...]
    """As `spaced` writes them."""
    above: Mapping[str, frozenset[str]]

    @property
    def windows(self) -> tuple[Window, Window]:
        """Both, the earlier one first."""
        return self.earlier, self.later

    @property
    def days_back(self) -> int:
        """How many days ago the earlier window began."""
        return (self.today - self.earlier.first).days

    @classmethod
    def of(
        cls,
        people: Iterable[Person],
        *,
        today: date,
        days: tuple[tuple[date, date], tuple[date, date]],
        above: Mapping[str, frozenset[str]],
    ) -> Snapshot:
        """The snapshot of these people, `days` being first and last day of the two windows."""
        rows = tuple(people)
        earlier, later = (_window(rows, number, *days[number]) for number in (0, 1))
        return cls(
            today=today,
            people=rows,
            earlier=earlier,
            later=later,
            unit=_words(one.unit for one in rows),
            rank=_words(one.rank for one in rows),
            titles=tuple(spaced(one.title) for one in rows),
            above=above,
        )

    def only(self, places: Sequence[int]) -> Snapshot:
        """The same of some of them alone, in this order."""
        days = ((self.earlier.first, self.earlier.last), (self.later.first, self.later.last))
        return Snapshot.of((self.people[place] for place in places), today=self.today, days=days, above=self.above)

    def days_since_done(self, course_key: str) -> Numbers:
        """Days since each did the course last; `NEVER` for who did not."""
        return _numbers(one.done.get(course_key, NEVER) for one in self.people)

    def days_since_end(self, course_key: str) -> Numbers:
        """Days since each last had the course behind them, done or taken back; `NEVER` for who had it not."""
        return _numbers(one.ended.get(course_key, NEVER) for one in self.people)

    def has_open(self, course_key: str) -> Flags:
        """Who has the course still to do."""
        return np.fromiter((course_key in one.open for one in self.people), np.bool_, len(self.people))

    def is_exempt(self, course_key: str) -> Flags:
        """Who need not do the course today."""
        either = {course_key, "*"}
        return np.fromiter((not either.isdisjoint(one.exempt) for one in self.people), np.bool_, len(self.people))


def spaced(text: str) -> str:
    """The words of a text without marks, in small letters, each with a space on both sides: for finding whole words."""
    return f" {' '.join(_WORD.findall(folded(text)))} "


def _window(people: tuple[Person, ...], number: int, first: date, last: date) -> Window:
    use = [one.use[number] for one in people]
    return Window(
        first=first,
        last=last,
        mail_class=_words(one.mail_class for one in use),
        active_days=_numbers(one.active_days for one in use),
        covered_days=_numbers(one.covered_days for one in use),
        own_days=_numbers(one.own_days for one in use),
        has_mailbox=np.fromiter((one.has_mailbox for one in use), np.bool_, len(use)),
        office_class=_words(one.office_class for one in use),
    )


def _words(values: Iterable[str]) -> Words:
    return np.array(list(values), dtype=np.str_)


def _numbers(values: Iterable[int]) -> Numbers:
    return np.array(list(values), dtype=np.int32)
