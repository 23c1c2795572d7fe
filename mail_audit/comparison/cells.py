"""Who stands behind the two rates of a unit's rank: counted once over all officials of both reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from mail_audit.comparison.model import Member, Snapshot
from mail_audit.report.model import USING, Rank
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


def cells(earlier: Snapshot, later: Snapshot) -> Cells:
    """(unit or `WHOLE`, rank) -> who stands behind it."""
    found: dict[tuple[str | None, Rank], Cell] = defaultdict(lambda: Cell(Counted(), Counted()))
    above_before, above_after = _above(earlier), _above(later)
    for member in earlier.members.values():
        for unit in above_before(member.unit):
            _count(found[unit, member.rank].before, member)
    for official_id, member in later.members.items():
        for unit in above_after(member.unit):
            _count(found[unit, member.rank].after, member)
        old = earlier.members.get(official_id)
        if old is not None and old.rank == member.rank:
            shared = set(above_before(old.unit))
            for unit in above_after(member.unit):
                if unit in shared:
                    _pair(found[unit, member.rank], old, member)
    return found


def _above(snapshot: Snapshot) -> _Above:
    return _Above({unit.unit: unit.parent for unit in snapshot.units})


class _Above:
    """A unit -> itself, every unit above it, and the whole city; remembered, since thousands share a unit."""

    def __init__(self, parents: dict[str, str | None]) -> None:
        self._parents = parents
        self._known: dict[str, tuple[str | None, ...]] = {}

    def __call__(self, unit: str) -> tuple[str | None, ...]:
        if unit not in self._known:
            self._known[unit] = (unit, *ancestors(unit, self._parents), WHOLE)
        return self._known[unit]


def _count(into: Counted, member: Member) -> None:
    into.total += 1
    if member.usage_class != "unknown":
        into.judged += 1
        into.using += member.usage_class in USING
        into.days += member.covered_days


def _pair(cell: Cell, old: Member, new: Member) -> None:
    cell.stayed += 1
    known = (old.usage_class != "unknown", new.usage_class != "unknown")
    using = (old.usage_class in USING, new.usage_class in USING)
    if all(known):
        cell.judged += 1
        cell.using_before += using[0]
        cell.using_after += using[1]
    elif known[0]:
        cell.once += 1
        cell.once_before = (cell.once_before[0] + 1, cell.once_before[1] + using[0])
    elif known[1]:
        cell.once += 1
        cell.once_after = (cell.once_after[0] + 1, cell.once_after[1] + using[1])
