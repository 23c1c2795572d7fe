"""IMAP and POP3 sessions: what was fetched in each, and which rung of evidence that is."""

from __future__ import annotations

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import one_number
from mail_audit.usage.rules import Rule

_SECOND = 1_000_000
_PLACE = ("at", "host", "file", "offset")
MAIL_PROTOCOLS = ("imap", "pop3")
LOCAL_ADDRESSES = ("127.0.0.1", "::1")
"""Where webmail on the server itself comes from: nobody's station."""


def log_ins(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Successful IMAP and POP3 log-ins to mailboxes: `mailbox protocol client_ip session` + place, each once.

    A log-in without a session id (Dovecot 1.x, 2.2) is known only by its line.
    """
    mail = frame.filter(pl.col("protocol").is_in(MAIL_PROTOCOLS))
    mail = mail.with_columns(mailbox=book.mailboxes(mail["user"])).filter(pl.col("mailbox").is_not_null())
    named = mail.filter(pl.col("session").is_not_null())
    named = named.filter(one_number("mailbox", "protocol", "session", "at").is_first_distinct())
    columns = ["mailbox", "protocol", "client_ip", "session", *_PLACE]
    return pl.concat([named.select(columns), mail.filter(pl.col("session").is_null()).select(columns)])


def sessions(
    entered: pl.DataFrame, ended: pl.DataFrame, downloaded: pl.DataFrame, polled: pl.DataFrame, book: AddressBook
) -> pl.DataFrame:
    """Ends of sessions with what their log-ins tell: `mailbox session client_ip seconds polled` + counters + place.

    `seconds` is the length of the session, null where the log-in is not known; `polled` whether its log-in keeps a
    poller's fixed gap (of a session without an id: whether all log-ins of the mailbox do). `counted` tells whether the
    server wrote the fetch counters at all (not before 2.3.0; not with a `%`-format it does not know).
    """
    imap = ended.with_columns(retrieved=pl.lit(None, dtype=pl.Int64), counted=pl.col("header_count").is_not_null())
    pop3 = downloaded.with_columns(
        header_count=pl.col("top"),
        body_count=pl.lit(0, dtype=pl.Int64),
        body_bytes=pl.lit(0, dtype=pl.Int64),
        counted=pl.lit(True),
    )
    columns = ["user", "session", "header_count", "body_count", "body_bytes", "retrieved", "counted", *_PLACE]
    table = pl.concat([imap.select(columns), pop3.select(columns)])
    table = table.with_columns(mailbox=book.mailboxes(table["user"])).filter(pl.col("mailbox").is_not_null())
    table = pl.concat(
        [
            table.filter(pl.col("session").is_null()),
            table.filter(pl.col("session").is_not_null()).filter(one_number("mailbox", "session").is_first_distinct()),
        ]
    )
    which = one_number("mailbox", "session").alias("which")
    known = entered.filter(pl.col("session").is_not_null()).select(which, "client_ip", pl.col("at").alias("entered"))
    known = known.unique("which", keep="first", maintain_order=True)
    numbered = table.with_columns(which=pl.when(pl.col("session").is_not_null()).then(which))
    joined = numbered.join(known, on="which", how="left")
    always = _always_polled(entered, polled)
    return (
        joined.with_columns(seconds=(pl.col("at") - pl.col("entered")) / _SECOND)
        .join(_steady_sessions(polled), on="which", how="left")
        .join(always.with_columns(always=True), on="mailbox", how="left")
        .with_columns(
            polled=pl.coalesce("polled", pl.col("always") & pl.col("client_ip").is_null()).fill_null(value=False)
        )
        .drop("always", "user", "entered", "which")
    )


def _steady_sessions(polled: pl.DataFrame) -> pl.DataFrame:
    """`which polled`: the sessions whose log-in keeps a poller's gap."""
    steady = polled.filter(pl.col("steady") & pl.col("session").is_not_null())
    return steady.select(one_number("mailbox", "session").alias("which"), polled=True).unique("which")


def _always_polled(entered: pl.DataFrame, polled: pl.DataFrame) -> pl.DataFrame:
    """Mailboxes all of whose log-ins come from pollers: their sessions without an id are the poller's too."""
    sources = polled.select("mailbox", "client_ip").unique()
    others = entered.join(sources, on=["mailbox", "client_ip"], how="anti").select("mailbox").unique()
    return sources.select("mailbox").unique().join(others, on="mailbox", how="anti")


def rungs(table: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """The rung of each session by its counters alone; see `judged`."""
    return judged(table, thresholds)["rung"]


def judged(table: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Columns `rung rule` of each session by its counters alone: B, C, D, or U where the server did not count.

    B needs whole bodies, few, at a person's pace over the whole sitting, and not at a poller's gap: fetching everything
    at once, in one session or in many, is a program's background work, and a preview is not reading. What POP3
    downloads, nobody need have looked at.
    """
    bodies, size = pl.col("body_count"), pl.col("body_bytes")
    table = _with_sittings(table, thresholds)
    together = pl.col("sitting_bodies")
    slow_enough = pl.col("sitting_seconds") >= together * thresholds.person_seconds_per_body
    pace = (together == 1) | slow_enough.fill_null(value=False)
    whole = size >= bodies * thresholds.person_body_bytes
    person = bodies.is_between(1, thresholds.person_bodies) & whole & pace & ~pl.col("polled")
    gap = pl.when("polled").then(pl.lit(Rule.FIXED_GAP.value))
    rule = (
        pl.when(~pl.col("counted") | person)
        .then(pl.when(~pl.col("counted")).then(gap))
        .when("polled")
        .then(pl.lit(Rule.FIXED_GAP.value))
        .when(pl.col("retrieved") > 0)
        .then(pl.lit(Rule.POP3.value))
        .when(bodies > 0)
        .then(pl.when(whole).then(pl.lit(Rule.BULK.value)).otherwise(pl.lit(Rule.PREVIEW.value)))
        .when(pl.col("header_count") > 0)
        .then(pl.lit(Rule.HEADERS.value))
        .otherwise(pl.lit(Rule.IDLE.value))
    )
    fetched = (bodies > 0) | (pl.col("header_count") > 0) | (pl.col("retrieved") > 0)
    rung = (
        pl.when(~pl.col("counted"))
        .then(pl.when("polled").then(pl.lit("D")).otherwise(pl.lit("U")))
        .when(person)
        .then(pl.lit("B"))
        .when(fetched)
        .then(pl.lit("C"))
        .otherwise(pl.lit("D"))
    )
    return table.select(rung.alias("rung"), rule.alias("rule"))


def _with_sittings(table: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """`table` with `sitting_bodies` and `sitting_seconds`, of the sitting each session belongs to.

    A sitting is what one mailbox fetches from one address without a pause: a webmail's click is a session of its own,
    and a telephone opens several at once. A session whose log-in is not known is a sitting by itself.
    """
    alone = {"sitting_bodies": pl.col("body_count"), "sitting_seconds": pl.col("seconds")}
    fetching = (pl.col("body_count") > 0) & pl.col("seconds").is_not_null() & pl.col("client_ip").is_not_null()
    place = ["mailbox", "client_ip"]
    numbered = table.with_row_index("row")
    chosen = (
        numbered.filter(fetching)
        .select("row", *place, "at", "body_count", "seconds")
        .with_columns(entered=pl.col("at") - (pl.col("seconds") * _SECOND).cast(pl.Int64))
    )
    chosen = chosen.sort("entered", "at").with_columns(until=pl.col("at").cum_max().shift(1).over(place))
    pause = (pl.col("entered") - pl.col("until")).fill_null(0) > thresholds.sitting_minutes * 60 * _SECOND
    chosen = chosen.with_columns(sitting=pause.cum_sum().over(place))
    sitting = [*place, "sitting"]
    known = chosen.select(
        "row",
        pl.col("body_count").sum().over(sitting).alias("sitting_bodies"),
        ((pl.col("at").max() - pl.col("entered").min()) / _SECOND).over(sitting).alias("sitting_seconds"),
    )
    joined = numbered.join(known, on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(name, other).alias(name) for name, other in alone.items()).drop("row")
