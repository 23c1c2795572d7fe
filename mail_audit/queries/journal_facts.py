"""Copies as tables: who sent each message and on which rung, whom it reached, what was sent on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.coded import CodedAddresses, practice_addresses
from core.directory.queries import roster
from mail_audit.models import JournalMessage, JournalRecipient
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import of_names
from mail_audit.usage.machines import scheduled
from mail_audit.usage.rules import Rule

AT_ONCE = 50_000
RULES = {"B": Rule.SENDER_ADDRESS.value, "C": Rule.CLAIMED_SENDER.value}
"""Rung -> the rule that gave it; rung A needs none."""
_COLUMNS: dict[str, Any] = {
    "key": pl.String, "at": pl.Datetime("us", "UTC"), "server": pl.String, "sender": pl.String, "log_in": pl.String,
    "proof": pl.String, "automatic": pl.String, "address": pl.String, "redirected": pl.String, "source": pl.String,
}  # fmt: skip


def facts(session: Session, first: date, last: date) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Acts, receipts and forwards of these local days, each with `mailbox at key server`.

    Acts have `sender log_in proof automatic rung rule sent recipients external` too; the last two are null where no
    copy told a recipient. Moments are microseconds UTC.
    """
    book = AddressBook(roster(session))
    acts, received, forwards = [], [], []
    practice = practice_addresses(settings_of(session))
    for whole in _messages(session, first, last):
        frame = whole if practice is None else _without_practice(whole, practice)
        acts.append(_acts(frame, book))
        received.append(_received(frame, book))
        forwarded = frame.filter(pl.col("redirected") == "forwarded")
        forwards.append(_mailboxes_of(forwarded, forwarded["source"], book))
    nothing = pl.DataFrame(schema=_COLUMNS)
    every = pl.concat(acts or [_acts(nothing, book)])
    thresholds = Thresholds.of(settings_of(session).thresholds)
    machine = scheduled(every.with_columns(client_ip=pl.lit("", dtype=pl.String)), thresholds)
    machine &= every["rung"].is_in(["A", "B"])
    rung = pl.when(machine).then(pl.lit("D")).otherwise("rung")
    rule = pl.when(machine).then(pl.lit(Rule.SCHEDULE.value)).otherwise("rule")
    empty = _received(nothing, book)
    return every.with_columns(rung=rung, rule=rule), pl.concat(received or [empty]), pl.concat(forwards or [empty])


def has_messages(session: Session, first: date, last: date) -> bool:
    """Whether there is a copy of these local days at all: without any nothing need be read. One SQL query."""
    start, end = _bounds(session, first, last)
    wanted = select(JournalMessage.key).where(JournalMessage.at >= start, JournalMessage.at < end)
    return session.scalar(wanted.limit(1)) is not None


def _bounds(session: Session, first: date, last: date) -> tuple[datetime, datetime]:
    """From when until when these local days last."""
    zone = ZoneInfo(settings_of(session).timezone)
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    return start, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def _messages(session: Session, first: date, last: date) -> Iterator[pl.DataFrame]:
    """Messages with a row for each recipient, piece by piece; all rows of a message are in one piece."""
    start, end = _bounds(session, first, last)
    message, person = JournalMessage, JournalRecipient
    question = (
        select(
            message.key, message.at, message.server, message.sender, message.log_in, message.proof, message.automatic,
            person.address, person.redirected, person.source,
        )
        .outerjoin(person, person.message == message.key)
        .where(message.at >= start, message.at < end)
        .order_by(message.key)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    left: list[tuple[object, ...]] = []
    for rows in session.execute(question).partitions(AT_ONCE):
        left += [tuple(row) for row in rows]
        whole = len(left)
        while whole and left[whole - 1][0] == left[-1][0]:
            whole -= 1
        if whole:
            yield pl.DataFrame(left[:whole], schema=_COLUMNS, orient="row")
            left = left[whole:]
    if left:
        yield pl.DataFrame(left, schema=_COLUMNS, orient="row")


def _without_practice(frame: pl.DataFrame, practice: CodedAddresses) -> pl.DataFrame:
    """The messages that no practice address sent or got; a message is left out as a whole."""
    named = [of_names(frame[name], practice.holds).fill_null(value=False) for name in ("sender", "address", "source")]
    keys = frame.filter(named[0] | named[1] | named[2])["key"].unique()
    return frame if keys.is_empty() else frame.filter(~pl.col("key").is_in(keys.implode()))


def _acts(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """One row a message that somebody of the directory sent, with its rung."""
    addressed = pl.coalesce("source", "address")
    internal = book.internal(frame.select(addressed).to_series())
    by_message = frame.with_columns(addressed=addressed, internal=internal).group_by("key", maintain_order=True)
    messages = by_message.agg(
        pl.col("at", "server", "sender", "log_in", "proof", "automatic").first(),
        recipients=pl.col("addressed").drop_nulls().n_unique(),
        external=pl.col("addressed").filter(~pl.col("internal")).drop_nulls().n_unique(),
    ).filter(pl.col("proof") != "outside")
    who = messages.select(pl.when(pl.col("proof") == "login").then("log_in").otherwise("sender")).to_series()
    by_proof = pl.col("proof").replace_strict(
        {"login": "A", "nameless": "B", "inside": "B", "claimed": "C"}, return_dtype=pl.String
    )
    by_rule = by_proof.replace_strict(RULES, default=None, return_dtype=pl.String)
    is_told = pl.col("recipients") > 0
    return (
        messages.with_columns(
            mailbox=book.mailboxes(who).cast(pl.String),
            rung=pl.when(pl.col("automatic").is_not_null()).then(pl.lit("D")).otherwise(by_proof),
            rule=pl.when(pl.col("automatic").is_not_null()).then(pl.lit(Rule.AUTO_REPLY.value)).otherwise(by_rule),
            sent=pl.col("proof").is_in(["login", "nameless"]).cast(pl.Int64),
            recipients=pl.when(is_told).then(pl.col("recipients").cast(pl.Int64)),
            external=pl.when(is_told).then(pl.col("external").cast(pl.Int64)),
        )
        .filter(pl.col("mailbox").is_not_null())
        .select(
            "mailbox", _microseconds(), "key", "server", "sender", "log_in", "proof", "automatic",
            "rung", "rule", "sent", "recipients", "external",
        )
    )  # fmt: skip


def _received(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """One row for each mailbox and message: whom it reached, and who had it sent on by a standing rule."""
    passed_on = frame.filter(pl.col("redirected") == "forwarded")
    reached = frame.filter(pl.col("address").is_not_null())
    both = pl.concat([reached.with_columns(who="address"), passed_on.with_columns(who="source")])
    return _mailboxes_of(both, both["who"], book)


def _mailboxes_of(frame: pl.DataFrame, addresses: pl.Series, book: AddressBook) -> pl.DataFrame:
    found = frame.with_columns(mailbox=book.mailboxes(addresses).cast(pl.String)).filter(
        pl.col("mailbox").is_not_null()
    )
    return found.unique(["key", "mailbox"], keep="first", maintain_order=True).select(
        "mailbox", _microseconds(), "key", "server"
    )


def _microseconds() -> pl.Expr:
    return pl.col("at").dt.epoch("us").alias("at")
