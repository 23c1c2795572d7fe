"""Machines: log-ins at fixed gaps, submissions on a schedule."""

from __future__ import annotations

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.keys import is_one_of, one_number

_SECOND = 1_000_000
CYCLES = (300, 600, 900, 1800, 3600, 86_400)
"""Periods of schedules, in seconds; a daily task keeps its second of the hour too."""


def pollers(log_ins: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """The log-ins of pollers, `mailbox client_ip session at`, and `steady`: whether the log-in keeps the fixed gap.

    `log_ins` has `mailbox client_ip session at`. A source is one mailbox at one address. A poller's gaps lie close to
    their median; a person's do not. What a person does at a poller's address, between its turns, is not steady. A gap
    of more than `poll_longest_seconds` is one a person may keep too (every morning at eight), unless it is kept to the
    second.
    """
    sources = log_ins.select("mailbox", "client_ip", "session", "at", source=one_number("mailbox", "client_ip"))
    ordered = sources.select("source", "at").sort("source", "at")
    gaps = ordered.select("source", gap=pl.col("at").diff()).filter(pl.col("source") == pl.col("source").shift())
    medians = gaps.group_by("source").agg(pl.col("gap").median().alias("median"), pl.len().alias("gaps"))
    often = medians.filter(
        (pl.col("gaps") + 1 >= thresholds.poll_log_ins) & (pl.col("median") >= thresholds.poll_gap_seconds * _SECOND)
    ).with_columns(_slack(thresholds), long=_long(thresholds))
    steady = (pl.col("gap") - pl.col("median")).abs() <= pl.col("slack")
    shares = gaps.join(often, on="source", how="inner").group_by("source", "long").agg(steady.mean().alias("share"))
    needed = pl.when("long").then(thresholds.poll_daily_share).otherwise(thresholds.poll_gap_share)
    found = often.join(shares.filter(pl.col("share") >= needed), on="source", how="semi")
    return _steady(sources.join(found.select("source", "median", "slack"), on="source", how="inner"))


def _long(thresholds: Thresholds) -> pl.Expr:
    return pl.col("median") > thresholds.poll_longest_seconds * _SECOND


def _slack(thresholds: Thresholds) -> pl.Expr:
    """How far a gap may be from the median and still be the same, in microseconds."""
    tenth = pl.min_horizontal(pl.col("median") / 10, pl.lit(thresholds.poll_gap_slack_seconds * _SECOND))
    exactly = pl.lit(float(thresholds.poll_daily_slack_seconds * _SECOND))
    return pl.when(_long(thresholds)).then(exactly).otherwise(tenth).alias("slack")


def _steady(polled: pl.DataFrame) -> pl.DataFrame:
    """`polled` (`source at median slack` and more) with `steady`: another log-in of the source one gap away.

    Neighbours tell for most; where a person's log-in lies between, the next but one is looked up.
    """
    table = polled.sort("source", "at")
    gap = pl.when(pl.col("source") == pl.col("source").shift()).then(pl.col("at").diff())
    near = ((gap - pl.col("median")).abs() <= pl.col("slack")).fill_null(value=False)
    table = table.with_columns(near=near)
    after = pl.col("near").shift(-1, fill_value=False) & (pl.col("source") == pl.col("source").shift(-1)).fill_null(
        value=False
    )
    table = table.with_columns(steady=pl.col("near") | after).drop("near")
    rest = table.filter(~pl.col("steady"))
    if not rest.is_empty():
        table = pl.concat([table.filter("steady"), _one_gap_away(rest, table)])
    return table.select("mailbox", "client_ip", "session", "at", "steady")


def _one_gap_away(rest: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`rest` with `steady` as a log-in of `table` lies one median before or after."""
    every = table.select("source", "at", other="at").sort("at")
    found = rest.drop("steady").with_row_index("row")
    for name, turn in (("before", -1), ("after", 1)):
        wanted = found.select("row", "source", "slack", at=pl.col("at") + (pl.col("median") * turn).cast(pl.Int64))
        met = wanted.sort("at").join_asof(every, on="at", by="source", strategy="nearest", check_sortedness=False)
        close = met.select("row", ((pl.col("other") - pl.col("at")).abs() <= pl.col("slack")).alias(name))
        found = found.join(close, on="row", how="left")
    steady = (pl.col("before") | pl.col("after")).fill_null(value=False)
    return found.with_columns(steady=steady).select(rest.columns)


def scheduled(submissions: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """Whether each submission keeps to a schedule; `submissions` has `mailbox client_ip at`.

    A schedule is at least `schedule_submissions` cycles of five minutes to a day in which this mailbox sent from this
    address within `schedule_window_seconds` of the same second, and that is `schedule_share` of its submissions; or,
    where a person sends from there too, its turns come every so many cycles, `schedule_even` of them. Many messages in
    one moment are one cycle: a person may send ten at once.
    """
    verdict = pl.repeat(False, submissions.height, dtype=pl.Boolean, eager=True)
    every = submissions.select(source=one_number("mailbox", "client_ip"), second=pl.col("at") // _SECOND)
    enough = every.select(pl.len().over("source") >= thresholds.schedule_submissions).to_series()
    often, rows = every.filter(enough), enough.arg_true()
    for cycle in CYCLES if rows.len() else ():
        table = often.with_columns(phase=pl.col("second") % cycle, turn=pl.col("second") // cycle)
        near = _nearest_phase(table, thresholds.schedule_window_seconds, cycle)
        keeping = _keeping(near, thresholds)
        within = near.select((pl.col("near") & is_one_of("source", keeping)).alias("rule"))
        verdict = verdict.scatter(rows.filter(within.to_series()), True)
    return verdict


def _keeping(near: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """The sources that keep to the cycle: in enough of its turns, and with most of what they send or evenly.

    Evenly: so many of the gaps between turns are the usual one, since a task may run every third cycle.
    """
    turns = near.filter("near").select("source", "turn").unique()
    enough = turns.group_by("source").len("turns").filter(pl.col("turns") >= thresholds.schedule_submissions)
    if enough.is_empty():
        return enough["source"]
    kept = turns.join(enough, on="source", how="semi").sort("source", "turn")
    gap = pl.col("gap").drop_nulls()
    gaps = kept.with_columns(gap=pl.col("turn").diff().over("source"))
    even = gaps.group_by("source").agg(even=(gap == gap.median()).mean())
    shares = near.group_by("source").agg(share=pl.col("near").mean())
    mostly = pl.col("share") >= thresholds.schedule_share
    found = even.join(shares, on="source", how="left").filter(mostly | (pl.col("even") >= thresholds.schedule_even))
    return found["source"]


def _nearest_phase(table: pl.DataFrame, window: int, cycle: int) -> pl.DataFrame:
    """`near`: whether a row lies within half a window of the phase its source keeps most often."""
    common = table.group_by("source", "phase").len("count")
    before = pl.col("count").cast(pl.Int64) * cycle - pl.col("phase")  # of equally common phases the first
    kept = common.group_by("source").agg(kept=(cycle - before.max() % cycle) % cycle)
    joined = table.join(kept, on="source", how="left", maintain_order="left")
    distance = (pl.col("phase") - pl.col("kept")).abs()
    return joined.with_columns(near=pl.min_horizontal(distance, cycle - distance) <= window)
