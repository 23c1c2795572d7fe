"""What the readers of an audit get: frozen pictures of the stored figures, free of the database.

The figures themselves are those of `mail_audit.report.model`; here they are joined to what a page needs around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from core.words import Language, Text
from mail_audit.report.model import (
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    RankFigures,
    UnassignedMailbox,
    UnitFigures,
    UsageClass,
)
from mail_audit.report.terms import DayState

AuditState = Literal["waiting", "collecting", "rolling_up", "rendering", "finished", "failed", "cancelled"]
AUDIT_STATES: tuple[AuditState, ...] = (
    "waiting",
    "collecting",
    "rolling_up",
    "rendering",
    "finished",
    "failed",
    "cancelled",
)
FileState = Literal["waiting", "reading", "read", "removed"]
"""`removed`: an uploaded log that was read and then taken away, because it may hold subjects."""
FileSource = Literal["folder", "upload"]
OfficialSort = Literal["name", "unit", "class", "sent", "received", "logins", "active_days"]
UnitSort = Literal["unit", "leaders", "staff", "officials", "change"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running audit is. Bytes are of the files as they lie on the disk; `total` is None until known."""

    stage: AuditState
    done: int
    total: int | None
    lines: int
    file: str
    bytes_per_second: float | None

    @property
    def share(self) -> float | None:
        """Part done, 0.0 to 1.0; None while the whole is not known."""
        return min(1.0, self.done / self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """One usage audit as a line of a list. `period` and the rates are None until figures are stored."""

    audit_id: int
    state: AuditState
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    asked_first: date | None
    asked_last: date | None
    timezone: str
    period: Period | None
    covered_days: int
    missing_days: int
    officials: int
    leaders: RankFigures | None
    staff: RankFigures | None

    @property
    def has_figures(self) -> bool:
        """Whether `city`, `unit`, `official` and `report` can be asked."""
        return self.period is not None


@dataclass(frozen=True, slots=True)
class AuditFile:
    """One log that was or will be read. Counts are None where they are not known (yet)."""

    name: str
    source: FileSource
    state: FileState
    size: int
    bytes_read: int
    lines: int | None
    events: int | None
    not_of_interest: int | None
    broken: int | None
    same_as: str | None = None
    """The log in which its lines are counted, where it is a copy of one."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A rendered report. `size` is None and `error` is set where it could not be made."""

    language: Language
    ending: str
    name: str
    size: int | None
    error: Text | None


@dataclass(frozen=True, slots=True)
class AuditDetail:
    """Everything about one run of the audit but the figures of people."""

    summary: AuditSummary
    progress: Progress | None
    """None when nothing runs."""
    files: tuple[AuditFile, ...]
    coverage: Coverage | None
    error: Text | None
    reports: tuple[ReportFile, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week (Monday `start` to Sunday, cut to the period): who acted on at least one of its days.

    `covered` is False where no day of it is in the logs: then nothing is known, and the counts are 0.
    """

    start: date
    leaders_using: int
    leaders_total: int
    staff_using: int
    staff_total: int
    covered: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Difference to the previous audit with figures, in rate (0.1 = ten percentage points).

    None where it is not known or where the two do not compare; then `leaders_why` and `staff_why` say why.
    """

    audit_id: int
    period: Period
    leaders: float | None
    staff: float | None
    leaders_why: Text | None = None
    staff_why: Text | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit (with its sub-units) in a list."""

    figures: UnitFigures
    change: Change | None


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An official in a list."""

    official_id: str
    name: str
    unit: str
    title: str
    rank: Literal["leader", "staff"]
    usage_class: str
    rung: str | None
    sent: int | None
    received: int | None
    logins: int | None
    opened: int | None
    active_days: int
    active_working_days: int
    covered_working_days: int


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A part of a list of officials, and how many the whole has."""

    rows: tuple[OfficialRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class UnitPicture:
    """What is said of one unit, or of the whole city (`figures.parent` None, `is_city` True).

    `is_part`: not of the whole city, but of all the units in it that the reader reaches.

    `officials` are those whose post is in this very unit (at most 200; `officials` of the queries pages through more),
    leaders first. `ancestors` are the units above, topmost first. `sub_units` may be a part of `sub_units_total`.
    """

    summary: AuditSummary
    is_city: bool
    figures: UnitFigures
    ancestors: tuple[str, ...]
    sub_units: tuple[UnitRow, ...]
    officials: tuple[OfficialRow, ...]
    officials_total: int
    findings: tuple[Finding, ...]
    weeks: tuple[Week, ...]
    change: Change | None
    sub_units_total: int
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Counts of one official's mailboxes on one day; `opened` is None where the logs cannot tell.

    `acts_*` are the person's own, by rung; `uncounted` are sessions of which the logs do not say what was done.
    """

    sent: int = 0
    sent_recipients: int = 0
    sent_external: int = 0
    received: int = 0
    logins: int = 0
    failed_logins: int = 0
    opened: int | None = None
    acts_a: int = 0
    acts_b: int = 0
    acts_c: int = 0
    acts_d: int = 0
    uncounted: int = 0
    delegated: int = 0
    forwards: int = 0


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One square of an official's calendar.

    `acted`: the person did something (rung A or B); `machine`: only a device or server; `nothing`: covered, and none of
    these (others may have acted in the mailbox: `facts.delegated`); `no_data`: not in the logs, or they cannot tell;
    `day_off`: not a working day, nothing done. `words` says it in a sentence.
    """

    day: date
    state: DayState
    facts: DayFacts
    words: Text


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """What is said of one official, day by day. `ancestors` are the units above the own one, topmost first."""

    summary: AuditSummary
    figures: OfficialFigures
    ancestors: tuple[str, ...]
    days: tuple[CalendarDay, ...]
    findings: tuple[Finding, ...]
    values: dict[str, int | None]
    """The figures that open into lines (`mail_audit.figure_lines.FIGURES`); None where the logs cannot tell."""


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """What one report says of an official on the whole."""

    audit_id: int
    first: date
    last: date
    usage_class: UsageClass
    active_working_days: int
    covered_working_days: int


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One log line behind a figure: where it stands, what it shows in words, and the line (without any subject)."""

    at: datetime
    mailbox: str
    day: date
    kind: str
    rung: str | None
    host: str
    file: str
    offset: int
    line: str
    words: Text
    delegate: str | None = None
    """The mailbox of the other official from whose station or log-in the act came, where it did."""
    count: int = 1
    """How much of its figure the line stands for: one refusal may tell of several attempts, a day counts once."""


@dataclass(frozen=True, slots=True)
class FigureLines:
    """A part of the lines behind a figure, how many there are, and what all of them add up to: the figure.

    `kept` is False where the lines are not there any more; then nothing can be said of them. `problem` says what cannot
    be read, where that is so.
    """

    rows: tuple[EvidenceLine, ...]
    total: int
    sum: int
    kept: bool
    by_day: Mapping[date, int] = field(default_factory=dict)
    """What all of them add up to on each day."""
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class UnassignedList:
    """Mailboxes without an owner among the officials, busiest first, and how many there are."""

    rows: tuple[UnassignedMailbox, ...]
    total: int
