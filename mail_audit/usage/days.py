"""Facts per mailbox and day: counts, and acts by rung, the person's own apart from a delegate's."""

from __future__ import annotations

import polars as pl

from mail_audit.zones import Zone

COUNTS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
    "acts_a", "acts_b", "acts_c", "acts_d", "uncounted", "delegated", "forwards",
)  # fmt: skip
"""Columns of the facts, all Int64; `opened` is null where the logs cannot tell. `acts_*` are the person's own."""


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
    """One row a mailbox and local day with anything in it: `mailbox`, `day` (Date), `COUNTS`; sorted."""
    one = pl.lit(1, dtype=pl.Int64)
    own = ~pl.col("is_delegated")
    parts = [
        _part(submissions, zone, sent=one, sent_recipients=pl.col("recipients"), sent_external=pl.col("external")),
        _part(received, zone, received=one),
        _part(forwards, zone, forwards=one),
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
    ]
    table = pl.concat(parts, how="diagonal")
    missing = [name for name in COUNTS if name not in table.columns]
    table = table.with_columns(pl.lit(0, dtype=pl.Int64).alias(name) for name in missing)
    sums = table.group_by("mailbox", "day").agg(pl.col(name).fill_null(0).sum() for name in COUNTS)
    return sums.with_columns(pl.col("day").cast(pl.Date)).sort("mailbox", "day")


def _part(frame: pl.DataFrame, zone: Zone, **columns: pl.Expr) -> pl.DataFrame:
    return (
        frame.with_columns(day=zone.days(frame["at"]))
        .select("mailbox", "day", **columns)
        .group_by("mailbox", "day")
        .agg(pl.col(name).sum() for name in columns)
    )
