"""Figure by figure, the lines behind what is said of one mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.directory.roster import Roster
from core.errors import NotFoundError
from core.words import Text
from mail_audit.evidence import places, with_lines
from mail_audit.evidence_words import words
from mail_audit.figure_lines import FIGURES, behind, within
from mail_audit.pipeline import Measured, pieces_of
from mail_audit.report.model import DaySpan, OfficialFigures, Report
from mail_audit.trace.addresses import AddressBook
from mail_audit.zones import Zone

OTHERS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    (
        "acts",
        Text("Việc khác trong hộp thư", "Other acts in the mailbox"),
        ("opened", "answered", "deleted", "saved_to_sent", "moved_or_saved"),
    ),
    (
        "sessions",
        Text("Phiên làm việc", "Sessions"),
        ("read_session", "weak_session", "empty_session", "uncounted_session"),
    ),
)
"""What else the logs show of a mailbox, beside the figures that count it: its name, and the kinds of evidence."""


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a log with its place, what it shows, and how much of its figure it stands for."""

    at: datetime
    host: str
    file: str
    offset: int
    rung: str | None
    words: Text
    line: str
    stands_for: int


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """A figure with the lines it was counted from; `value` is None where the logs cannot tell.

    `counted`: the lines' `stands_for` add up to the value; what the logs show besides has no value of its own.
    """

    name: str
    title: Text
    meaning: Text | None
    value: int | None
    lines: tuple[ExplainedLine, ...]
    counted: bool


@dataclass(frozen=True, slots=True)
class Explainable:
    """A report with its days and its lines, whether of files or of the store.

    `rows` gives the evidence (`mail_audit.evidence.COLUMNS`, `file` by name, with `line`) of some mailboxes, only of
    the days in post where there are any.
    """

    report: Report
    days: pl.DataFrame
    rows: Callable[[Sequence[str], Sequence[DaySpan]], pl.DataFrame]


def mailbox_meant(roster: Roster, address: str) -> str:
    """The mailbox that `address` means; raises NotFoundError where the directory's domains have none such."""
    mailbox = AddressBook(roster).mailbox(address)
    if mailbox is None:
        raise NotFoundError(
            Text(
                f"Danh bạ không có hộp thư “{address}”; hãy ghi địa chỉ đầy đủ như trong danh bạ.",
                f"The directory has no mailbox “{address}”; write the whole address as it stands in the directory.",
            )
        )
    return mailbox


def of_audit(measured: Measured, timezone: str) -> Explainable:
    """What an audit of files can explain: its lines are read again from the files."""
    zone = Zone.named(timezone)

    def rows(mailboxes: Sequence[str], in_post: Sequence[DaySpan]) -> pl.DataFrame:
        every = pl.concat([places(measured.measurement, zone, one) for one in mailboxes])
        table = with_lines(within(every.lazy(), mailboxes, in_post).collect(), measured.logs, pieces_of)
        names = [measured.logs[file].name for file in table["file"]]
        return table.with_columns(pl.Series("file", names, dtype=pl.String))

    return Explainable(measured.report, measured.days, rows)


def explain(whole: Explainable, mailbox: str, timezone: str) -> tuple[ExplainedFigure, ...]:
    """Every figure of the owner of `mailbox` with its lines, over all their mailboxes, as the report has it.

    Of a mailbox that no official of the report owns, the figures of that mailbox alone. Besides, what else the logs
    show (`OTHERS`), where there is any.
    """
    owner = official_of(whole.report, mailbox)
    mailboxes = (mailbox,) if owner is None else owner.mailboxes
    names = {box: f"{one.name} ({box})" for one in whole.report.officials for box in one.mailboxes}
    table = whole.rows(mailboxes, () if owner is None else owner.in_post)
    values = _values(whole.days, owner, mailboxes)
    figures = [
        ExplainedFigure(
            name,
            figure.title,
            figure.meaning,
            values[name],
            tuple(_lines(behind(table.lazy(), name).collect(), timezone, names)),
            counted=True,
        )
        for name, figure in FIGURES.items()
    ]
    for name, title, kinds in OTHERS:
        rows = table.filter(pl.col("kind").is_in(list(kinds)) & ~pl.col("opens")).with_columns(stands_for=1)
        if not rows.is_empty():
            found = tuple(_lines(rows, timezone, names))
            figures.append(ExplainedFigure(name, title, None, len(found), found, counted=False))
    return tuple(figures)


def _values(every: pl.DataFrame, owner: OfficialFigures | None, mailboxes: tuple[str, ...]) -> dict[str, int | None]:
    """The figures: as the report has them, and those that stand only in the days."""
    days = within(every.lazy(), mailboxes, () if owner is None else owner.in_post).collect()
    active = days.filter((pl.col("acts_a") > 0) | (pl.col("acts_b") > 0))["day"].n_unique()
    totals: dict[str, int | None] = {name: int(days[name].sum()) for name in FIGURES if name in days.columns}
    totals["active_days"] = active
    if owner is not None:
        totals |= {name: getattr(owner, name) for name in FIGURES if hasattr(owner, name)}
    return totals


def official_of(report: Report, mailbox: str) -> OfficialFigures | None:
    """The official who owns `mailbox`, as the report shows them; None where nobody does."""
    return next((one for one in report.officials if mailbox in one.mailboxes), None)


def _lines(table: pl.DataFrame, timezone: str, names: Mapping[str, str]) -> Iterator[ExplainedLine]:
    zone = ZoneInfo(timezone)
    for row in table.iter_rows(named=True):
        at = datetime.fromtimestamp(row["at"] / 1_000_000, UTC).astimezone(zone)
        delegate = names.get(row["delegate"], row["delegate"])
        yield ExplainedLine(
            at,
            row["host"],
            row["file"],
            row["offset"],
            row["rung"],
            words(row["kind"], row["rung"], delegate, row["recipients"], row["external"], row.get("rule")),
            row["line"],
            row["stands_for"],
        )
