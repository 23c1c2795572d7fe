"""Programs that are nobody's reading or writing: those that go through all mailboxes, and devices that only send."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.keys import is_one_of, one_number
from mail_audit.usage.everybody import Everybody
from mail_audit.usage.shards import Visits, Waiting

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND


_WHICH = one_number("mailbox", "session").alias("which")


def sweeps(everybody: Everybody, visits: Iterable[Waiting], thresholds: Thresholds) -> pl.DataFrame:
    """Column `which`: log-ins (`one_number("mailbox", "session")`) of programs that go through many mailboxes.

    A run is what one address opens without a pause of more than `sweep_pause_seconds`, each session after the end of
    the one before. It is a sweep when it opens at least `sweep_mailboxes` mailboxes and `sweep_share` of all that this
    address ever opens, each once or nearly so, and no session of it marks, moves or saves anything: backup, migration
    to another server, monitoring, a census. Webmail and a network behind one address open many mailboxes too, but never
    most of theirs in one go, and people come back and leave marks.
    """
    few = everybody.used.filter(pl.col("named") & pl.col("client_ip").is_not_null())
    few = few.group_by("client_ip").agg(ever=pl.len())
    many = few.filter(pl.col("ever") >= thresholds.sweep_mailboxes)
    if many.is_empty():
        return pl.DataFrame(schema={"which": pl.UInt64})
    table = pl.concat([_from_there(one(), many) for one in visits])
    table = table.sort("client_ip", "at", "file", "offset")  # the clock of many logs knows no less than a second
    here = pl.col("client_ip") == pl.col("client_ip").shift()
    pause = pl.col("at") - pl.when(here).then(pl.col("ended").shift())
    follows = pause.is_between(-_SECOND, thresholds.sweep_pause_seconds * _SECOND).fill_null(value=False)
    table = table.with_columns(run=(~follows).cum_sum())
    runs = table.group_by("run").agg(
        boxes=pl.col("mailbox").n_unique(),
        ever=pl.col("ever").first(),
        log_ins=pl.len(),
        touched=pl.col("touched").any(),
    )
    found = runs.filter(
        (pl.col("boxes") >= thresholds.sweep_mailboxes)
        & (pl.col("boxes") >= thresholds.sweep_share * pl.col("ever"))
        & (pl.col("log_ins") <= 1.5 * pl.col("boxes"))
        & ~pl.col("touched")
    )
    return table.join(found, on="run", how="semi").select("which")


def _from_there(visits: Visits, many: pl.DataFrame) -> pl.DataFrame:
    """Log-ins with a session from addresses that open `many` mailboxes (`client_ip ever`): `… which ended touched`.

    `ended` is the log-in itself where the end is not known; `touched`: whether the session changed anything.
    """
    named = visits.entered.filter(pl.col("session").is_not_null())
    log_ins = named.join(many, on="client_ip", how="inner").select(
        "mailbox", "client_ip", "at", "file", "offset", "ever", _WHICH
    )
    ends = visits.held.filter(pl.col("session").is_not_null()).select(_WHICH, ended="at").unique("which", keep="first")
    touched = visits.made.filter(pl.col("session").is_not_null()).select(_WHICH).to_series()
    return log_ins.join(ends, on="which", how="left").with_columns(
        pl.coalesce("ended", "at").alias("ended"), touched=is_one_of("which", touched)
    )


def by_application(
    submissions: pl.DataFrame,
    everybody: Everybody,
    read_here: pl.Series,
    visits: Iterable[Waiting],
    thresholds: Thresholds,
) -> pl.Series:
    """Whether each submission is a device's or a program's that only sends: a scanner, an application, at any time.

    From an address where nobody ever logs in to read, at least `application_submissions` of one mailbox,
    `application_share` of them outside all its sessions (and not within `sitting_minutes` of one): a person's program
    reads as well as it sends. `read_here` are the mailboxes whose log-ins the logs would show; silent for all others,
    and where more than `station_mailboxes` mailboxes send from the address (a relay, a network).
    """
    verdict = pl.repeat(value=False, n=submissions.height, dtype=pl.Boolean, eager=True)
    readers = everybody.used.select("client_ip").unique()
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
    beside = pl.concat([_beside_reading(table, one(), thresholds) for one in visits])
    lone = table.join(beside, on="row", how="anti").select("row", lone=True)
    table = table.join(lone, on="row", how="left").with_columns(pl.col("lone").fill_null(value=False))
    share = pl.col("lone").mean().over("mailbox", "client_ip")
    rows = table.filter(share >= thresholds.application_share)["row"]
    return verdict.scatter(rows, True)


def _beside_reading(sent: pl.DataFrame, visits: Visits, thresholds: Thresholds) -> pl.DataFrame:
    """Column `row` of `sent` (`row mailbox at`) that lie in, or close to, a session of their mailbox."""
    close = thresholds.sitting_minutes * _MINUTE
    boxes = sent.select("mailbox").unique()
    came = visits.entered.join(boxes, on="mailbox", how="semi").select("mailbox", "at", other="at")
    ended = visits.held.join(boxes, on="mailbox", how="semi")
    ended = ended.filter(pl.col("seconds").is_not_null()).select(
        "mailbox", "at", began=pl.col("at") - (pl.col("seconds") * _SECOND).cast(pl.Int64)
    )
    ordered = sent.select("row", "mailbox", "at").sort("at")
    near = ordered.join_asof(came.sort("at"), on="at", by="mailbox", strategy="nearest", check_sortedness=False)
    inside = ordered.join_asof(ended.sort("at"), on="at", by="mailbox", strategy="forward", check_sortedness=False)
    beside = near.filter((pl.col("other") - pl.col("at")).abs() <= close).select("row")
    within = inside.filter(pl.col("began") <= pl.col("at")).select("row")
    return pl.concat([beside, within]).unique()
