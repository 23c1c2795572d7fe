"""Where logs come from and what was read of them: sources, files, streams, pieces, segments, months to measure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

LOG_FILE_STATES = ("read", "waiting", "empty", "foreign", "damaged", "unreadable", "gone")
PIECE_KINDS = ("lines", "tail", "joined")


class LogSource(Base):
    """Folders and files that are followed, under one name; `removed_at` ends that, what was read stays.

    `patterns`: globs for the names in a folder (empty: whatever looks like a server's log). `host`: the server of lines
    that name none. `timezone`: of stamps that name none (None: that of the offices).
    """

    __tablename__ = "log_source"
    __table_args__ = (
        CheckConstraint("(collected_at IS NULL) = (last_seconds IS NULL)", name="collected"),
        CheckConstraint("last_lines >= 0 AND (last_seconds IS NULL OR last_seconds >= 0)", name="counts"),
        UniqueConstraint("name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    paths: Mapped[list[str]] = mapped_column(JSON)
    patterns: Mapped[list[str]] = mapped_column(JSON)
    host: Mapped[str | None]
    timezone: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    removed_at: Mapped[datetime | None]
    collected_at: Mapped[datetime | None]
    """When it was last looked through to the end."""
    last_lines: Mapped[int] = mapped_column(BigInteger, default=0)
    """Lines that were new in the last collection that found any, and how long that took."""
    last_seconds: Mapped[float | None]


class LogStream(Base):
    """One log text, known by its content: whatever its file is called, and however it is packed.

    `first_line` is the SHA-256 of its first line; texts that begin alike and then differ are told apart by `fork`.
    `stop`: how far it is read, always behind a line's end. `partial`: digest of the bytes between the last whole block
    and `stop`. `first_headless`: bytes of a first line without a head, perhaps the end of another file's last.
    """

    __tablename__ = "log_stream"
    __table_args__ = (
        CheckConstraint("fork >= 0 AND stop >= 0 AND first_headless >= 0", name="counts"),
        UniqueConstraint("first_line", "fork"),
        Index("ix_log_stream_source_id", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("log_source.id"))
    first_line: Mapped[str]
    fork: Mapped[int]
    name: Mapped[str]
    """The name of the file it was last read from."""
    stop: Mapped[int] = mapped_column(BigInteger, default=0)
    partial: Mapped[str] = mapped_column(default="")
    first_headless: Mapped[int] = mapped_column(default=0)
    first_joined: Mapped[bool] = mapped_column(default=False)
    """The headless first line was found to end another stream's last line."""
    created_at: Mapped[datetime]


class LogFile(Base):
    """A file as it was last seen: which stream it holds, and what keeps it from being read on."""

    __tablename__ = "log_file"
    __table_args__ = (
        CheckConstraint(one_of("state", LOG_FILE_STATES), name="state"),
        CheckConstraint("size >= 0 AND unread >= 0", name="sizes"),
        CheckConstraint("(problem_vi IS NULL) = (problem_en IS NULL)", name="problem"),
        UniqueConstraint("source_id", "path"),
        Index("ix_log_file_stream_id", "stream_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("log_source.id"))
    stream_id: Mapped[int | None] = mapped_column(ForeignKey("log_stream.id"))
    path: Mapped[str]
    state: Mapped[str]
    device: Mapped[str]
    """Device and inode, as `12:345`."""
    size: Mapped[int] = mapped_column(BigInteger)
    modified: Mapped[int] = mapped_column(BigInteger)
    """Nanoseconds since 1970."""
    unread: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of a last line that has no end yet."""
    problem_vi: Mapped[str | None]
    problem_en: Mapped[str | None]
    seen_at: Mapped[datetime]


class LogSegment(Base):
    """A folder of the event store: the events of one or more pieces of one stream, NULL times where there is none.

    `removed_at`: retention has taken the folder away; the facts made of it stay.
    """

    __tablename__ = "log_segment"
    __table_args__ = (
        CheckConstraint("events >= 0", name="counts"),
        CheckConstraint(
            "(first_at IS NULL) = (last_at IS NULL) AND (first_at IS NULL OR first_at <= last_at)", name="order"
        ),
        UniqueConstraint("folder"),
        Index("ix_log_segment_stream_id", "stream_id"),
        Index("ix_log_segment_times", "last_at", "first_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream_id: Mapped[int] = mapped_column(ForeignKey("log_stream.id"))
    folder: Mapped[str]
    """Its name below `<store>/events`."""
    events: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class LogPiece(Base):
    """Part of a stream that was read: from where to where, its fingerprint, and what became of its lines.

    A `tail` is a last line without an end, of a file that does not grow any more; it gives way when the line turns out
    to go on. Where such a line is ended by the first line of another stream, it is `joined`, and counts no more there.
    """

    __tablename__ = "log_piece"
    __table_args__ = (
        CheckConstraint(one_of("kind", PIECE_KINDS), name="kind"),
        CheckConstraint("start >= 0 AND start <= stop", name="order"),
        CheckConstraint("lines >= 0 AND events >= 0 AND not_of_interest >= 0 AND broken >= 0", name="counts"),
        UniqueConstraint("stream_id", "kind", "start"),
        Index("ix_log_piece_segment_id", "segment_id"),
        Index("ix_log_piece_counts", "stream_id", "newest_at", "lines", "events", "broken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream_id: Mapped[int] = mapped_column(ForeignKey("log_stream.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("log_segment.id"))
    """None where it holds no event."""
    kind: Mapped[str]
    start: Mapped[int] = mapped_column(BigInteger)
    stop: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    blocks: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Digests of the blocks of the stream that end in this piece."""
    lines: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int] = mapped_column(BigInteger)
    not_of_interest: Mapped[int] = mapped_column(BigInteger)
    broken: Mapped[int] = mapped_column(BigInteger)
    samples: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    """Broken lines: `[offset, reason in Vietnamese, reason in English]`, the first few."""
    host_days: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """Server -> local days (ISO) with events; `""` where the lines name no server."""
    other_days: Mapped[list[str]] = mapped_column(JSON)
    """Local days (ISO) with readable lines that are no events."""
    newest_at: Mapped[datetime | None]
    """The time of its last readable line."""
    collected_at: Mapped[datetime]


class MonthToMeasure(Base):
    """A calendar month (its first day, local) whose facts do not hold what was collected since."""

    __tablename__ = "month_to_measure"
    __table_args__ = (CheckConstraint("length(cause) > 0", name="cause"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    marked_at: Mapped[datetime]
    cause: Mapped[str]
