"""What an audit says: the frozen figures every rendering (JSON, HTML, XLSX, PDF, CSV, terminal, web) shows.

The field names are those of the published JSON (`report.schema.json`). Unknown is None, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.words import Text

Rank = Literal["leader", "staff"]
Rung = Literal["A", "B", "C", "D", "U"]
UsageClass = Literal["regular", "occasional", "delegated", "forwarded", "machine", "none", "unknown"]
CLASSES: tuple[UsageClass, ...] = ("regular", "occasional", "delegated", "forwarded", "machine", "none", "unknown")
USING: tuple[UsageClass, ...] = ("regular", "occasional")


@dataclass(frozen=True, slots=True)
class Period:
    """The days measured, both ends included, as days of `timezone`."""

    first: date
    last: date
    timezone: str
    working_days: int


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days that follow one another, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class BrokenSample:
    """A line that could not be read: where it stands and what was expected there (never its text)."""

    file: str
    offset: int
    reason: Text


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file all of whose lines stand in another, `same_as`, and are counted there."""

    file: str
    same_as: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the logs hold, and what they cannot tell."""

    lines: int
    events: int
    not_of_interest: int
    broken: int
    covered_days: tuple[date, ...]
    missing_days: tuple[date, ...]
    hosts: tuple[str, ...]
    files: tuple[str, ...]
    cannot_tell: tuple[Text, ...]
    broken_samples: tuple[BrokenSample, ...] = ()
    copies: tuple[CopiedFile, ...] = ()
    """Those of `files` that are copies."""


@dataclass(frozen=True, slots=True)
class OfficialFigures:
    """What is said of one official; counts are None where the logs cannot tell."""

    official_id: str
    name: str
    unit: str
    title: str
    rank: Rank
    mailboxes: tuple[str, ...]
    sent: int | None
    sent_recipients: int | None
    sent_external: int | None
    received: int | None
    logins: int | None
    failed_logins: int | None
    opened: int | None
    active_days: int
    active_working_days: int
    covered_working_days: int
    usage_class: UsageClass
    rung: Rung | None
    reasons: tuple[Text, ...]
    active_last: dict[int, bool | None] = field(default_factory=dict)
    """Days back from the period's last day (7, 30, 90, 180) -> acted in them; None where not covered at all."""
    in_post: tuple[DaySpan, ...] = ()
    """The days of the period that count, for somebody who was not in post on all of them; else none are given."""
    excused: tuple[DaySpan, ...] = ()
    """Days of the period that are on record as leave or sickness: they are no working days of this official."""


@dataclass(frozen=True, slots=True)
class RankFigures:
    """Officials of one rank in a unit and its sub-units: in post, using (regular + occasional), rate.

    `unknown` counts those the logs cannot judge; `rate` is using / (total - unknown), None where nobody is left.
    """

    total: int
    using: int
    unknown: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit with its sub-units."""

    unit: str
    parent: str | None
    leaders: RankFigures
    staff: RankFigures
    classes: dict[UsageClass, int]
    no_mailbox: int
    using_last: dict[int, int | None] = field(default_factory=dict)
    """Days back (7, 30, 90, 180) -> officials who acted in them; None where not covered."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a council would read out, with its numbers; `unit` is None for the whole city."""

    kind: str
    unit: str | None
    text: Text
    figures: dict[str, int | float | str | None]


@dataclass(frozen=True, slots=True)
class UnassignedMailbox:
    """A mailbox of the directory's domains that no official owns, or a shared or service mailbox."""

    mailbox: str
    kind: Literal["unlisted", "shared", "service"]
    sent: int | None
    received: int | None
    logins: int | None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Report:
    """The whole of what an audit says."""

    period: Period
    coverage: Coverage
    officials: tuple[OfficialFigures, ...]
    units: tuple[UnitFigures, ...]
    findings: tuple[Finding, ...]
    unassigned: tuple[UnassignedMailbox, ...]
    without_mailbox: tuple[str, ...]
    """official_ids of officials in post who have no mailbox."""
    city: UnitFigures | None = None
    """The sum over all units; None where the directory is empty."""
    outlook: tuple[Finding, ...] = ()
    """What changed since the period before, and how the figures stand to the targets: said beside the figures, since it
    depends on more than the logs. Empty where nothing is known of either."""
    vanthu_report: int = 1
