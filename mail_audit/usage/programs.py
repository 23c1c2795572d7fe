"""Programs that are nobody's reading or writing: those that go through all mailboxes, and devices that only send."""

from __future__ import annotations

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.keys import one_number

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND


def sweeps(entered: pl.DataFrame, held: pl.DataFrame, made: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Column `which`: log-ins (`one_number("mailbox", "session")`) of programs that go through many mailboxes.

    A run is what one address opens without a pause of more than `sweep_pause_seconds`, each session after the end of
    the one before. It is a sweep when it opens at least `sweep_mailboxes` mailboxes and `sweep_share` of all that this
    address ever opens, each once or nearly so, and no session of it marks, moves or saves anything: backup, migration
    to another server, monitoring, a census. Webmail and a network behind one address open many mailboxes too, but never
    most of theirs in one go, and people come back and leave marks.
    """
    which = one_number("mailbox", "session").alias("which")
    named = entered.filter(pl.col("session").is_not_null() & pl.col("client_ip").is_not_null())
    few = named.group_by("client_ip").agg(boxes=pl.col("mailbox").n_unique())
    many = few.filter(pl.col("boxes") >= thresholds.sweep_mailboxes)
    log_ins = named.join(many, on="client_ip", how="inner").select(
        "mailbox", "client_ip", "at", which, ever=pl.col("boxes")
    )
    if log_ins.is_empty():
        return log_ins.select("which")
    ends = held.filter(pl.col("session").is_not_null()).select(which, ended="at").unique("which", keep="first")
    table = log_ins.join(ends, on="which", how="left").with_columns(pl.coalesce("ended", "at").alias("ended"))
    table = table.sort("client_ip", "at")
    here = pl.col("client_ip") == pl.col("client_ip").shift()
    pause = pl.col("at") - pl.when(here).then(pl.col("ended").shift())
    follows = pause.is_between(-_SECOND, thresholds.sweep_pause_seconds * _SECOND).fill_null(value=False)
    table = table.with_columns(run=(~follows).cum_sum())
    touched = made.filter(pl.col("session").is_not_null()).select(which).unique()
    marks = table.join(touched.with_columns(touched=True), on="which", how="left")
    runs = marks.group_by("run").agg(
        boxes=pl.col("mailbox").n_unique(),
        ever=pl.col("ever").first(),
        log_ins=pl.len(),
        touched=pl.col("touched").any(ignore_nulls=True),
    )
    found = runs.filter(
        (pl.col("boxes") >= thresholds.sweep_mailboxes)
        & (pl.col("boxes") >= thresholds.sweep_share * pl.col("ever"))
        & (pl.col("log_ins") <= 1.5 * pl.col("boxes"))
        & ~pl.col("touched").fill_null(value=False)
    )
    return table.join(found, on="run", how="semi").select("which")


def by_application(
    submissions: pl.DataFrame,
    entered: pl.DataFrame,
    held: pl.DataFrame,
    read_here: pl.Series,
    thresholds: Thresholds,
) -> pl.Series:
    """Whether each submission is a device's or a program's that only sends: a scanner, an application, at any time.

    From an address where nobody ever logs in to read, at least `application_submissions` of one mailbox,
    `application_share` of them outside all its sessions (and not within `sitting_minutes` of one): a person's program
    reads as well as it sends. `read_here` are the mailboxes whose log-ins the logs would show; silent for all others,
    and where more than `station_mailboxes` mailboxes send from the address (a relay, a network).
    """
    verdict = pl.repeat(value=False, n=submissions.height, dtype=pl.Boolean, eager=True)
    readers = entered.select("client_ip").unique()
    table = submissions.select("mailbox", "client_ip", "at").with_row_index("row")
    table = table.filter(pl.col("client_ip").is_not_null()).join(readers, on="client_ip", how="anti")
    table = table.filter(pl.col("mailbox").is_in(read_here.implode()))
    table = table.with_columns(
        boxes=pl.col("mailbox").n_unique().over("client_ip"), sent=pl.len().over("mailbox", "client_ip")
    )
    table = table.filter(
        (pl.col("boxes") <= thresholds.station_mailboxes) & (pl.col("sent") >= thresholds.application_submissions)
    )
    if table.is_empty():
        return verdict
    lone = table.join(_beside_reading(table, entered, held, thresholds), on="row", how="anti").select("row", lone=True)
    table = table.join(lone, on="row", how="left").with_columns(pl.col("lone").fill_null(value=False))
    share = pl.col("lone").mean().over("mailbox", "client_ip")
    rows = table.filter(share >= thresholds.application_share)["row"]
    return verdict.scatter(rows, True)


def _beside_reading(
    sent: pl.DataFrame, entered: pl.DataFrame, held: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """Column `row` of `sent` (`row mailbox at`) that lie in, or close to, a session of their mailbox."""
    close = thresholds.sitting_minutes * _MINUTE
    came = entered.join(sent.select("mailbox").unique(), on="mailbox", how="semi").select("mailbox", "at", other="at")
    ended = held.join(sent.select("mailbox").unique(), on="mailbox", how="semi")
    ended = ended.filter(pl.col("seconds").is_not_null()).select(
        "mailbox", "at", began=pl.col("at") - (pl.col("seconds") * _SECOND).cast(pl.Int64)
    )
    ordered = sent.select("row", "mailbox", "at").sort("at")
    near = ordered.join_asof(came.sort("at"), on="at", by="mailbox", strategy="nearest", check_sortedness=False)
    inside = ordered.join_asof(ended.sort("at"), on="at", by="mailbox", strategy="forward", check_sortedness=False)
    beside = near.filter((pl.col("other") - pl.col("at")).abs() <= close).select("row")
    within = inside.filter(pl.col("began") <= pl.col("at")).select("row")
    return pl.concat([beside, within]).unique()
