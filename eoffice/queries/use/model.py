"""What is said of a person's and of a unit's use of the e-office. Unknown is None or a class of its own, never zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

UseClass = Literal["regular", "occasional", "delegated", "none", "unknown"]
Rank = Literal["leader", "staff"]


@dataclass(frozen=True, slots=True)
class Acts:
    """What a person did with their own hand: decisions by kind, remarks besides, revisions written.

    `for_others` are those of the decisions that were made as somebody's deputy.
    """

    agreed: int = 0
    returned: int = 0
    opinions: int = 0
    remarks: int = 0
    revisions: int = 0
    for_others: int = 0


@dataclass(frozen=True, slots=True)
class Turns:
    """What waited for a person, or for the people of a unit: in the end each turn is one of the four.

    `own`: answered by their own hand; `by_deputy`: by a deputy; `left`: waiting past its deadline, or past two working
    days where it has none; `fresh`: waiting, and not long enough to say anything.
    """

    own: int = 0
    by_deputy: int = 0
    left: int = 0
    fresh: int = 0

    @property
    def all(self) -> int:
        """How many there were."""
        return self.own + self.by_deputy + self.left + self.fresh


@dataclass(frozen=True, slots=True)
class OfficialUse:
    """One official in a period. Hours are working hours: the middle of those that answered turns waited (None where
    nothing was answered), and the longest that one waits still (None where none does).
    """

    official_id: str
    name: str
    unit: str
    title: str
    rank: Rank
    usage_class: UseClass
    turns: Turns
    acts: Acts
    median_hours: float | None
    waiting_hours: float | None


@dataclass(frozen=True, slots=True)
class RankUse:
    """Officials of one rank in post: all, using (regular and occasional), unknown; `rate` as for e-mail."""

    total: int
    using: int
    unknown: int

    @property
    def rate(self) -> float | None:
        """Using of those of whom anything is known; None where nothing is known of anybody."""
        known = self.total - self.unknown
        return self.using / known if known else None


@dataclass(frozen=True, slots=True)
class UnitUse:
    """One unit with what lies below it; `unit` None is all that the reader reaches."""

    unit: str | None
    parent: str | None
    leaders: RankUse
    staff: RankUse
    classes: dict[UseClass, int]
    turns: Turns
    median_hours: float | None

    @property
    def is_told(self) -> bool:
        """Whether anything waited, or anything is known of anybody: all other units are a long list of nothing."""
        return bool(self.turns.all) or self.leaders.rate is not None or self.staff.rate is not None


@dataclass(frozen=True, slots=True)
class UseCoverage:
    """What the figures rest on: the first day with a document, working days of the period since then and in all."""

    since: date
    covered_working_days: int
    working_days: int
