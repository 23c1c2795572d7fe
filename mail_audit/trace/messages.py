"""Messages sent and received, as tables.

A submission is a queue file that an authenticated client opened and that the queue manager took up; it belongs to the
log-in, whatever address it bears. A delivery is counted once per mailbox and message, over retries, filters and hosts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import polars as pl

from mail_audit.events.ids import id_of
from mail_audit.events.reading import NAME
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import in_time, is_one_of, of_names, one_number
from mail_audit.trace.lives import Lives, beginnings, parents, roots

KINDS = ("submitted", "submitted_by_proxy", "queued", "message_id", "delivery", "removed", "stored")
"""Kinds of events that tell of messages."""
QUEUE_KINDS = KINDS[:-1]
NO_QUEUE = id_of("NOQUEUE")
_PLACE = ("at", "host", "file", "offset")
_SPELL = 60_000_000
"""Lines of one delivery lie at most this far apart, in microseconds."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What the queue lines and the delivery lines of all servers say together.

    submissions: mailbox user key client_ip sender recipients external singly + place; one row a message. `singly`:
        every recipient is a row of addressed.
    addressed: mailbox at external + host file offset; one row a recipient of a message submitted, at the message's time
        and at the place of the last line about delivering to that recipient.
    received: mailbox message sender + place; one row a mailbox and message.
    forwards: mailbox target + place; one row a message that a standing rule sent on.
    """

    submissions: pl.DataFrame
    addressed: pl.DataFrame
    received: pl.DataFrame
    forwards: pl.DataFrame

    def each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Mail:
        """What `change` makes of every table."""
        return Mail(**{one.name: change(getattr(self, one.name)) for one in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence[Mail]) -> Mail:
        """The messages of times that follow one another, as one."""
        return cls(**{one.name: pl.concat([getattr(part, one.name) for part in parts]) for one in fields(cls)})


def trace(frames: Mapping[str, pl.DataFrame], book: AddressBook) -> Mail:
    """The messages behind the events; `frames` maps kinds to frames with `at` in microseconds UTC."""
    lives = Lives(frames["removed"])
    opened = _opened(lives, frames)
    queued = lives.of(frames["queued"]).select("key", "queue_id", "host", "at", "sender", "recipients")
    own = queued.filter(is_one_of("key", opened["key"]))
    begun = beginnings(queued, lives.of(frames["message_id"]))
    del queued  # of each kind no more is held than what is still asked for
    deliveries = lives.of(frames["delivery"])
    links = parents(deliveries, begun, opened["key"])
    submissions, addressed = _submissions(opened, own, deliveries, links, book)
    accepted, alias_forwards = _accepted(deliveries, links, book)
    own_forwards = _own_forwards(deliveries, book)
    del deliveries
    stored = _stored(frames["stored"], book)
    received = _received(accepted, stored, begun)
    senders = begun.select(pl.col("key").alias("message"), "sender")
    received = received.join(senders, on="message", how="left", maintain_order="left")
    return Mail(submissions, addressed, received, pl.concat([alias_forwards, own_forwards, _rule_forwards(stored)]))


def _opened(lives: Lives, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Queue files that clients who had logged in opened: `key user client_ip` + place."""
    direct = lives.of(frames["submitted"]).filter(pl.col("queue_id") != NO_QUEUE)
    proxied = lives.of(frames["submitted_by_proxy"]).with_columns(client_ip=pl.lit(None, dtype=NAME))
    columns = ["key", "user", "client_ip", *_PLACE]
    return pl.concat([direct.select(columns), proxied.select(columns)])


def _submissions(
    opened: pl.DataFrame, queued: pl.DataFrame, deliveries: pl.DataFrame, links: pl.DataFrame, book: AddressBook
) -> tuple[pl.DataFrame, pl.DataFrame]:
    opened = opened.filter(pl.col("key").is_first_distinct() & ~is_one_of("key", links["key"]))
    queued = queued.filter(is_one_of("key", opened["key"]))
    deliveries = deliveries.filter(is_one_of("key", opened["key"]))
    opened = opened.filter(is_one_of("key", pl.concat([queued["key"], deliveries["key"]])))
    senders = queued.select("key", pl.col("sender").cast(pl.String).str.to_lowercase().cast(NAME))
    addressed = _addressed(deliveries, book)
    promised = queued.group_by("key").agg(pl.col("recipients").max().alias("promised"))
    table = (
        opened.with_columns(mailbox=book.mailboxes(opened["user"]))
        .join(senders.filter(pl.col("key").is_first_distinct()), on="key", how="left", maintain_order="left")
        .join(_numbers(addressed), on="key", how="left", maintain_order="left")
        .join(promised, on="key", how="left", maintain_order="left")
        .with_columns(
            singly=pl.col("recipients").is_not_null(),
            recipients=pl.coalesce("recipients", "promised", pl.lit(0)).cast(pl.Int64),
            external=pl.col("external").fill_null(0).cast(pl.Int64),
        )
    )
    table = table.filter(pl.col("mailbox").is_not_null()).drop("promised")
    whose = addressed.join(table.select("key", "mailbox", "at"), on="key", how="inner", maintain_order="left")
    return table, whose.select("mailbox", "at", "external", "host", "file", "offset")


def _addressed(deliveries: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Recipients as the sender wrote them: before aliases, each once, however often delivery was tried.

    Rows `key external` + `host file offset`: whether it is outside, and the last line about it.
    """
    address = pl.coalesce("orig_to", "to").cast(pl.String).str.to_lowercase().cast(NAME).alias("address")
    tried = in_time(deliveries).select("key", address, "host", "file", "offset")
    distinct = tried.unique(["key", "address"], keep="last", maintain_order=True)
    return distinct.with_columns(external=~book.internal(distinct["address"])).drop("address")


def _numbers(addressed: pl.DataFrame) -> pl.DataFrame:
    """How many recipients each message has, and how many of them outside."""
    return addressed.group_by("key").agg(
        pl.len().cast(pl.Int64).alias("recipients"), pl.col("external").sum().cast(pl.Int64)
    )


def _accepted(deliveries: pl.DataFrame, links: pl.DataFrame, book: AddressBook) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Deliveries to mailboxes of the directory's domains as rows `mailbox message session` + place, and forwards.

    A hop that only hands the message on (a filter, a second server whose lines are here too) is not a delivery.
    """
    sent = deliveries.select("key", "to", "orig_to", "session", "next_id", "status", "set_aside", *_PLACE)
    sent = sent.filter((pl.col("status") == "sent") & ~pl.col("set_aside"))
    sent = sent.with_columns(reached=book.mailboxes(sent["to"]), meant=book.mailboxes(sent["orig_to"]))
    sent = sent.filter(pl.col("reached").is_not_null() | pl.col("meant").is_not_null())
    final = sent.filter(pl.col("next_id").is_null() | ~is_one_of("key", links["parent"]))
    final = final.join(roots(links), on="key", how="left", maintain_order="left")
    final = final.with_columns(message=pl.coalesce("root", "key"))
    place = [*_PLACE, "message", "session"]
    reached = final.filter(pl.col("reached").is_not_null()).select(pl.col("reached").alias("mailbox"), *place)
    aliased = final.filter(pl.col("meant").is_not_null())
    aliased = aliased.with_columns(
        listed=of_names(aliased["meant"], book.listed.__contains__),
        personal=of_names(aliased["meant"], book.personal.__contains__),
        inside=book.internal(aliased["to"]),
    )
    elsewhere = pl.col("meant").ne_missing(pl.col("reached"))
    sent_on = aliased.filter(pl.col("listed") & elsewhere).select(pl.col("meant").alias("mailbox"), *place)
    left = aliased.filter(pl.col("personal") & ~pl.col("inside"))
    forwards = left.select(pl.col("meant").alias("mailbox"), _lower("to").alias("target"), *_PLACE)
    return pl.concat([reached, sent_on]), forwards


def _lower(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.to_lowercase()


def _own_forwards(deliveries: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """What local(8) sent on by an owner's `.forward` file: the answer names the new queue file."""
    rows = deliveries.filter(pl.col("forwarded_id").is_not_null()).drop("queue_id")
    rows = rows.with_columns(mailbox=book.mailboxes(rows["to"]), queue_id=pl.col("forwarded_id"))
    onward = deliveries.filter(is_one_of("queue_id", rows["queue_id"]))
    targets = onward.select("host", "queue_id", _lower("to").alias("target")).unique()
    joined = rows.join(targets, on=["host", "queue_id"], how="inner", maintain_order="left")
    outside = joined.filter(~book.internal(joined["target"]) & pl.col("mailbox").is_not_null())
    return outside.select("mailbox", "target", *_PLACE)


def _stored(stored: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Dovecot's own delivery lines with `mailbox` and one `session` column."""
    table = stored.with_columns(
        mailbox=book.mailboxes(stored["user"]),
        # Before 2.3 a delivery has no session; its second and its message-id must do.
        session=pl.coalesce("session", "old_session", pl.col("at").cast(pl.UInt64)),
        target=pl.coalesce("redirect_to", "forward_to"),
    )
    return table.filter(pl.col("mailbox").is_not_null())


def _rule_forwards(stored: pl.DataFrame) -> pl.DataFrame:
    rows = stored.filter(pl.col("target").is_not_null()).select("mailbox", _lower("target"), *_PLACE)
    return rows.unique(["mailbox", "target", "host", "at", "file", "offset"], maintain_order=True)


def _received(accepted: pl.DataFrame, stored: pl.DataFrame, begun: pl.DataFrame) -> pl.DataFrame:
    """One row a mailbox and message: what Postfix delivered, and what only Dovecot's lines show.

    Dovecot's session id stands in Postfix's delivery line; where it does not (another transport, a server in front
    whose log is missing), lines of both that lie close together are one delivery, and beyond them the message-id tells
    how many deliveries Postfix has shown already.
    """
    by_postfix = in_time(accepted).filter(one_number("mailbox", "message").is_first_distinct())
    kept = in_time(stored).filter(one_number("mailbox", "session", "message_id").is_first_distinct())
    kept = kept.with_columns(shown=is_one_of("session", accepted["session"].drop_nulls()))
    alone = _unpaired(kept.filter(~pl.col("shown")), accepted.filter(pl.col("session").is_null()))
    if not alone.is_empty():
        shown = by_postfix.join(begun.select(pl.col("key").alias("message"), "message_id"), on="message", how="left")
        shown = shown.filter(~is_one_of("session", kept.filter("shown")["session"]))
        free = shown.group_by("mailbox", "message_id").agg(pl.len().cast(pl.Int64).alias("free"))
        numbered = alone.with_columns(number=pl.int_range(pl.len()).over("mailbox", "message_id"))
        alone = numbered.join(free, on=["mailbox", "message_id"], how="left", nulls_equal=False).filter(
            pl.col("number") >= pl.col("free").fill_null(0)
        )
    columns = ["mailbox", *_PLACE]
    only_dovecot = alone.with_columns(
        message=pl.col("session").fill_null(0).hash(4) ^ pl.col("message_id").fill_null(0)
    )
    return pl.concat([by_postfix.select(*columns, "message"), only_dovecot.select(*columns, "message")])


def _unpaired(alone: pl.DataFrame, unnamed: pl.DataFrame) -> pl.DataFrame:
    """Dovecot's deliveries beyond Postfix's delivery lines that bear no session (pipe, virtual, an older answer).

    Within a spell of lines of one mailbox each line of Postfix stands for one session of Dovecot, whatever the
    message-ids look like on either side: Dovecot writes an empty, folded or long one in words of its own.
    """
    first = alone.sort("at").unique(["mailbox", "session"], keep="first", maintain_order=True)
    both = pl.concat(
        [
            unnamed.select("mailbox", "at", session=pl.lit(None, dtype=pl.UInt64), number=pl.lit(0, dtype=pl.Int64)),
            first.select("mailbox", "at", "session", number=pl.lit(1, dtype=pl.Int64)),
        ]
    ).sort("at", "number")
    later = pl.col("at").diff().over("mailbox").fill_null(0) > _SPELL
    both = both.with_columns(spell=later.cum_sum().over("mailbox"))
    lines = (pl.col("number") == 0).sum().over("mailbox", "spell")
    rank = pl.col("number").cum_sum().over("mailbox", "spell")
    left = both.filter((pl.col("number") == 1) & (rank > lines)).select("mailbox", "session")
    return first.join(left, on=["mailbox", "session"], how="semi")
