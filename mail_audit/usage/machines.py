"""Machines: log-ins at fixed gaps, submissions on a schedule."""

from __future__ import annotations

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.keys import one_number

_SECOND = 1_000_000
CYCLES = (300, 600, 900, 1800, 3600)
"""Periods of schedules, in seconds; a daily task keeps its second of the hour too."""


def pollers(log_ins: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Columns `mailbox`, `client_ip` of log-ins that come at fixed gaps.

    `log_ins` has `mailbox client_ip at`. A poller's gaps lie close to their median; a person's do not.
    """
    sources = log_ins.select("mailbox", "client_ip", "at", source=one_number("mailbox", "client_ip"))
    ordered = sources.select("source", "at").sort("source", "at")
    gaps = ordered.select("source", gap=pl.col("at").diff()).filter(pl.col("source") == pl.col("source").shift())
    medians = gaps.group_by("source").agg(pl.col("gap").median().alias("median"), pl.len().alias("gaps"))
    slack = pl.min_horizontal(pl.col("median") / 10, pl.lit(thresholds.poll_gap_slack_seconds * _SECOND))
    often = medians.filter(
        (pl.col("gaps") + 1 >= thresholds.poll_log_ins) & (pl.col("median") >= thresholds.poll_gap_seconds * _SECOND)
    )
    steady = (pl.col("gap") - pl.col("median")).abs() <= slack
    shares = gaps.join(often, on="source", how="inner").group_by("source").agg(steady.mean().alias("share"))
    found = shares.filter(pl.col("share") >= thresholds.poll_gap_share)
    return sources.join(found, on="source", how="semi").select("mailbox", "client_ip").unique(maintain_order=True)


def scheduled(submissions: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """Whether each submission keeps to a schedule; `submissions` has `mailbox client_ip at`.

    A schedule is at least `schedule_submissions` cycles of five minutes to an hour (a day's task keeps the hour's
    second) in which this mailbox sent from this address within `schedule_window_seconds` of the same second, and that
    is `schedule_share` of its submissions. Many messages in one moment are one cycle: a person may send ten at once.
    """
    verdict = pl.repeat(False, submissions.height, dtype=pl.Boolean, eager=True)
    for cycle in CYCLES:
        second = (pl.col("at") // _SECOND).alias("second")
        table = submissions.select("mailbox", pl.col("client_ip").fill_null(""), second).with_columns(
            phase=pl.col("second") % cycle, turn=pl.col("second") // cycle
        )
        sources = ["mailbox", "client_ip"]
        window = thresholds.schedule_window_seconds
        near = _nearest_phase(table, sources, window, cycle)
        within = near.with_columns(
            turns=pl.col("turn").filter(pl.col("near")).n_unique().over(sources),
            share=pl.col("near").mean().over(sources),
        )
        rule = (
            pl.col("near")
            & (pl.col("turns") >= thresholds.schedule_submissions)
            & (pl.col("share") >= thresholds.schedule_share)
        )
        verdict = verdict | within.select(rule.alias("rule")).to_series()
    return verdict


def _nearest_phase(table: pl.DataFrame, sources: list[str], window: int, cycle: int) -> pl.DataFrame:
    """`near`: whether a row lies within half a window of the phase its source keeps most often."""
    common = (
        table.group_by([*sources, "phase"])
        .agg(pl.len().alias("count"))
        .sort("count", "phase", descending=[True, False])
    )
    kept = common.group_by(sources, maintain_order=True).agg(pl.col("phase").first().alias("kept"))
    joined = table.join(kept, on=sources, how="left", maintain_order="left")
    distance = (pl.col("phase") - pl.col("kept")).abs()
    return joined.with_columns(near=pl.min_horizontal(distance, cycle - distance) <= window)
