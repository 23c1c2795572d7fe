r"""Practice is not use: what was sent to a practice address, or from one, is left out before anything is counted.

A practice message is known by its envelope alone, in the lines of the queue: a recipient or the sender is a practice
address (`core.directory.coded`). Of such a message nothing counts: not its submission, not its delivery, and in the
mailboxes it was sent from or delivered to not what was done with it there (\Seen and other marks, moves, the copy in
the folder of sent mail), which Dovecot tells by the message-id. Other mailboxes keep what they have: a message-id is
chosen by whoever writes, and must not take away what others did with another message of the same id.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from core.directory.coded import CodedAddresses
from mail_audit.events.gathered import Events
from mail_audit.events.ids import id_of
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import is_one_of, of_names, one_number
from mail_audit.trace.lives import with_lives
from mail_audit.trace.messages import QUEUE_KINDS

_NO_ID = (id_of(""), id_of("<>"))
"""Message-ids of messages that have none."""
_BY_USER = ("stored", "auto_replied", "mailbox_change")
"""Kinds of events that name a mailbox and a message-id."""
_PLACE = ["file", "offset"]


def without_practice(events: Events, addresses: CodedAddresses, book: AddressBook) -> Events:
    """The events without those of practice messages; sessions without what they fetched of it.

    The same events where nothing was practised.
    """
    lives = practice_lives(events, addresses)
    if lives is None:
        return events
    keys = lives["queued"]["key"].unique()
    gone = {kind: lives[kind].filter(is_one_of("key", keys)).select(_PLACE) for kind in QUEUE_KINDS}
    touched = _touched(lives, book)

    def left(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
        if kind in gone:
            return frame.join(gone[kind], on=_PLACE, how="anti", maintain_order="left")
        if kind in _BY_USER:
            return frame.filter(~_concerns(frame, touched, book))
        return _lighter(frame, events["mailbox_change"], touched, book) if kind == "session_ended" else frame

    return events.changed(left)


def practice_lives(frames: Mapping[str, pl.DataFrame], addresses: CodedAddresses) -> dict[str, pl.DataFrame] | None:
    """The lines of practice messages in the queue, with the `key` of their life; None where there are none.

    `frames` are kinds of events, as `trace` takes them.
    """
    ids = pl.concat([_ids(frames["delivery"], addresses, "to", "orig_to"), _ids(frames["queued"], addresses, "sender")])
    if ids.is_empty():
        return None
    lives = with_lives({kind: frames[kind].filter(is_one_of("queue_id", ids.unique())) for kind in QUEUE_KINDS})
    delivered, queued = lives["delivery"], lives["queued"]
    keys = pl.concat(
        [_ids(delivered, addresses, "to", "orig_to", of="key"), _ids(queued, addresses, "sender", of="key")]
    )
    keys = keys.unique()
    return {kind: frame.filter(is_one_of("key", keys)) for kind, frame in lives.items()}


def _ids(frame: pl.DataFrame, addresses: CodedAddresses, *columns: str, of: str = "queue_id") -> pl.Series:
    """The column `of`, of the rows that have a practice address in any of `columns`."""
    hits = [of_names(frame[name], addresses.holds).fill_null(value=False).alias(name) for name in columns]
    return frame.filter(pl.DataFrame(hits).select(pl.any_horizontal(pl.all())).to_series())[of]


def _touched(lives: dict[str, pl.DataFrame], book: AddressBook) -> pl.Series:
    """Mailbox and message-id as one number: of those who sent practice messages, and of those who got them."""
    sent = pl.concat([lives["submitted"].select("key", "user"), lives["submitted_by_proxy"].select("key", "user")])
    whose = [
        sent.select("key", mailbox=book.mailboxes(sent["user"])),
        lives["delivery"].select("key", mailbox=book.mailboxes(lives["delivery"]["to"])),
        lives["delivery"].select("key", mailbox=book.mailboxes(lives["delivery"]["orig_to"])),
    ]
    ids = lives["message_id"].filter(~pl.col("message_id").is_in(_NO_ID)).select("key", "message_id").unique()
    pairs = pl.concat(whose).filter(pl.col("mailbox").is_not_null()).join(ids, on="key")
    return pairs.select(_pair()).to_series().unique()


def _pair() -> pl.Expr:
    return one_number("mailbox", "message_id").alias("pair")


def _concerns(frame: pl.DataFrame, touched: pl.Series, book: AddressBook) -> pl.Series:
    """Whether each row is about a message of `touched` in the mailbox it is about."""
    table = frame.select("message_id", mailbox=book.mailboxes(frame["user"]))
    known = table["mailbox"].is_not_null() & table["message_id"].is_not_null()
    return known & table.select(_pair()).to_series().is_in(touched.implode())


def _lighter(ended: pl.DataFrame, changed: pl.DataFrame, touched: pl.Series, book: AddressBook) -> pl.DataFrame:
    """The ends of sessions without the bodies of practice messages that were opened in them.

    Dovecot counts the bodies of a session and does not say whose they are: of those marked as read in the same session
    each is taken for one, and for the mean size.
    """
    opened = changed.filter(
        _concerns(changed, touched, book)
        & (changed["action"] == "flag_change")
        & of_names(changed["flags"], _is_seen).fill_null(value=False)
        & changed["session"].is_not_null()
    )
    if opened.is_empty():
        return ended
    fewer = opened.group_by("user", "session").agg(pl.struct("box", "uid").n_unique().cast(pl.Int64).alias("practised"))
    joined = ended.join(fewer, on=["user", "session"], how="left", maintain_order="left")
    left = (pl.col("body_count") - pl.col("practised").fill_null(0)).clip(lower_bound=0)
    share = pl.when(pl.col("body_count") > 0).then(left / pl.col("body_count")).otherwise(0.0)
    lighter = joined.with_columns(
        body_bytes=pl.when(pl.col("practised").is_null())
        .then("body_bytes")
        .otherwise((pl.col("body_bytes") * share).cast(pl.Int64)),
        body_count=left,
    )
    return lighter.select(ended.columns)


def _is_seen(flags: str) -> bool:
    return "\\Seen" in flags
