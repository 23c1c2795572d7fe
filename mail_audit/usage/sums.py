"""Day facts added up per official, and what else is known of a mailbox."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from mail_audit.usage.rules import Rule, count_column

_RULE_OF = {count_column(rule): rule for rule in Rule}


@dataclass(slots=True)
class Sums:
    """Day facts of one official's mailboxes, added up over the days in post."""

    sent: int = 0
    sent_recipients: int = 0
    sent_external: int = 0
    received: int = 0
    logins: int = 0
    failed_logins: int = 0
    opened: int = 0
    acts_a: int = 0
    acts_b: int = 0
    acts_c: int = 0
    acts_d: int = 0
    uncounted: int = 0
    delegated: int = 0
    forwards: int = 0
    active: set[date] = field(default_factory=set)
    rules: dict[Rule, int] = field(default_factory=dict)
    """Acts that a rule judged."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Add the sums of one mailbox."""
        for name, count in row.items():
            if name == "active":
                self.active.update(count)
            elif name in _RULE_OF:
                if count:
                    self.rules[_RULE_OF[name]] = self.rules.get(_RULE_OF[name], 0) + count
            elif name != "mailbox":
                setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is known of mailboxes: servers that speak of them, whose station acts come from, where mail goes."""

    hosts: Mapping[str, frozenset[str]]
    blind: frozenset[str]
    """Mailboxes whose server writes no flag changes though another does: what was opened there is unknown."""
    delegates: Mapping[str, str]
    targets: Mapping[str, str]
    """Mailbox -> domain its standing forward leads to."""
    schedules: frozenset[str]


class Facts:
    """Day facts added up per mailbox over a period; over fewer days for those who were not in post on all of them."""

    def __init__(self, days: pl.DataFrame, first: date, last: date) -> None:
        self._days = days.filter(pl.col("day").is_between(first, last))
        names = [name for name in days.columns if name not in ("mailbox", "day")]
        active = pl.col("day").filter((pl.col("acts_a") > 0) | (pl.col("acts_b") > 0)).alias("active")
        self._summed = (pl.col(names).sum(), active)
        totals = self._days.group_by("mailbox").agg(*self._summed)
        self._totals = {row["mailbox"]: row for row in totals.iter_rows(named=True)}

    def sums(self, mailboxes: tuple[str, ...], in_post: Container[date] | None) -> Sums:
        """The sums of some mailboxes, over the whole period or (`in_post`) over some of its days."""
        rows = [self._totals[mailbox] for mailbox in mailboxes if mailbox in self._totals]
        if in_post is not None:
            chosen = self._days.filter(pl.col("mailbox").is_in(mailboxes))
            held = pl.Series([day in in_post for day in chosen["day"]], dtype=pl.Boolean)
            rows = list(chosen.filter(held).group_by("mailbox").agg(*self._summed).iter_rows(named=True))
        sums = Sums()
        for row in rows:
            sums.add(row)
        return sums
