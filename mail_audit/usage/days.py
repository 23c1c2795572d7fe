"""Facts per mailbox and day: counts, and acts by rung, the person's own apart from a delegate's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from mail_audit.trace.keys import beside
from mail_audit.usage.rules import RULE_COUNTS, Rule, count_column

COUNTS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
    "acts_a", "acts_b", "acts_c", "acts_d", "uncounted", "delegated", "forwards", *RULE_COUNTS,
)  # fmt: skip
"""Columns of the facts, all Int64; `opened` is null where the logs cannot tell. `acts_*` are the person's own.

`rule_<name>` are the acts that a rule of `usage.rules` judged, whatever rung it gave them.
"""
_DAYS = 2**31
"""More than there are days: these are Int32, from 1970 on."""
_INSIDE = count_column(Rule.FORWARD_INSIDE)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of mailboxes on days, before it is one table.

    days: key mailbox day, each once, `key` being one number for both; parts: tables of `key` and sums.
    """

    days: pl.DataFrame
    parts: tuple[pl.DataFrame, ...]


def counts_of(
    submissions: pl.DataFrame,
    received: pl.DataFrame,
    forwards: pl.DataFrame,
    entered: pl.DataFrame,
    refused: pl.DataFrame,
    opened: pl.DataFrame,
) -> Counts:
    """What is counted of messages and log-ins, each with its `mailbox` and local `day`.

    `forwards` has `inside`: whether it leads to one of our mailboxes.
    """
    one = pl.lit(1, dtype=pl.Int64)
    frames = [_keyed(frame) for frame in (submissions, received, forwards, entered, refused, opened)]
    parts = (
        _part(frames[0], sent=one, sent_recipients=pl.col("recipients"), sent_external=pl.col("external")),
        _part(frames[1], received=one),
        _part(frames[2], forwards=one, **{_INSIDE: pl.col("inside").cast(pl.Int64)}),
        _part(frames[3], logins=one),
        _part(frames[4], failed_logins=pl.col("attempts")),
        _part(frames[5], opened=one),
    )
    return Counts(_days(frames), parts)


def day_facts(counts: Counts, acts: pl.DataFrame) -> pl.DataFrame:
    """One row a mailbox and local day with anything in it: `mailbox`, `day` (Date), `COUNTS`; sorted."""
    keyed = _keyed(acts)
    days = _days([counts.days, keyed]).sort("mailbox", "day")
    table = beside(days, (*counts.parts, *_of_acts(keyed)), ["key"])
    nothing = pl.lit(0, dtype=pl.Int64)
    columns = [pl.col(name).fill_null(0) if name in table.columns else nothing.alias(name) for name in COUNTS]
    return table.select("mailbox", pl.col("day").cast(pl.Date), *columns)


def _days(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """`key mailbox day` of all frames, each key once."""
    every = pl.concat([frame.select("key", "mailbox", "day") for frame in frames])
    return every.filter(pl.col("key").is_first_distinct())


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with its `day` as a number (since 1970) and with `key`, which is grouped and joined by: mailbox and day.

    It is the mailbox's code and the day beside each other and no hash: two mailboxes never share one.
    """
    code = pl.col("mailbox").to_physical().cast(pl.Int64)
    return frame.with_columns(pl.col("day").to_physical()).with_columns(key=code * _DAYS + pl.col("day"))


def _of_acts(acts: pl.DataFrame) -> list[pl.DataFrame]:
    """The acts by rung, and those that a rule judged, one table a rule: few rules are met at all."""
    own, theirs = ~pl.col("is_delegated"), pl.col("is_delegated") & pl.col("rung").is_in(["A", "B"])
    rungs = {"acts_a": "A", "acts_b": "B", "acts_c": "C", "acts_d": "D", "uncounted": "U"}
    by_rung = _part(acts, **{name: own & (pl.col("rung") == rung) for name, rung in rungs.items()}, delegated=theirs)
    if "rule" not in acts.columns:
        return [by_rung]
    judged = acts.select("key", "rule").filter(pl.col("rule").is_not_null())
    return [
        by_rung,
        *(
            rows.group_by("key").agg(pl.len().cast(pl.Int64).alias(count_column(Rule(str(name)))))
            for (name,), rows in judged.group_by("rule", maintain_order=True)
        ),
    ]


def _part(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """The sums of `columns`, one row a `key`."""
    sums = (pl.col(name).sum().cast(pl.Int64) for name in columns)
    return frame.select("key", **columns).group_by("key").agg(*sums)
