"""From settled events to use: messages, sessions, acts, delegates, and the facts per mailbox and day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from core.directory.roster import Roster
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.messages import Mail, trace
from mail_audit.usage.acts import acts, changes, opened_messages
from mail_audit.usage.coverage import CoveredDays
from mail_audit.usage.days import day_facts
from mail_audit.usage.delegates import delegates
from mail_audit.usage.machines import pollers
from mail_audit.usage.refusals import refusals
from mail_audit.usage.sessions import log_ins, sessions
from mail_audit.zones import Zone


@dataclass(frozen=True, slots=True)
class Measurement:
    """All tables of a measurement, each row with its place (`at host file offset`), only days of the period.

    acts: see `usage.acts`, with `delegate` (a mailbox, or null) and `is_delegated`. days: see `usage.days`.
    outside: `mailbox messages` received from outside the directory's domains. hosts: mailbox -> its servers.
    """

    mail: Mail
    entered: pl.DataFrame
    refused: pl.DataFrame
    opened: pl.DataFrame
    acts: pl.DataFrame
    days: pl.DataFrame
    outside: pl.DataFrame
    hosts: dict[str, frozenset[str]]
    blind: frozenset[str]


def measure(
    frames: dict[str, pl.DataFrame],
    book: AddressBook,
    roster: Roster,
    cover: CoveredDays,
    zone: Zone,
    thresholds: Thresholds,
) -> Measurement:
    """Measure the events of all files together.

    Messages are traced over everything that was read, so that a message whose hops lie on both sides of the period's
    ends is still one message; the figures then keep to the period.
    """
    with ThreadPoolExecutor(1) as beside:  # the sessions know nothing of the messages: both cores have work
        tracing = beside.submit(trace, frames, book)
        entered = log_ins(frames["logged_in"], book)
        polled = pollers(entered, thresholds)
        held = sessions(entered, frames["session_ended"], frames["downloaded"], polled, book)
        made = changes(frames["mailbox_change"], book)
        mail = tracing.result()
    table = acts(mail, entered, held, made, thresholds)
    table = _with_delegates(table, mail.submissions, roster, book, thresholds)
    refused = refusals(frames["log_in_refused"], frames["password_refused"], frames["smtp_refused"], book)

    def within(frame: pl.DataFrame) -> pl.DataFrame:
        day = zone.days(frame["at"]).cast(pl.Date)
        return frame.filter(day.is_between(cover.first, cover.last))

    kept = Mail(within(mail.submissions), within(mail.received), within(mail.forwards))
    entered, refused, table = within(entered), within(refused), within(table)
    opened = within(opened_messages(made))
    days = day_facts(kept.submissions, kept.received, kept.forwards, entered, refused, opened, table, zone)
    hosts = _hosts([kept.submissions, kept.received, entered, table])
    blind = _blind(frames["mailbox_change"], table)
    outside = _from_outside(kept.received, book)
    return Measurement(kept, entered, refused, opened, table, days, outside, hosts, blind)


def _with_delegates(
    table: pl.DataFrame, submissions: pl.DataFrame, roster: Roster, book: AddressBook, thresholds: Thresholds
) -> pl.DataFrame:
    """`acts` with `delegate` and `is_delegated`, and an act `sent_as` for each message sent in another's name."""
    owners = {box.address: box.owner for box in roster.mailboxes.values() if box.kind == "personal" and box.owner}
    leaders = frozenset(post.official_id for post in roster.posts if post.rank == "leader")
    stations = delegates(table, owners, leaders, thresholds)
    marked = table.join(stations, on=["mailbox", "client_ip"], how="left", maintain_order="left")
    in_name_of = submissions.with_columns(named=book.mailboxes(submissions["sender"]))
    in_name_of = in_name_of.filter(pl.col("named").is_in(list(owners)) & pl.col("mailbox").is_in(list(owners)))
    in_name_of = in_name_of.filter(
        pl.col("named").replace_strict(owners, default=None) != pl.col("mailbox").replace_strict(owners, default=None)
    )
    often = in_name_of.filter(pl.len().over("named", "mailbox") >= thresholds.delegate_acts)
    sent_as = often.select(
        pl.col("named").alias("mailbox"),
        "at",
        pl.lit("sent_as").alias("kind"),
        pl.lit("A").alias("rung"),
        "client_ip",
        pl.lit(None, dtype=pl.String).alias("session"),
        "host",
        "file",
        "offset",
        pl.col("mailbox").alias("delegate"),
    )
    from_there = pl.col("delegate").is_not_null()
    return pl.concat([marked.select(sent_as.columns), sent_as]).with_columns(is_delegated=from_there)


def _hosts(frames: list[pl.DataFrame]) -> dict[str, frozenset[str]]:
    pairs = pl.concat([frame.select("mailbox", "host") for frame in frames]).unique()
    grouped = pairs.group_by("mailbox").agg("host")
    return {mailbox: frozenset(hosts) for mailbox, hosts in grouped.iter_rows()}


def _blind(made: pl.DataFrame, table: pl.DataFrame) -> frozenset[str]:
    """Mailboxes with sessions on a server that writes no flag changes."""
    seeing = made.filter(pl.col("action") == "flag_change")["host"].unique()
    sessions = table.filter(pl.col("kind").str.ends_with("_session") & ~pl.col("host").is_in(seeing.implode()))
    return frozenset(sessions["mailbox"].unique())


def _from_outside(received: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """`mailbox messages`: how many received messages came from a sender outside the directory's domains."""
    named = received.filter(pl.col("sender").fill_null("") != "")
    outside = named.filter(~book.internal(named["sender"]))
    return outside.group_by("mailbox").agg(pl.len().cast(pl.Int64).alias("messages"))
