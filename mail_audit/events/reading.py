"""What reading gave: frames of events by kind, counts of lines, days seen, samples of what was broken."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from core.words import Text

SAMPLES_KEPT = 20

COLUMNS: dict[str, dict[str, type[pl.DataType]]] = {
    "submitted": {"queue_id": pl.String, "client_ip": pl.String, "user": pl.String},
    "submitted_by_proxy": {"queue_id": pl.String, "user": pl.String},
    "queued": {"queue_id": pl.String, "sender": pl.String, "recipients": pl.Int64},
    "message_id": {"queue_id": pl.String, "message_id": pl.UInt64},
    "delivery": {
        "queue_id": pl.String,
        "to": pl.String,
        "orig_to": pl.String,
        "relay": pl.String,
        "status": pl.String,
        "reply": pl.String,
        "tag": pl.String,
    },
    "removed": {"queue_id": pl.String},
    "smtp_refused": {"client_ip": pl.String, "user": pl.String},
    "logged_in": {
        "protocol": pl.String,
        "user": pl.String,
        "client_ip": pl.String,
        "server_ip": pl.String,
        "session": pl.String,
    },
    "log_in_refused": {
        "protocol": pl.String,
        "attempts": pl.Int64,
        "user": pl.String,
        "client_ip": pl.String,
        "session": pl.String,
    },
    "password_refused": {"user": pl.String, "client_ip": pl.String, "session": pl.String, "mismatch": pl.String},
    "session_ended": {
        "user": pl.String,
        "session": pl.String,
        "deleted": pl.Int64,
        "header_count": pl.Int64,
        "body_count": pl.Int64,
        "body_bytes": pl.Int64,
        "literal_format": pl.String,
    },
    "downloaded": {
        "user": pl.String,
        "session": pl.String,
        "top": pl.Int64,
        "retrieved": pl.Int64,
        "deleted": pl.Int64,
    },
    "mailbox_change": {
        "protocol": pl.String,
        "user": pl.String,
        "session": pl.String,
        "action": pl.String,
        "box": pl.String,
        "uid": pl.Int64,
        "flags": pl.String,
    },
    "stored": {
        "user": pl.String,
        "session": pl.String,
        "old_session": pl.String,
        "message_id": pl.UInt64,
        "forward_to": pl.String,
        "redirect_to": pl.String,
    },
    "auto_replied": {"user": pl.String, "session": pl.String, "old_session": pl.String, "message_id": pl.UInt64},
}
"""Kind of event -> its fields, as columns. Every frame also has `clock at host file offset` (see `PLACE`)."""

PLACE: dict[str, type[pl.DataType]] = {
    "clock": pl.UInt8,
    "at": pl.Int64,
    "host": pl.String,
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


@dataclass(slots=True)
class Reading:
    """The events of one piece, or of all that was read: frames by kind, and what became of every line.

    `hours` holds (file, clock, hour since 1970 on that clock) of readable lines that are no events; only their day
    counts where the clock names no zone.
    """

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    hours: set[tuple[int, int, int]] = field(default_factory=set)
    samples: list[tuple[int, int, Text]] = field(default_factory=list)

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
        self.hours |= other.hours
        self.samples = (self.samples + other.samples)[:SAMPLES_KEPT]
