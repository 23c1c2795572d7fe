r"""What follows an arrival at once is a program's: a background sync that fetches what has just come, a filter's marks.

A telephone fetches each new message as it comes, one at a time: by its size and pace it looks like a reader. What tells
is that it fetches just what has arrived since it last looked, again and again, and marks nothing as read.
"""

from __future__ import annotations

import re

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.keys import one_number
from mail_audit.usage.shards import Visits

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
PROGRAM_KEYWORDS = (
    "NonJunk", "$NotJunk", "NotJunk", "Junk", "$Junk", "JunkRecorded", "$MDNSent", "$HasAttachment", "$HasNoAttachment",
)  # fmt: skip
"""Labels that mail programs set by themselves on every new message (Thunderbird, Apple Mail, Dovecot)."""
ONLY_KEYWORDS = r"^(?:\\Recent )?(?:(?:" + "|".join(map(re.escape, PROGRAM_KEYWORDS)) + ")(?: |$))+$"


def synced(
    visits: Visits, received: pl.DataFrame, swept: pl.DataFrame, seeing: pl.Series, thresholds: Thresholds
) -> pl.Series:
    """Whether each session of `visits.held` is a background sync's; those of programs on their round (`swept`) are not.

    A session is like a sync when it fetched as many bodies as had come since the last session from its address ended
    (or more: some programs fetch the parts one by one), and changed nothing but a program's own labels. An address
    where `sync_share` of at least `sync_sessions` fetching sessions are like that is a program's; addresses of a
    mailbox with fewer sessions are taken together, for a telephone on its way has many. Where the server does not write
    what was marked as read (none of `seeing`), they must also come within `sync_minutes` of the arrival, or have been
    waiting for it, or the address must log in around the clock (in `sync_hours` of the day's hours): what a person
    opens there in the morning leaves the same counters. The first session at an address is what the others are.
    """
    held = visits.held
    known = _by_source(held, swept, thresholds)
    fetching = known.filter(pl.col("body_count") > 0)
    verdict = pl.repeat(value=False, n=held.height, dtype=pl.Boolean, eager=True)
    if fetching.is_empty() or received.is_empty():
        return verdict
    fetching = _with_arrivals(fetching, received)
    by_hand = ~pl.col("by_program").fill_null(value=False)
    with_session = visits.made.filter(pl.col("session").is_not_null() & by_hand)
    changed = with_session.select(one_number("mailbox", "session")).to_series()
    new = pl.col("arrived")
    prompt = pl.col("entered") - pl.col("last") <= thresholds.sync_minutes * _MINUTE
    fetching = fetching.filter(~(pl.col("named") & pl.col("which").is_in(changed.unique().implode()))).with_columns(
        like=(new >= 1) & (pl.col("body_count") >= new) | pl.col("since").is_null()
    )
    unmarked = pl.col("host").is_in(seeing.implode()) & (pl.col("visits") >= thresholds.sync_visits)
    sure = pl.col("like") & (unmarked | prompt | pl.col("round_the_clock"))
    habit = (
        fetching.filter(pl.col("since").is_not_null())
        .group_by("source")
        .agg(sure.mean().alias("share"), pl.len().alias("sessions"))
        .filter((pl.col("share") >= thresholds.sync_share) & (pl.col("sessions") >= thresholds.sync_sessions))
    )
    rows = fetching.filter("like").join(habit, on="source", how="semi")["row"]
    return verdict.scatter(rows, True)


def _by_source(held: pl.DataFrame, swept: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Sessions of known length with `row`, `source`, `entered`, `since` (the end of the source's last one).

    Only of sources that fetched anything; `round_the_clock`: whether the source logs in at nearly all hours; `visits`:
    its sessions a day on which it came.
    """
    table = held.select(
        "mailbox", "host", "at", "file", "offset", "seconds", "body_count",
        place=one_number("mailbox", "client_ip"), which=one_number("mailbox", "session"), box=one_number("mailbox"),
        named=pl.col("session").is_not_null(), addressed=pl.col("client_ip").is_not_null(),
    ).with_row_index("row")  # fmt: skip
    known = table.filter(pl.col("addressed") & pl.col("seconds").is_not_null()).join(swept, on="which", how="anti")
    fetching = known.filter(pl.col("body_count") > 0)
    often = fetching.group_by("place").len("times").filter(pl.col("times") >= thresholds.sync_sessions)
    known = known.join(fetching.select("mailbox").unique(), on="mailbox", how="semi")
    known = known.join(often, on="place", how="left").with_columns(
        source=pl.when(pl.col("times").is_not_null()).then("place").otherwise("box"),
        entered=pl.col("at") - (pl.col("seconds") * _SECOND).cast(pl.Int64),
    )
    known = known.sort("source", "at", "file", "offset")  # many sessions end in one second of a log's clock
    before = pl.when(pl.col("source") == pl.col("source").shift()).then(pl.col("at").shift())
    hours = (pl.col("entered") // _HOUR % 24).n_unique().over("source")
    return known.with_columns(
        since=pl.min_horizontal(before, pl.when(before.is_not_null()).then("entered")),
        round_the_clock=hours >= thresholds.sync_hours,
        visits=pl.len().over("source") / (pl.col("entered") // (24 * _HOUR)).n_unique().over("source"),
    )


def _with_arrivals(fetching: pl.DataFrame, received: pl.DataFrame) -> pl.DataFrame:
    """`fetching` with `arrived` (messages to its mailbox after `since`, until `at`) and `last` (when the last came)."""
    came = received.select("mailbox", "at").sort("at")
    came = came.with_columns(count=pl.int_range(1, pl.len() + 1).over("mailbox"), last=pl.col("at"))
    until = fetching.sort("at").join_asof(came, on="at", by="mailbox", strategy="backward", check_sortedness=False)
    counts = came.select("mailbox", "count", since="at")
    both = until.sort("since").join_asof(
        counts, on="since", by="mailbox", strategy="backward", suffix="_since", check_sortedness=False
    )
    return both.with_columns(arrived=pl.col("count").fill_null(0) - pl.col("count_since").fill_null(0))


def marked_on_arrival(opened: pl.DataFrame, received: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    r"""Whether each \Seen mark of `opened` (`mailbox client_ip at`) is a filter's, made the moment a message arrives.

    It is, where `arrival_mark_share` of the marks of a mailbox from one address come within `arrival_mark_seconds` of
    an arrival, and at least `arrival_marks` arrivals were followed so; there also what comes within `sync_minutes`,
    because such a program may be slow for once. Where mail comes so often that most moments follow an arrival
    (`arrival_mark_crowd` of the time), nothing follows from it.
    """
    if opened.is_empty() or received.is_empty():
        return pl.repeat(value=False, n=opened.height, dtype=pl.Boolean, eager=True)
    came = received.select("mailbox", "at", came="at").sort("at")
    came = came.with_columns(number=pl.int_range(pl.len()).over("mailbox"))
    table = opened.select("mailbox", "at", source=one_number("mailbox", "client_ip")).with_row_index("row").sort("at")
    table = table.join_asof(came, on="at", by="mailbox", strategy="backward", check_sortedness=False)
    after = pl.col("at") - pl.col("came")
    table = table.with_columns(
        at_once=(after <= thresholds.arrival_mark_seconds * _SECOND).fill_null(value=False),
        soon=(after <= thresholds.sync_minutes * _MINUTE).fill_null(value=False),
    )
    table = table.with_columns(
        share=pl.col("at_once").mean().over("source"),
        followed=pl.col("came").filter(pl.col("at_once")).n_unique().over("source"),
        arrivals=(pl.col("number").max() - pl.col("number").min() + 1).over("source"),
        span=(pl.col("at").max() - pl.col("at").min()).over("source"),
    )
    crowd = pl.col("arrivals") * thresholds.arrival_mark_seconds * _SECOND / pl.col("span")
    rule = (
        pl.col("soon")
        & (pl.col("share") >= thresholds.arrival_mark_share)
        & (pl.col("followed") >= thresholds.arrival_marks)
        & (crowd <= thresholds.arrival_mark_crowd)
    )
    return table.sort("row").select(rule.alias("rule")).to_series()
