"""The columns of every kind of event, and the frames of what was read."""

from __future__ import annotations

import polars as pl

from mail_audit.events.found import Reading

NAME = pl.Categorical
"""What few values repeat: names, addresses, words. A text by its look, a number where it is compared or joined."""
ID = pl.UInt64
"""What only has to be the same or not: queue ids, sessions, message-ids, as `ids.id_of` gives them."""
NUMBER = pl.Int64
MENTION = pl.Boolean
"""Whether a field holds a certain word."""

COLUMNS: dict[str, dict[str, type[pl.DataType]]] = {
    "submitted": {"queue_id": ID, "client_ip": NAME, "user": NAME},
    "submitted_by_proxy": {"queue_id": ID, "user": NAME},
    "queued": {"queue_id": ID, "sender": NAME, "recipients": NUMBER},
    "message_id": {"queue_id": ID, "message_id": ID},
    "delivery": {
        "queue_id": ID,
        "to": NAME,
        "orig_to": NAME,
        "status": NAME,
        "next_id": ID,
        "session": ID,
        "forwarded_id": ID,
        "set_aside": MENTION,
    },
    "removed": {"queue_id": ID},
    "smtp_refused": {"client_ip": NAME, "user": NAME},
    "logged_in": {"protocol": NAME, "user": NAME, "client_ip": NAME, "session": ID},
    "log_in_refused": {"protocol": NAME, "attempts": NUMBER, "user": NAME, "client_ip": NAME, "session": ID},
    "password_refused": {"user": NAME, "client_ip": NAME, "session": ID, "mismatch": NAME},
    "session_ended": {
        "user": NAME,
        "session": ID,
        "deleted": NUMBER,
        "header_count": NUMBER,
        "body_count": NUMBER,
        "body_bytes": NUMBER,
        "literal_format": NAME,
    },
    "downloaded": {"user": NAME, "session": ID, "top": NUMBER, "retrieved": NUMBER, "deleted": NUMBER},
    "mailbox_change": {
        "protocol": NAME,
        "user": NAME,
        "session": ID,
        "action": NAME,
        "box": NAME,
        "uid": NUMBER,
        "message_id": ID,
        "flags": NAME,
    },
    "stored": {
        "user": NAME,
        "session": ID,
        "old_session": ID,
        "message_id": ID,
        "forward_to": NAME,
        "redirect_to": NAME,
    },
    "auto_replied": {"user": NAME, "session": ID, "old_session": ID, "message_id": ID},
}
"""Kind of event -> its fields, as columns. Every frame also has `clock at host file offset` (see `PLACE`)."""

PLACE: dict[str, type[pl.DataType]] = {
    "clock": pl.UInt8,
    "at": pl.Int64,
    "host": NAME,
    "file": pl.UInt16,
    "offset": pl.Int64,
}

KINDS: tuple[str, ...] = tuple(COLUMNS)


def frame_of(reading: Reading, kind: str) -> pl.DataFrame:
    """All events of `kind`, in one frame."""
    frames = reading.frames.get(kind)
    return pl.concat(frames) if frames else empty(kind)


def empty(kind: str) -> pl.DataFrame:
    """A frame of `kind` without rows."""
    return pl.DataFrame(schema={**PLACE, **COLUMNS[kind]})
