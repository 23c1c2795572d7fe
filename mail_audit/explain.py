"""Figure by figure, the lines behind what is said of one mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.directory.roster import Roster
from core.errors import NotFoundError
from core.words import Text
from mail_audit.evidence import places, with_lines
from mail_audit.evidence_words import words
from mail_audit.pipeline import Measured, pieces_of
from mail_audit.report.model import OfficialFigures
from mail_audit.trace.addresses import AddressBook
from mail_audit.zones import Zone

_FIRST_OPENED = "first_opened"
"""The lines that count as opening a message: each message once, and not what a program fetched."""
FIGURES: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("sent", Text("Thư đã gửi", "Messages sent"), ("sent", "sent_by_schedule")),
    ("opened", Text("Thư đã mở", "Messages opened"), (_FIRST_OPENED,)),
    ("received", Text("Thư đã nhận", "Messages received"), ("received",)),
    ("logins", Text("Lần đăng nhập", "Log-ins"), ("logged_in",)),
    ("failed_logins", Text("Lần đăng nhập bị từ chối", "Refused log-ins"), ("refused",)),
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
    ("forwards", Text("Chuyển tiếp tự động", "Standing forwards"), ("forwarded",)),
    ("delegated", Text("Việc do người khác làm thay", "Acts of somebody else"), ("sent_as",)),
)
"""Figure, its name, and the kinds of evidence that stand behind it."""


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a log with its place and what it shows."""

    at: datetime
    host: str
    file: str
    offset: int
    rung: str | None
    words: Text
    line: str


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """A figure with the lines it was counted from; `value` is None where the logs cannot tell."""

    name: str
    title: Text
    value: int | None
    lines: tuple[ExplainedLine, ...]


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


def explain(measured: Measured, mailbox: str, timezone: str) -> tuple[ExplainedFigure, ...]:
    """Every figure of `mailbox` with its lines, in the order of `FIGURES`; only figures with lines or a value."""
    table = places(measured.measurement, Zone.named(timezone), mailbox)
    table = with_lines(_with_figures(table, measured), measured.logs, pieces_of)
    values = _values(measured, mailbox)
    return tuple(
        ExplainedFigure(name, title, values.get(name), tuple(_lines(table, kinds, measured, timezone)))
        for name, title, kinds in FIGURES
        if name in values or table["stands_for"].is_in(list(kinds)).any()
    )


def _with_figures(table: pl.DataFrame, measured: Measured) -> pl.DataFrame:
    """`table` with `stands_for`: the kind under which a line is shown; a message is opened once, flagged often."""
    counted = measured.measurement.opened.select("file", "offset", first=pl.lit(_FIRST_OPENED))
    joined = table.join(counted.unique(), on=["file", "offset"], how="left", maintain_order="left")
    return joined.with_columns(stands_for=pl.coalesce("first", "kind")).drop("first")


def _values(measured: Measured, mailbox: str) -> dict[str, int | None]:
    days = measured.days.filter(pl.col("mailbox") == mailbox)
    totals = {name: int(days[name].sum()) for name in ("sent", "opened", "received", "logins", "failed_logins")}
    owner = official_of(measured, mailbox)
    if owner is None:
        return dict(totals)
    return {name: value if getattr(owner, name) is not None else None for name, value in totals.items()}


def official_of(measured: Measured, mailbox: str) -> OfficialFigures | None:
    """The official who owns `mailbox`, as the report shows them; None where nobody does."""
    return next((one for one in measured.report.officials if mailbox in one.mailboxes), None)


def _lines(table: pl.DataFrame, kinds: tuple[str, ...], measured: Measured, timezone: str) -> Iterator[ExplainedLine]:
    zone = ZoneInfo(timezone)
    for row in table.filter(pl.col("stands_for").is_in(list(kinds))).iter_rows(named=True):
        at = datetime.fromtimestamp(row["at"] / 1_000_000, UTC).astimezone(zone)
        log = measured.logs[row["file"]]
        yield ExplainedLine(
            at,
            row["host"],
            log.name,
            row["offset"],
            row["rung"],
            words(row["kind"], row["rung"], row["delegate"]),
            row["line"],
        )
