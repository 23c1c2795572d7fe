"""Day facts added up per official, and what else is known of a mailbox."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property

import polars as pl

from mail_audit.trace.keys import rows_that
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

    @classmethod
    def together(cls, parts: Iterable[Sums]) -> Sums:
        """The sums of several mailboxes, or of none."""
        found = cls()
        for one in parts:
            for name in _COUNTED:
                setattr(found, name, getattr(found, name) + getattr(one, name))
            found.active |= one.active
            for rule, count in one.rules.items():
                found.rules[rule] = found.rules.get(rule, 0) + count
        return found


_COUNTED = tuple(one.name for one in fields(Sums) if one.name not in ("active", "rules"))


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

    def hosts_of(self, mailboxes: tuple[str, ...]) -> frozenset[str]:
        """The servers that speak of any of some mailboxes."""
        found = [self.hosts[mailbox] for mailbox in mailboxes if mailbox in self.hosts]
        return found[0] if len(found) == 1 else frozenset().union(*found)


class Facts:
    """Day facts added up per mailbox over a period; over fewer days for those who were not in post on all of them."""

    def __init__(self, days: pl.DataFrame, first: date, last: date) -> None:
        self._days = rows_that(days, pl.col("day").is_between(first, last))
        self._judged = [name for name in days.columns if name in _RULE_OF]
        self._totals = self._sums(self._days)

    def _sums(self, days: pl.DataFrame) -> dict[str, Sums]:
        """Mailbox -> its sums over these days."""
        active = pl.col("day").filter((pl.col("acts_a") > 0) | (pl.col("acts_b") > 0)).alias("active")
        totals = days.group_by("mailbox").agg(pl.col(*_COUNTED, *self._judged).sum(), active)
        most = totals.select(pl.col(*self._judged).max()).row(0, named=True)
        judged = {_RULE_OF[name]: totals[name].to_list() for name in self._judged if most[name]}  # few of the rules
        mailboxes, days_of = totals["mailbox"].to_list(), map(set, totals["active"].to_list())
        acts = (
            {rule: count for rule, count in zip(judged, row[1:], strict=True) if count}
            for row in zip(mailboxes, *judged.values(), strict=True)
        )
        counts = [totals[name].to_list() for name in _COUNTED]
        return {mailbox: Sums(*sums) for mailbox, *sums in zip(mailboxes, *counts, days_of, acts, strict=True)}

    def sums(self, mailboxes: tuple[str, ...], in_post: Container[date] | None) -> Sums:
        """The sums of some mailboxes, over the whole period or (`in_post`) over some of its days; not to be changed."""
        totals = self._totals
        if in_post is not None:
            chosen = self._rows_of(mailboxes)
            held = pl.Series([day in in_post for day in chosen["day"]], dtype=pl.Boolean)
            totals = self._sums(chosen.filter(held))
        found = [totals[mailbox] for mailbox in mailboxes if mailbox in totals]
        return found[0] if len(found) == 1 else Sums.together(found)

    def _rows_of(self, mailboxes: tuple[str, ...]) -> pl.DataFrame:
        """The rows of some mailboxes, without looking at those of the others: many come to a post in one period."""
        days, places = self._by_mailbox
        found = [days.slice(*places[mailbox]) for mailbox in mailboxes if mailbox in places]
        return pl.concat(found) if found else days.clear()

    @cached_property
    def _by_mailbox(self) -> tuple[pl.DataFrame, dict[str, tuple[int, int]]]:
        """The rows with those of a mailbox together, and mailbox -> its first place and how many they are."""
        days = self._days.sort("mailbox", maintain_order=True)
        runs = days.with_row_index("place").group_by("mailbox").agg(pl.col("place").min(), number=pl.len())
        return days, {mailbox: (place, number) for mailbox, place, number in runs.iter_rows()}
