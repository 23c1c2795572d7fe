"""What a comparison is made of: the little of a report that it needs, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.words import Text
from mail_audit.report.model import Finding, Period, Rank, RankFigures, UsageClass

Verdict = Literal["rose", "fell", "unchanged", "cannot_compare"]
VERDICTS: tuple[Verdict, ...] = ("rose", "fell", "unchanged", "cannot_compare")
Direction = Literal["worse", "better", "other", "data"]
DIRECTIONS: tuple[Direction, ...] = ("worse", "better", "other", "data")
"""How a class changed: to less use, to more, between classes that are neither, to or from *no data*."""


@dataclass(frozen=True, slots=True)
class Member:
    """One official as one report counts them; days are working days."""

    official_id: str
    name: str
    unit: str
    rank: Rank
    usage_class: UsageClass
    active_days: int
    covered_days: int
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """One unit with its sub-units, as one report has it."""

    unit: str
    parent: str | None
    leaders: RankFigures
    staff: RankFigures


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One report, as far as a comparison needs it. `covered_days` of the period have logs; members by official."""

    period: Period
    covered_days: int
    city: UnitSeen | None
    units: tuple[UnitSeen, ...]
    members: Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class Side:
    """On what one of the two rests: its period, and how many days of it the logs cover."""

    period: Period
    covered_days: int
    officials: int


@dataclass(frozen=True, slots=True)
class RankChange:
    """One rank of one unit, before and after.

    `difference` is in rate (0.1 = ten percentage points), None where one of the rates is not known. `same_people` is
    the difference among those whom both reports can judge, None where there is nobody. `covered_days` are covered
    working days on the average of the officials, before and after. `why` says why it is *cannot compare*.
    """

    before: RankFigures | None
    after: RankFigures | None
    difference: float | None
    same_people: float | None
    covered_days: tuple[float | None, float | None]
    verdict: Verdict
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit with its sub-units; `presence` tells a unit that only one of the reports has."""

    unit: str
    parent: str | None
    presence: Literal["both", "new", "gone"]
    leaders: RankChange
    staff: RankChange


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """What changed by unit (`city`: over all of them), and the findings that follow from it."""

    city: UnitChange | None
    units: tuple[UnitChange, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """An official of both reports whose class is another one; `why` says why that may not be the person's doing."""

    before: Member
    after: Member
    direction: Direction
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `earlier` to `later`; `notes` are what a reader must know before any of it."""

    earlier: Side
    later: Side
    notes: tuple[Text, ...]
    city: UnitChange | None
    units: tuple[UnitChange, ...]
    moved: tuple[Moved, ...]
    joined: tuple[Member, ...]
    left: tuple[Member, ...]
    findings: tuple[Finding, ...]
