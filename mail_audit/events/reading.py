"""What reading gave: frames of events by kind, counts of lines, days seen, samples of what was broken."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from core.words import Text

SAMPLES_KEPT = 20

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


Time = tuple[int, int, str | None, int]
QUARTER = 900_000_000
QUARTERS_A_DAY = 96


@dataclass(slots=True)
class Reading:
    """The events of one piece, or of all that was read: frames by kind, and what became of every line.

    `times` holds when readable lines were written: file, clock, host (None for lines that are no events), and the
    quarter of an hour since 1970 on that clock; a day's first where the clock names no zone.
    """

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    times: set[Time] = field(default_factory=set)
    samples: list[tuple[int, int, Text]] = field(default_factory=list)
    same_as: int | None = None
    """The number of the file in which all its lines were found, where it is a copy of one or of a part of one."""

    def add(self, kind: str, frame: pl.DataFrame) -> None:
        """Count and keep events of one kind."""
        if frame.is_empty():
            return
        self.frames.setdefault(kind, []).append(frame)
        self.events += frame.height

    def sample(self, file: int, offset: int, reason: Text) -> None:
        """Keep where a broken line stands, for the first few."""
        if len(self.samples) < SAMPLES_KEPT:
            self.samples.append((file, offset, reason))

    def merge(self, other: Reading) -> None:
        """Take in what another piece gave."""
        for kind, frames in other.frames.items():
            self.frames.setdefault(kind, []).extend(frames)
        self.lines += other.lines
        self.events += other.events
        self.not_of_interest += other.not_of_interest
        self.broken += other.broken
        self.times |= other.times
        self.samples = (self.samples + other.samples)[:SAMPLES_KEPT]
