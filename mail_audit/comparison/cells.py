"""Who stands behind the two rates of a unit's rank: counted once over all officials of both reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mail_audit.comparison.model import Snapshot, UnitSeen
from mail_audit.report.model import USING, Rank, UsageClass
from mail_audit.weeks import ancestors

WHOLE = None
"""Stands for the whole city where a unit's name would."""
Cells = Mapping[tuple[str | None, Rank], "Cell"]


@dataclass(slots=True)
class Counted:
    """Officials of a rank and unit in one report: how many, judged, using; their covered working days together."""

    total: int = 0
    judged: int = 0
    using: int = 0
    days: int = 0

    @property
    def mean_days(self) -> float | None:
        """Covered working days on the average of those judged; None where there is nobody."""
        return self.days / self.judged if self.judged else None


@dataclass(slots=True)
class Cell:
    """One rank of one unit (with its sub-units) in both reports.

    `stayed` are those in the cell both times; of them `judged` both times, `once` only one of the two times.
    `once_before` and `once_after` count among `once` those judged in that report, and the using ones among these.
    """

    before: Counted
    after: Counted
    stayed: int = 0
    judged: int = 0
    using_before: int = 0
    using_after: int = 0
    once: int = 0
    once_before: tuple[int, int] = (0, 0)
    once_after: tuple[int, int] = (0, 0)

    def same_people(self) -> float | None:
        """The difference of the rates among those judged both times."""
        return (self.using_after - self.using_before) / self.judged if self.judged else None

    def without_half_known(self) -> float | None:
        """The difference of the rates when those judged only one of the two times are left out; None without rest."""
        before = self.before.judged - self.once_before[0]
        after = self.after.judged - self.once_after[0]
        if not before or not after:
            return None
        return (self.after.using - self.once_after[1]) / after - (self.before.using - self.once_before[1]) / before


@dataclass(frozen=True, slots=True)
class Group:
    """Officials of one report in one unit, rank and class: how many, and their covered working days together."""

    unit: str
    rank: Rank
    usage_class: UsageClass
    number: int
    days: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Officials of both reports with the same rank in both: from which unit and class to which, and how many."""

    rank: Rank
    unit_before: str
    unit_after: str
    class_before: UsageClass
    class_after: UsageClass
    number: int


@dataclass(frozen=True, slots=True)
class Groups:
    """All officials of two reports, counted: what the database can do without handing over each of them."""

    before: tuple[Group, ...]
    after: tuple[Group, ...]
    pairs: tuple[Pair, ...]


def groups(earlier: Snapshot, later: Snapshot) -> Groups:
    """The members of both reports, counted."""
    pairs: Counter[tuple[Rank, str, str, UsageClass, UsageClass]] = Counter()
    for official_id, new in later.members.items():
        old = earlier.members.get(official_id)
        if old is not None and old.rank == new.rank:
            pairs[new.rank, old.unit, new.unit, old.usage_class, new.usage_class] += 1
    return Groups(_grouped(earlier), _grouped(later), tuple(Pair(*key, number) for key, number in pairs.items()))


def _grouped(report: Snapshot) -> tuple[Group, ...]:
    numbers: Counter[tuple[str, Rank, UsageClass]] = Counter()
    days: Counter[tuple[str, Rank, UsageClass]] = Counter()
    for one in report.members.values():
        numbers[one.unit, one.rank, one.usage_class] += 1
        days[one.unit, one.rank, one.usage_class] += one.covered_days
    return tuple(Group(*key, number, days[key]) for key, number in numbers.items())


def cells(earlier: Iterable[UnitSeen], later: Iterable[UnitSeen], counted: Groups) -> Cells:
    """(unit or `WHOLE`, rank) -> who stands behind it; the units are those of the two reports."""
    found: dict[tuple[str | None, Rank], Cell] = defaultdict(lambda: Cell(Counted(), Counted()))
    above_before, above_after = _above(earlier), _above(later)
    for group in counted.before:
        for unit in above_before(group.unit):
            _count(found[unit, group.rank].before, group)
    for group in counted.after:
        for unit in above_after(group.unit):
            _count(found[unit, group.rank].after, group)
    for pair in counted.pairs:
        shared = set(above_before(pair.unit_before))
        for unit in above_after(pair.unit_after):
            if unit in shared:
                _pair(found[unit, pair.rank], pair)
    return found


def _above(units: Iterable[UnitSeen]) -> _Above:
    return _Above({unit.unit: unit.parent for unit in units})


class _Above:
    """A unit -> itself, every unit above it, and the whole city; remembered, since thousands share a unit."""

    def __init__(self, parents: dict[str, str | None]) -> None:
        self._parents = parents
        self._known: dict[str, tuple[str | None, ...]] = {}

    def __call__(self, unit: str) -> tuple[str | None, ...]:
        if unit not in self._known:
            self._known[unit] = (unit, *ancestors(unit, self._parents), WHOLE)
        return self._known[unit]


def _count(into: Counted, group: Group) -> None:
    into.total += group.number
    if group.usage_class != "unknown":
        into.judged += group.number
        into.using += group.number * (group.usage_class in USING)
        into.days += group.days


def _pair(cell: Cell, pair: Pair) -> None:
    number = pair.number
    cell.stayed += number
    known = (pair.class_before != "unknown", pair.class_after != "unknown")
    using = (number * (pair.class_before in USING), number * (pair.class_after in USING))
    if all(known):
        cell.judged += number
        cell.using_before += using[0]
        cell.using_after += using[1]
    elif known[0]:
        cell.once += number
        cell.once_before = (cell.once_before[0] + number, cell.once_before[1] + using[0])
    elif known[1]:
        cell.once += number
        cell.once_after = (cell.once_after[0] + number, cell.once_after[1] + using[1])
