"""The settled events of an audit, kind by kind and wherever they wait: in memory, put aside, or in the store.

Whoever measures asks for a kind when it is that kind's turn and lets go of it afterwards; nothing else is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from mail_audit.events.aside import Aside, Part
from mail_audit.events.found import Reading
from mail_audit.events.reading import KINDS, empty

Change = Callable[[str, pl.DataFrame], pl.DataFrame]
"""What is made of the events of a kind."""
Test = Callable[[pl.DataFrame], pl.Series]
"""Whether each of some events is asked for."""


class Portion(Protocol):
    """Some events of one kind, in their order."""

    @property
    def ends(self) -> tuple[int, int]:
        """First and last `at`, in microseconds UTC; nothing lies outside, though nothing need lie there."""

    @property
    def rows(self) -> int:
        """How many events."""

    def frame(self, *columns: str) -> pl.DataFrame:
        """The events; where any column is named, `at` and those alone, and maybe others."""


@dataclass(frozen=True)
class InMemory:
    """Settled events that are at hand; at least one."""

    events: pl.DataFrame
    ends: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", _ends_of(self.events))

    @property
    def rows(self) -> int:
        """How many events."""
        return self.events.height

    def frame(self, *columns: str) -> pl.DataFrame:
        """The events."""
        return self.events.select({"at", *columns}) if columns else self.events


@dataclass(frozen=True)
class OnDisk:
    """Events that were put aside, settled whenever they are read."""

    part: Part
    settle: Callable[[pl.DataFrame], pl.DataFrame]
    ends: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", _ends_of(self.frame("at")))

    @property
    def rows(self) -> int:
        """How many events."""
        return self.part.rows

    def frame(self, *columns: str) -> pl.DataFrame:
        """The events."""
        return self.settle(self.part.frame(*(("clock", "at", "file", *columns) if columns else ())))


def _ends_of(events: pl.DataFrame) -> tuple[int, int]:
    low, high = events.select(low=pl.col("at").min(), high=pl.col("at").max()).row(0)
    return low, high


class Events(Mapping[str, pl.DataFrame]):
    """Kind -> its events from `low` to before `high`, made anew whenever they are asked for."""

    def __init__(
        self,
        portions: Mapping[str, Iterable[Portion]],
        low: int | None = None,
        high: int | None = None,
        change: Change | None = None,
        test: Test | None = None,
    ) -> None:
        self._portions = {kind: tuple(portions.get(kind, ())) for kind in KINDS}
        self._low, self._high, self._change, self._test = low, high, change, test

    @classmethod
    def of(cls, frames: Iterable[tuple[str, pl.DataFrame]]) -> Events:
        """Settled frames, kind by kind; those that come when much is in memory already are put aside."""
        aside, held = Aside(), 0
        portions: dict[str, list[Portion]] = {}
        for kind, frame in frames:
            held += frame.height
            if not frame.is_empty():
                portions[kind] = [_settled(aside.put(frame)) if aside.is_much(held) else InMemory(frame)]
        return cls(portions)

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)

    def __getitem__(self, kind: str) -> pl.DataFrame:
        found = [self._inside(one) for one in self._near(kind)]
        frame = pl.concat(found) if found else empty(kind).drop("clock")
        return self._change(kind, frame) if self._change else frame

    def distinct(self, kind: str, *columns: str) -> pl.DataFrame:
        """What stands in some columns of the events of a kind before any change, each combination once."""
        found = [self._inside(one, *columns).select(columns).unique() for one in self._near(kind)]
        return pl.concat(found).unique() if found else empty(kind).select(columns)

    def between(self, low: int, high: int) -> Events:
        """Only those from `low` to before `high`, in microseconds UTC."""
        later = low if self._low is None else max(low, self._low)
        sooner = high if self._high is None else min(high, self._high)
        return Events(self._portions, later, sooner, self._change, self._test)

    def where(self, test: Test) -> Events:
        """Only those that pass, as they were before any change; asked portion by portion, so that no others are held.

        There is one test: a second takes the place of the first.
        """
        return Events(self._portions, self._low, self._high, self._change, test)

    def changed(self, change: Change) -> Events:
        """The same events, each kind as `change` makes it of what it is."""
        before = self._change
        both = change if before is None else lambda kind, frame: change(kind, before(kind, frame))
        return Events(self._portions, self._low, self._high, both, self._test)

    def rows(self, kinds: Iterable[str]) -> int:
        """At most so many events there are of some kinds; none of them is looked at."""
        return sum(one.rows for kind in kinds for one in self._near(kind))

    def has(self, kind: str) -> bool:
        """Whether there is any event of a kind."""
        return any(self._ends(one) is not None for one in self._near(kind))

    @property
    def is_empty(self) -> bool:
        """Whether there is no event at all."""
        return not any(self.has(kind) for kind in KINDS)

    def ends(self, kinds: Iterable[str]) -> tuple[int, int] | None:
        """First and last `at` of any event of some kinds; None where there is none."""
        found = [self._ends(one) for kind in kinds for one in self._near(kind)]
        known = [ends for ends in found if ends is not None]
        return (min(first for first, _ in known), max(last for _, last in known)) if known else None

    def _ends(self, portion: Portion) -> tuple[int, int] | None:
        first, last = portion.ends
        is_whole = (self._low is None or self._low <= first) and (self._high is None or last < self._high)
        if is_whole and self._test is None:
            return first, last
        inside = self._inside(portion)
        return None if inside.is_empty() else _ends_of(inside)

    def _near(self, kind: str) -> list[Portion]:
        return [one for one in self._portions[kind] if not self._misses(*one.ends)]

    def _misses(self, first: int, last: int) -> bool:
        return (self._low is not None and last < self._low) or (self._high is not None and first >= self._high)

    def _inside(self, portion: Portion, *columns: str) -> pl.DataFrame:
        """The events of a portion that lie within; nothing is cut, and nothing copied, where all do."""
        first, last = portion.ends
        frame, at = portion.frame(*columns), pl.col("at")
        if self._low is not None and first < self._low:
            frame = frame.filter(at >= self._low)
        if self._high is not None and last >= self._high:
            frame = frame.filter(at < self._high)
        return frame if self._test is None else frame.filter(self._test(frame))


def _settled(part: Part) -> OnDisk:
    return OnDisk(part, lambda frame: frame)


def gathered(readings: Sequence[Reading], settle: Callable[[pl.DataFrame], pl.DataFrame]) -> Events:
    """The events of all readings, in their order; the readings keep none."""
    return Events({kind: list(_portions(readings, kind, settle)) for kind in KINDS})


def _portions(
    readings: Sequence[Reading], kind: str, settle: Callable[[pl.DataFrame], pl.DataFrame]
) -> Iterator[Portion]:
    """What is in memory without a break is settled at once, as one."""
    at_hand: list[pl.DataFrame] = []
    for one in readings:
        for part in one.aside.pop(kind, ()):
            if at_hand:
                yield InMemory(settle(pl.concat(at_hand)))
                at_hand = []
            yield OnDisk(part, settle)
        at_hand += one.frames.pop(kind, ())
    if at_hand:
        yield InMemory(settle(pl.concat(at_hand)))
