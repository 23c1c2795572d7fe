"""Facts per mailbox and day: counts, and acts by rung, the person's own apart from a delegate's."""

from __future__ import annotations

import polars as pl

from mail_audit.trace.keys import one_number
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
    parts = [
        _part(submissions, zone, sent=one, sent_recipients=pl.col("recipients"), sent_external=pl.col("external")),
        _part(received, zone, received=one),
        _part(forwards, zone, forwards=one, **{_INSIDE: pl.col("inside").cast(pl.Int64)}),
        _part(entered, zone, logins=one),
        _part(refused, zone, failed_logins=pl.col("attempts")),
        _part(opened, zone, opened=one),
        *_of_acts(acts, zone),
    ]
    table = pl.concat([part.select("mailbox", "day") for part in parts])
    table = table.filter(one_number("mailbox", "day").is_first_distinct())
    for part in parts:
        table = table.join(part, on=["mailbox", "day"], how="left", maintain_order="left")
    nothing = pl.lit(0, dtype=pl.Int64)
    counts = [pl.col(name).fill_null(0) if name in table.columns else nothing.alias(name) for name in COUNTS]
    return table.select("mailbox", pl.col("day").cast(pl.Date), *counts).sort("mailbox", "day")


def _of_acts(acts: pl.DataFrame, zone: Zone) -> list[pl.DataFrame]:
    """The acts by rung, and those that a rule judged, one table a rule: few acts bear any, fewer rules are met at all.

    There are many acts and few of a kind, so that they are counted by kind first.
    """
    rule = pl.col("rule") if "rule" in acts.columns else pl.lit(None, dtype=pl.String).alias("rule")
    kinds = acts.with_columns(day=zone.days(acts["at"])).group_by("mailbox", "day", "rung", rule, "is_delegated")
    counted = kinds.agg(pl.len().cast(pl.Int64).alias("acts"))
    own = pl.when(~pl.col("is_delegated")).then("acts").otherwise(0)
    rungs = {"acts_a": "A", "acts_b": "B", "acts_c": "C", "acts_d": "D", "uncounted": "U"}
    by_rung = counted.group_by("mailbox", "day").agg(
        *(own.filter(pl.col("rung") == rung).sum().alias(name) for name, rung in rungs.items()),
        pl.col("acts").filter(pl.col("is_delegated") & pl.col("rung").is_in(["A", "B"])).sum().alias("delegated"),
    )
    judged = counted.filter(pl.col("rule").is_not_null())
    return [
        by_rung,
        *(
            rows.group_by("mailbox", "day").agg(pl.col("acts").sum().alias(count_column(Rule(str(name)))))
            for (name,), rows in judged.group_by("rule", maintain_order=True)
        ),
    ]


def _part(frame: pl.DataFrame, zone: Zone, **columns: pl.Expr) -> pl.DataFrame:
    return (
        frame.with_columns(day=zone.days(frame["at"]))
        .select("mailbox", "day", **columns)
        .group_by("mailbox", "day")
        .agg(pl.col(name).sum() for name in columns)
    )
