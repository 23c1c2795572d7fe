"""What logs hold and what they tell: the other half of what a report is made of, beside the rows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from core.words import Text
from mail_audit.archives.find import LogFile
from mail_audit.events.found import SAMPLES_KEPT
from mail_audit.events.gathered import Events
from mail_audit.months import Month
from mail_audit.trace.keys import rows_that
from mail_audit.usage.coverage import CoveredDays, Seen, Told, covered, told


@dataclass(frozen=True, slots=True)
class Tells:
    """What events can tell, so that it can be added up over months: `told`, and whether any session ended in them."""

    told: Told
    ended: bool

    @classmethod
    def of(cls, events: Events) -> Tells:
        """What these events can tell."""
        return cls(told(events), events.has("session_ended"))

    @classmethod
    def together(cls, parts: Iterable[Tells]) -> Tells:
        """What all of them tell; nothing where there is none."""
        every = list(parts)
        names = ("submissions", "deliveries", "log_ins", "flag_changes", "literal_format")
        flags = {name: any(getattr(one.told, name) for one in every) for name in names}
        ended = any(one.ended for one in every)
        counters = any(one.ended and one.told.counters for one in every) or not ended
        return cls(Told(counters=counters, **flags), ended)


@dataclass(frozen=True, slots=True)
class Held:
    """What a log file holds, or a stream of the store: its lines by what became of them, and its days.

    `samples` are offset and reason of its first broken lines; `days` maps servers to local days with events (`""` where
    no server is named), `other_days` are days of readable lines that are no events.
    """

    name: str
    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    samples: tuple[tuple[int, Text], ...] = ()
    days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    other_days: frozenset[date] = frozenset()
    same_as: str | None = None
    """The file in which all its lines are counted, where this is a copy: then it has no lines, and the other's days."""

    @property
    def every_day(self) -> frozenset[date]:
        """All days it speaks of."""
        return self.other_days.union(*self.days.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts of at least the period's days (`rows`, as `SCHEMA`), what the logs tell, and what they hold.

    `also`: mailbox (`*`: every one) -> days that no log covers, but another witness does (`standing.others`).
    """

    rows: pl.DataFrame
    tells: Tells
    held: tuple[Held, ...]
    also: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def also_covered(self, mailboxes: Iterable[str]) -> frozenset[date]:
        """Days of some mailboxes that are covered by others than logs."""
        if not self.also:  # mostly; and every official is asked for
            return frozenset()
        return frozenset().union(*(self.also.get(mailbox, frozenset()) for mailbox in ("*", *mailboxes)))

    def within(self, first: date, last: date) -> Standing:
        """Only what bears on the days from `first` to `last`."""
        rows = rows_that(self.rows, pl.col("day").is_between(first, last))
        return replace(self, rows=rows, held=of_period(self.held, first, last))


def with_copies(held: Sequence[Held], copied: Mapping[int, int], logs: Sequence[LogFile]) -> tuple[Held, ...]:
    """The same files, and of each copy (`copied`: its number -> the other's) which file it is a copy of."""
    names = Counter(one.name for one in held)

    def shown(number: int) -> str:
        """A file's name; with its folder's where another file has the same: each server has a `mail.log`."""
        name, folder = held[number].name, os.fsencode(logs[number].path.parent.name).decode("utf-8", "replace")
        return name if names[name] == 1 else f"{folder}/{name}"

    return tuple(
        Held(one.name, days=held[other].days, other_days=held[other].other_days, same_as=shown(other))
        if (other := copied.get(number)) is not None
        else one
        for number, one in enumerate(held)
    )


def of_period(held: Sequence[Held], first: date, last: date) -> tuple[Held, ...]:
    """The files that bear on a period: those with a day that helps to judge its months, and those without any day.

    All of them where none has such a day, so that a report says what was read in vain.
    """
    if not any(bears(one, first, last) for one in held):
        return tuple(held)
    return tuple(one for one in held if bears(one, first, last) or (one.lines and not one.every_day))


def bears(held: Held, first: date, last: date) -> bool:
    """Whether any day of a file helps to judge the months of a period."""
    opens, closes = Month.of(first).opens, Month.of(last).closes
    return any(opens <= day <= closes for day in held.every_day)


def days_held(held: Sequence[Held], first: date | None, last: date | None) -> CoveredDays:
    """The covered days from `first` to `last`; without them, as far as any event goes."""
    seen = Seen({}, {})
    for number, one in enumerate(held):
        for host, days in one.days.items():
            seen.days.setdefault(host, set()).update(days)
            seen.files.setdefault(host, set()).add(number)
    return covered(seen, {number: set(one.other_days) for number, one in enumerate(held)}, first, last)


def broken_samples(held: Iterable[Held]) -> list[tuple[str, int, Text]]:
    """Where the first broken lines stand, in the order of file names."""
    every = [(one.name, offset, reason) for one in held for offset, reason in one.samples]
    return sorted(every, key=lambda one: one[:2])[:SAMPLES_KEPT]
