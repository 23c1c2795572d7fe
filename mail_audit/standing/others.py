"""Witnesses beside the logs: the journal of messages and the census of mailboxes.

They tell of a mailbox's day only where no log does: nothing is taken from them on a day that the logs cover, or on
which a log speaks of the mailbox. Of several, the first that tells of the day is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from core.calendar import working_days
from core.words import Text
from mail_audit.report.model import OfficialFigures
from mail_audit.standing.held import Standing, days_held, of_period
from mail_audit.standing.rows import SCHEMA, hosts_of
from mail_audit.usage.days import COUNTS

SOURCES: dict[str, Text] = {
    "journal": Text(
        "{n} ngày không có nhật ký máy chủ, biết được từ nhật ký bản sao thư",
        "days without server logs that the journal of messages tells of: {n}",
    ),
    "census": Text(
        "{n} ngày không có nhật ký máy chủ, biết được từ kiểm đếm hộp thư",
        "days without server logs that the count of mailboxes tells of: {n}",
    ),
}
"""Who tells, in the order in which they are heard, and what a report says of it."""
PARTLY = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
"""Figures that a witness may not know: unknown where none of an official's days knows them."""


UNKNOWN_TO: dict[str, tuple[str, ...]] = {"journal": ("logins", "failed_logins", "opened"), "census": PARTLY}
"""Figures of which a witness sees nothing: zero from it is not known."""


@dataclass(frozen=True, slots=True)
class Other:
    """What one witness tells: `days` as rows `mailbox day` + `COUNTS` (null: not known), and the days it covers."""

    source: str
    days: pl.DataFrame
    covered: Mapping[str, set[date]]


def days_of_logs(standing: Standing, first: date, last: date) -> Callable[[str], frozenset[date]]:
    """Mailbox -> the days from `first` to `last` on which logs cover it."""
    cover = days_held(of_period(standing.held, first, last), first, last)
    hosts = hosts_of(standing.rows)
    by_servers: dict[frozenset[str], frozenset[date]] = {}

    def known(mailbox: str) -> frozenset[date]:
        servers = hosts.get(mailbox, frozenset())
        if servers not in by_servers:
            by_servers[servers] = cover.for_hosts(servers)
        return by_servers[servers]

    return known


def with_others(standing: Standing, others: Sequence[Other], first: date, last: date) -> Standing:
    """`standing` with the days from `first` to `last` that only others tell of."""
    if not any(not one.days.is_empty() or one.covered for one in others):
        return standing
    known = days_of_logs(standing, first, last)
    also: dict[str, set[date]] = {}
    rows = standing.rows
    for one in others:
        for mailbox, days in one.covered.items():
            left = days if mailbox == "*" else days - known(mailbox)
            also.setdefault(mailbox, set()).update(day for day in left if first <= day <= last)
        told = one.days.filter(pl.col("day").is_between(first, last)).join(rows, on=["mailbox", "day"], how="anti")
        alone = [day not in known(mailbox) for mailbox, day in told.select("mailbox", "day").iter_rows()]
        chosen = told.filter(pl.Series(alone, dtype=pl.Boolean))
        rows = pl.concat([rows, _as_facts(chosen, one.source)])
    return replace(
        standing,
        rows=rows.sort("mailbox", "day"),
        also={mailbox: frozenset(days) for mailbox, days in sorted(also.items()) if days},
    )


def _as_facts(days: pl.DataFrame, source: str) -> pl.DataFrame:
    """Rows of a witness as `SCHEMA`: of servers, delegates and rules it knows nothing."""
    fixed = {"outside": 0, "blind": False, "scheduled": False, "source": source}
    lacking = [name for name in (*COUNTS, "hosts", "delegates", "targets") if name not in days.columns]
    table = days.with_columns(
        *(pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in lacking),
        *(pl.lit(value, dtype=SCHEMA[name]).alias(name) for name, value in fixed.items()),
    )
    unseen = [pl.when(pl.col(name) != 0).then(name).alias(name) for name in UNKNOWN_TO[source]]
    return table.with_columns(unseen).select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What others say of an official: source -> days, figures that nobody knows, figures that only they know."""

    days: dict[str, int]
    unknown: frozenset[str]
    sums: dict[str, int]

    @property
    def reasons(self) -> tuple[Text, ...]:
        """In words, where the days come from."""
        return tuple(
            Text(said.vi.format(n=self.days[source]), said.en.format(n=self.days[source]))
            for source, said in SOURCES.items()
            if self.days.get(source)
        )


def witnessed(rows: pl.DataFrame) -> dict[str, Witnessed]:
    """Mailbox -> what others say of it; only mailboxes of which they say anything."""
    some = rows.filter(
        pl.col("mailbox").is_in(rows.filter(pl.col("source").is_not_null())["mailbox"].unique().implode())
    )
    found: dict[str, Witnessed] = {}
    for (mailbox,), own in some.group_by("mailbox", maintain_order=True):
        theirs = own.filter(pl.col("source").is_not_null())
        counts = theirs.group_by("source").len().sort("source")
        unknown = frozenset(name for name in PARTLY if own[name].null_count() == own.height)
        sums = {name: int(theirs[name].sum()) for name in PARTLY if theirs[name].null_count() < theirs.height}
        found[str(mailbox)] = Witnessed({str(source): int(n) for source, n in counts.iter_rows()}, unknown, sums)
    return found


def with_witnesses(figures: OfficialFigures, said: Sequence[Witnessed], also: frozenset[date]) -> OfficialFigures:
    """An official's figures with what others than logs told of some days, and where that comes from.

    A figure that nobody could count is unknown; one that only they counted is theirs. Silence of such a witness alone
    is not proof that somebody does not use e-mail: where every covered day is theirs, nobody is said not to.
    """
    changed: dict[str, Any] = {}
    for name in PARTLY:
        value = getattr(figures, name)
        sums = [one.sums[name] for one in said if name in one.sums]
        if value is None and sums and not figures.in_post:
            changed[name] = sum(sums)
        elif value == 0 and said and all(name in one.unknown for one in said):
            changed[name] = None
    reasons = tuple(reason for one in said for reason in one.reasons)
    only_theirs = figures.covered_working_days <= len(set(working_days(min(also), max(also))) & also) if also else False
    if figures.usage_class == "none" and only_theirs:
        changed |= {"usage_class": "unknown", "rung": "U"}
        reasons = (*reasons, _SILENT)
    return replace(figures, reasons=(*figures.reasons, *reasons), **changed)


_SILENT = Text(
    "không có nhật ký máy chủ của các ngày này; không thấy gửi thư chưa đủ để nói là không dùng",
    "without server logs of these days, nothing seen sent is not enough to say that it is not used",
)
