"""Facts per mailbox and day: counts, and acts by rung, the person's own apart from a delegate's."""

from __future__ import annotations

import polars as pl

from mail_audit.usage.rules import RULE_COUNTS, Rule, count_column
from mail_audit.zones import Zone

COUNTS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
    "acts_a", "acts_b", "acts_c", "acts_d", "uncounted", "delegated", "forwards", *RULE_COUNTS,
)  # fmt: skip
"""Columns of the facts, all Int64; `opened` is null where the logs cannot tell. `acts_*` are the person's own.

`rule_<name>` are the acts that a rule of `usage.rules` judged, whatever rung it gave them.
"""
_INSIDE = count_column(Rule.FORWARD_INSIDE)


def day_facts(
    submissions: pl.DataFrame,
    received: pl.DataFrame,
    forwards: pl.DataFrame,
    entered: pl.DataFrame,
    refused: pl.DataFrame,
    opened: pl.DataFrame,
    acts: pl.DataFrame,
    zone: Zone,
) -> pl.DataFrame:
    """One row a mailbox and local day with anything in it: `mailbox`, `day` (Date), `COUNTS`; sorted.

    `forwards` has `inside`: whether it leads to a mailbox of the directory's domains.
    """
    one = pl.lit(1, dtype=pl.Int64)
    own = ~pl.col("is_delegated")
    parts = [
        _part(submissions, zone, sent=one, sent_recipients=pl.col("recipients"), sent_external=pl.col("external")),
        _part(received, zone, received=one),
        _part(forwards, zone, forwards=one, **{_INSIDE: pl.col("inside").cast(pl.Int64)}),
        _part(entered, zone, logins=one),
        _part(refused, zone, failed_logins=pl.col("attempts")),
        _part(opened, zone, opened=one),
        _part(
            acts,
            zone,
            acts_a=(pl.col("rung").eq("A") & own).cast(pl.Int64),
            acts_b=(pl.col("rung").eq("B") & own).cast(pl.Int64),
            acts_c=(pl.col("rung").eq("C") & own).cast(pl.Int64),
            acts_d=(pl.col("rung").eq("D") & own).cast(pl.Int64),
            uncounted=(pl.col("rung").eq("U") & own).cast(pl.Int64),
            delegated=(pl.col("is_delegated") & pl.col("rung").is_in(["A", "B"])).cast(pl.Int64),
        ),
        *_by_rule(acts, zone),
    ]
    table = pl.concat(parts, how="diagonal")
    missing = [name for name in COUNTS if name not in table.columns]
    table = table.with_columns(pl.lit(0, dtype=pl.Int64).alias(name) for name in missing)
    sums = table.group_by("mailbox", "day").agg(pl.col(name).fill_null(0).sum() for name in COUNTS)
    return sums.with_columns(pl.col("day").cast(pl.Date)).sort("mailbox", "day")


def _by_rule(acts: pl.DataFrame, zone: Zone) -> list[pl.DataFrame]:
    """The acts that a rule judged, one table a rule: few acts bear any, fewer rules are met at all."""
    if "rule" not in acts.columns:
        return []
    judged = acts.filter(pl.col("rule").is_not_null())
    one = pl.lit(1, dtype=pl.Int64)
    return [
        _part(rows, zone, **{count_column(Rule(str(name))): one})
        for (name,), rows in judged.group_by("rule", maintain_order=True)
    ]


def _part(frame: pl.DataFrame, zone: Zone, **columns: pl.Expr) -> pl.DataFrame:
    return (
        frame.with_columns(day=zone.days(frame["at"]))
        .select("mailbox", "day", **columns)
        .group_by("mailbox", "day")
        .agg(pl.col(name).sum() for name in columns)
    )
