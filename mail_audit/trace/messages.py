"""Messages sent and received, as tables.

A submission is a queue file that an authenticated client opened and that the queue manager took up; it belongs to the
log-in, whatever address it bears. A delivery is counted once per mailbox and message, over retries, filters and hosts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.lives import parents, roots, with_lives

QUEUE_KINDS = ("submitted", "submitted_by_proxy", "queued", "message_id", "delivery", "removed")
_PLACE = ("at", "host", "file", "offset")
_SPELL = 60_000_000
"""Lines of one delivery lie at most this far apart, in microseconds."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What the queue lines and the delivery lines of all servers say together.

    submissions: mailbox user key client_ip sender recipients external + place; one row a message.
    received: mailbox message sender + place; one row a mailbox and message.
    forwards: mailbox target + place; one row a message that a standing rule sent on.
    """

    submissions: pl.DataFrame
    received: pl.DataFrame
    forwards: pl.DataFrame


def trace(frames: dict[str, pl.DataFrame], book: AddressBook) -> Mail:
    """The messages behind the events; `frames` maps kinds to frames with `at` in microseconds UTC."""
    lives = with_lives({kind: frames[kind] for kind in QUEUE_KINDS})
    deliveries = _with_replies(lives["delivery"])
    logged_in = pl.concat([lives["submitted"].select("key"), lives["submitted_by_proxy"].select("key")]).unique()
    ids = lives["message_id"].select("key", "message_id").unique("key", keep="any")
    links = parents(deliveries, lives["queued"], ids, logged_in)
    submissions = _submissions(lives, deliveries, links, book)
    accepted, alias_forwards = _accepted(deliveries, links, book)
    stored = _stored(frames["stored"], book)
    senders = lives["queued"].select(pl.col("key").alias("message"), "sender").unique("message", keep="any")
    received = _received(accepted, stored, ids).join(senders, on="message", how="left", maintain_order="left")
    own_forwards = _own_forwards(deliveries, book)
    forwards = pl.concat([alias_forwards, own_forwards, _rule_forwards(stored)])
    return Mail(submissions, received, forwards)


def _with_replies(deliveries: pl.DataFrame) -> pl.DataFrame:
    """`deliveries` with `next_id`, `session`, `set_aside`, `forwarded_id` out of the next server's answer."""
    reply = pl.col("reply")
    return deliveries.with_columns(
        next_id=reply.str.extract(r"queued as ([0-9A-Za-z]{5,20})\)$", 1),
        session=reply.str.extract(r" ([0-9A-Za-z+/:=._-]+) Saved\)$", 1),
        set_aside=reply.str.contains("discarded", literal=True),
        forwarded_id=reply.str.extract(r"^forwarded as ([0-9A-Za-z]{5,20})\)$", 1),
    ).drop("reply")


def _submissions(
    lives: dict[str, pl.DataFrame], deliveries: pl.DataFrame, links: pl.DataFrame, book: AddressBook
) -> pl.DataFrame:
    direct = lives["submitted"].filter(pl.col("queue_id") != "NOQUEUE")
    proxied = lives["submitted_by_proxy"].with_columns(client_ip=pl.lit(None, dtype=pl.String))
    columns = ["key", "user", "client_ip", *_PLACE]
    opened = pl.concat([direct.select(columns), proxied.select(columns)]).unique(
        "key", keep="first", maintain_order=True
    )
    taken_up = pl.concat([lives["queued"].select("key"), deliveries.select("key")])
    opened = opened.join(taken_up, on="key", how="semi").join(links, on="key", how="anti")
    queued = lives["queued"].join(opened, on="key", how="semi")
    senders = queued.select("key", pl.col("sender").str.to_lowercase()).unique("key", keep="any")
    addressed = _addressed(deliveries.join(opened, on="key", how="semi"), book)
    promised = queued.group_by("key").agg(pl.col("recipients").max().alias("promised"))
    table = (
        opened.join(senders, on="key", how="left")
        .join(addressed, on="key", how="left")
        .join(promised, on="key", how="left")
        .with_columns(
            mailbox=book.mailboxes(opened["user"]),
            recipients=pl.coalesce("recipients", "promised", pl.lit(0)).cast(pl.Int64),
            external=pl.col("external").fill_null(0).cast(pl.Int64),
        )
    )
    return table.filter(pl.col("mailbox").is_not_null()).drop("promised")


def _addressed(deliveries: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Recipients as the sender wrote them: before aliases, each once, however often delivery was tried."""
    address = pl.coalesce("orig_to", "to").str.to_lowercase().alias("address")
    distinct = deliveries.select("key", address).unique()
    outside = distinct.with_columns(outside=~book.internal(distinct["address"]))
    return outside.group_by("key").agg(
        pl.len().cast(pl.Int64).alias("recipients"), pl.col("outside").sum().cast(pl.Int64).alias("external")
    )


def _accepted(deliveries: pl.DataFrame, links: pl.DataFrame, book: AddressBook) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Deliveries to mailboxes of the directory's domains as rows `mailbox message session` + place, and forwards.

    A hop that only hands the message on (a filter, a second server whose lines are here too) is not a delivery.
    """
    parents_of = links.select(pl.col("parent").alias("key")).unique()
    sent = deliveries.filter((pl.col("status") == "sent") & ~pl.col("set_aside"))
    handing_on = sent.filter(pl.col("next_id").is_not_null()).join(parents_of, on="key", how="semi")
    final = sent.join(handing_on.select("file", "offset"), on=["file", "offset"], how="anti")
    root = roots(links)
    final = final.join(root, on="key", how="left").with_columns(message=pl.coalesce("root", "key"))
    final = final.with_columns(
        reached=book.mailboxes(final["to"]),
        meant=book.mailboxes(final["orig_to"]),
        inside=book.internal(final["to"]),
    )
    place = [*_PLACE, "message", "session"]
    reached = final.filter(pl.col("reached").is_not_null()).select(pl.col("reached").alias("mailbox"), *place)
    sent_on = final.filter(
        pl.col("meant").is_in(list(book.listed)) & (pl.col("meant") != pl.col("reached").fill_null(""))
    )
    sent_on_rows = sent_on.select(pl.col("meant").alias("mailbox"), *place)
    left = final.filter(~pl.col("inside") & pl.col("meant").is_in(list(book.personal)))
    forwards = left.select(pl.col("meant").alias("mailbox"), pl.col("to").str.to_lowercase().alias("target"), *_PLACE)
    return pl.concat([reached, sent_on_rows]), forwards


def _own_forwards(deliveries: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """What local(8) sent on by an owner's `.forward` file: the answer names the new queue file."""
    rows = deliveries.filter(pl.col("forwarded_id").is_not_null())
    targets = (
        deliveries.join(
            rows.select("host", pl.col("forwarded_id").alias("queue_id")).unique(), on=["host", "queue_id"], how="semi"
        )
        .select("host", "queue_id", pl.col("to").str.to_lowercase().alias("target"))
        .unique()
    )
    joined = rows.join(targets, left_on=["host", "forwarded_id"], right_on=["host", "queue_id"], how="inner")
    joined = joined.with_columns(mailbox=book.mailboxes(joined["to"]))
    outside = joined.filter(~book.internal(joined["target"]) & pl.col("mailbox").is_not_null())
    return outside.select("mailbox", "target", *_PLACE)


def _stored(stored: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Dovecot's own delivery lines with `mailbox` and one `session` column."""
    table = stored.with_columns(
        mailbox=book.mailboxes(stored["user"]),
        # Before 2.3 a delivery has no session; its second and its message-id must do.
        session=pl.coalesce("session", "old_session", pl.col("at").cast(pl.String)),
        target=pl.coalesce("redirect_to", "forward_to").str.to_lowercase(),
    )
    return table.filter(pl.col("mailbox").is_not_null())


def _rule_forwards(stored: pl.DataFrame) -> pl.DataFrame:
    return (
        stored.filter(pl.col("target").is_not_null())
        .select("mailbox", "target", *_PLACE)
        .unique(["mailbox", "target", "host", "at", "offset"], maintain_order=True)
    )


def _received(accepted: pl.DataFrame, stored: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """One row a mailbox and message: what Postfix delivered, and what only Dovecot's lines show.

    Dovecot's session id stands in Postfix's delivery line; where it does not (another transport, a server in front
    whose log is missing), lines of both that lie close together are one delivery, and beyond them the message-id tells
    how many deliveries Postfix has shown already.
    """
    by_postfix = accepted.sort("at").unique(["mailbox", "message"], keep="first", maintain_order=True)
    kept = stored.sort("at").unique(["mailbox", "session", "message_id"], keep="first", maintain_order=True)
    sessions = accepted.select("session").drop_nulls().unique()
    alone = kept.join(sessions, on="session", how="anti")
    joined = kept.join(sessions, on="session", how="semi").select("session").unique()
    alone = _unpaired(alone, accepted.filter(pl.col("session").is_null()))
    if not alone.is_empty():
        shown = by_postfix.join(ids, left_on="message", right_on="key", how="left")
        shown = shown.join(joined, on="session", how="anti")
        free = shown.group_by("mailbox", "message_id").agg(pl.len().cast(pl.Int64).alias("free"))
        numbered = alone.with_columns(number=pl.int_range(pl.len()).over("mailbox", "message_id"))
        alone = numbered.join(free, on=["mailbox", "message_id"], how="left", nulls_equal=False).filter(
            pl.col("number") >= pl.col("free").fill_null(0)
        )
    columns = ["mailbox", *_PLACE]
    only_dovecot = alone.with_columns(
        message=pl.col("session").fill_null("").hash(4) ^ pl.col("message_id").fill_null(0)
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
            unnamed.select("mailbox", "at", session=pl.lit(None, dtype=pl.String), number=pl.lit(0, dtype=pl.Int64)),
            first.select("mailbox", "at", "session", number=pl.lit(1, dtype=pl.Int64)),
        ]
    ).sort("at", "number")
    later = pl.col("at").diff().over("mailbox").fill_null(0) > _SPELL
    both = both.with_columns(spell=later.cum_sum().over("mailbox"))
    lines = (pl.col("number") == 0).sum().over("mailbox", "spell")
    rank = pl.col("number").cum_sum().over("mailbox", "spell")
    left = both.filter((pl.col("number") == 1) & (rank > lines)).select("mailbox", "session")
    return first.join(left, on=["mailbox", "session"], how="semi")
