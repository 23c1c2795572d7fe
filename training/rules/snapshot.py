"""What is known of all officials at one moment, in columns: the one thing that every rule is read against.

`NEVER` stands where something did not happen. Days are numbers of days, working days where use is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import overload

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
    """One official in one window, as `mail_audit.queries.running.USE` says it; and the class of e-office use."""

    mail_class: str = UNKNOWN
    active_days: int = 0
    covered_days: int = 0
    own_days: int = 0
    has_mailbox: bool = True
    office_class: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Courses:
    """One official's courses.

    `done`: course -> days since it was last done. `ended`: course -> days since an assignment of it was done or taken
    back. `open`: courses still to be done. `exempt`: courses they need not do today (`*`: any).
    """

    done: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)
    open: AbstractSet[str] = frozenset()
    exempt: AbstractSet[str] = frozenset()


NO_COURSES = Courses()


@dataclass(frozen=True, slots=True)
class Person:
    """One official: row and number, name, main post, use in the two windows (the earlier first), courses as `Courses`
    has them.
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
    open: AbstractSet[str] = frozenset()
    exempt: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Who:
    """Officials in columns: row and number, name, and the main post's unit (its key), title and rank."""

    official: Sequence[int]
    number: Sequence[str]
    name: Sequence[str]
    unit: Sequence[str]
    title: Sequence[str]
    rank: Sequence[str]


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

    def of(self, place: int) -> WindowUse:
        """What one official did."""
        return WindowUse(
            mail_class=str(self.mail_class[place]),
            active_days=int(self.active_days[place]),
            covered_days=int(self.covered_days[place]),
            own_days=int(self.own_days[place]),
            has_mailbox=bool(self.has_mailbox[place]),
            office_class=str(self.office_class[place]),
        )

    def only(self, places: Sequence[int]) -> Window:
        """The same of some of them alone, in this order."""
        chosen = np.array(places, dtype=np.int64)
        return Window(
            self.first, self.last, self.mail_class[chosen], self.active_days[chosen], self.covered_days[chosen],
            self.own_days[chosen], self.has_mailbox[chosen], self.office_class[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All officials in post on `today` (`who`), and what rules ask for as columns in the same order.

    `courses` are of those alone who have any, by place. `above` leads from each unit's key to its own and all above it.
    """

    today: date
    who: Who
    earlier: Window
    later: Window
    courses: Mapping[int, Courses]
    above: Mapping[str, frozenset[str]]

    @property
    def people(self) -> People:
        """The same one by one."""
        return People(self)

    @property
    def windows(self) -> tuple[Window, Window]:
        """Both, the earlier one first."""
        return self.earlier, self.later

    @property
    def days_back(self) -> int:
        """How many days ago, before `today`, the earlier window began."""
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
        earlier, later = (_window([one.use[number] for one in rows], *days[number]) for number in (0, 1))
        courses = {
            place: Courses(one.done, one.ended, one.open, one.exempt)
            for place, one in enumerate(rows)
            if one.done or one.ended or one.open or one.exempt
        }
        columns = [[getattr(one, name) for one in rows] for name in _WHO]
        return cls(today, Who(*columns), earlier, later, courses, above)

    def only(self, places: Sequence[int]) -> Snapshot:
        """The same of some of them alone, in this order."""
        columns = [[column[place] for place in places] for column in (getattr(self.who, name) for name in _WHO)]
        courses = {new: self.courses[old] for new, old in enumerate(places) if old in self.courses}
        windows = [one.only(places) for one in self.windows]
        return Snapshot(self.today, Who(*columns), windows[0], windows[1], courses, self.above)

    def days_since_done(self, course_key: str) -> Numbers:
        """Days since each did the course last; `NEVER` for who did not."""
        done = {place: one.done[course_key] for place, one in self.courses.items() if course_key in one.done}
        return self._days(done)

    def days_since_end(self, course_key: str) -> Numbers:
        """Days since each last had the course behind them, done or taken back; `NEVER` for who had it not."""
        ended = {place: one.ended[course_key] for place, one in self.courses.items() if course_key in one.ended}
        return self._days(ended)

    def has_open(self, course_key: str) -> Flags:
        """Who has the course still to do."""
        return self._flags(place for place, one in self.courses.items() if course_key in one.open)

    def is_exempt(self, course_key: str) -> Flags:
        """Who need not do the course today."""
        either = {course_key, "*"}
        return self._flags(place for place, one in self.courses.items() if not either.isdisjoint(one.exempt))

    def is_of(self, units: AbstractSet[str]) -> Flags:
        """Whose main post is in one of these units, by key."""
        return np.fromiter((key in units for key in self.who.unit), np.bool_, len(self.who.unit))

    def has_rank(self, rank: str | None) -> Flags:
        """Whose main post is of that rank."""
        return np.fromiter((one == rank for one in self.who.rank), np.bool_, len(self.who.rank))

    def has_title_with(self, words: Sequence[str]) -> Flags:
        """Whose title holds one of the words, with or without marks."""
        wanted = [spaced(word) for word in words]
        found = {title: any(word in spaced(title) for word in wanted) for title in set(self.who.title)}
        return np.fromiter((found[title] for title in self.who.title), np.bool_, len(self.who.title))

    def _days(self, known: Mapping[int, int]) -> Numbers:
        found: Numbers = np.full(len(self.people), NEVER, dtype=np.int32)
        for place, days in known.items():
            found[place] = days
        return found

    def _flags(self, places: Iterable[int]) -> Flags:
        found: Flags = np.zeros(len(self.people), dtype=np.bool_)
        found[list(places)] = True
        return found


class People(Sequence[Person]):
    """The officials of a snapshot one by one: each is put together when it is asked for."""

    def __init__(self, known: Snapshot) -> None:
        self._known = known

    def __len__(self) -> int:
        return len(self._known.who.official)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Person, ...]: ...
    def __getitem__(self, place: int | slice) -> Person | tuple[Person, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(*place.indices(len(self))))
        at = range(len(self))[place]
        who, courses = self._known.who, self._known.courses.get(at, NO_COURSES)
        return Person(
            who.official[at], who.number[at], who.name[at], who.unit[at], who.title[at], who.rank[at],
            use=(self._known.earlier.of(at), self._known.later.of(at)),
            done=courses.done, ended=courses.ended, open=courses.open, exempt=courses.exempt,
        )  # fmt: skip


_WHO = tuple(Who.__dataclass_fields__)


@lru_cache(1 << 14)
def spaced(text: str) -> str:
    """The words of a text without marks, in small letters, each with a space on both sides: for finding whole words."""
    return f" {' '.join(_WORD.findall(folded(text)))} "


def _window(use: Sequence[WindowUse], first: date, last: date) -> Window:
    return Window(
        first=first,
        last=last,
        mail_class=words(one.mail_class for one in use),
        active_days=numbers(one.active_days for one in use),
        covered_days=numbers(one.covered_days for one in use),
        own_days=numbers(one.own_days for one in use),
        has_mailbox=np.fromiter((one.has_mailbox for one in use), np.bool_, len(use)),
        office_class=words(one.office_class for one in use),
    )


def words(values: Iterable[str]) -> Words:
    """As a column."""
    return np.array(list(values), dtype=np.str_)


def numbers(values: Iterable[int]) -> Numbers:
    """As a column."""
    return np.array(list(values), dtype=np.int32)
