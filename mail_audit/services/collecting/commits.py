"""What was read of a stream, made to count: the piece, the stream's new end and the months to measure, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import utc_now
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import OvertakenError
from mail_audit.models import LogFile, LogPiece, LogSegment, LogStream
from mail_audit.services.collecting.listing import Member
from mail_audit.services.collecting.marks import mark_months
from mail_audit.streams import Part, Settled

ENDS = ("tail", "joined")
"""Kinds of pieces behind a stream's end."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream a file holds: its id (None: not seen before), and what it is known by."""

    id: int | None
    first_line: str
    fork: int
    first_headless: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """A part that is read and written to the store: `folder` is its segment, None where it has no event."""

    part: Part
    settled: Settled
    folder: str | None


def commit_part(session: Session, actor: Actor, *, source_id: int, stream: Stream, name: str, ready: Ready) -> int:
    """Add a piece at the stream's end; the stream's id. OvertakenError where the end is no longer there."""
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    row = _stream(session, source_id, stream, name)
    if row.stop != ready.part.start:
        raise OvertakenError(stream.first_line)
    drop_tail(session, row.id)
    piece = add_end(session, row.id, "lines", ready)
    row.stop, row.partial, row.name = ready.part.stop, ready.part.partial, name
    session.flush()
    _record(session, actor, piece, ready)
    return row.id


def commit_tail(session: Session, actor: Actor, *, source_id: int, stream: Stream, name: str, ready: Ready) -> int:
    """Count the last line of a stream that does not grow any more, though it has no end; the stream's id.

    It replaces what was taken for that line before. OvertakenError where the stream went on.
    """
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    row = _stream(session, source_id, stream, name)
    if row.stop != ready.part.start:
        raise OvertakenError(stream.first_line)
    before = session.scalar(select(LogPiece).where(LogPiece.stream_id == row.id, LogPiece.kind.in_(ENDS)))
    if before is not None and (before.kind == "joined" or before.sha256 == ready.part.sha256):
        return row.id
    drop_tail(session, row.id)
    piece = add_end(session, row.id, "tail", ready)
    session.flush()
    _record(session, actor, piece, ready)
    return row.id


def drop_tail(session: Session, stream_id: int) -> None:
    """Take back the unended last line of a stream: the line has turned out to go on."""
    tail = session.scalar(select(LogPiece).where(LogPiece.stream_id == stream_id, LogPiece.kind.in_(ENDS)))
    if tail is None:
        return
    mark_months(session, days_of(tail), cause=f"log_piece:{tail.id}")
    session.delete(tail)
    session.flush()
    if tail.segment_id is not None:
        session.execute(delete(LogSegment).where(LogSegment.id == tail.segment_id))


def _stream(session: Session, source_id: int, stream: Stream, name: str) -> LogStream:
    if stream.id is not None:
        return session.scalars(select(LogStream).where(LogStream.id == stream.id).with_for_update()).one()
    row = LogStream(
        source_id=source_id,
        first_line=stream.first_line,
        fork=stream.fork,
        name=name,
        stop=0,
        first_headless=stream.first_headless,
        created_at=utc_now(),
    )
    session.add(row)
    session.flush()
    return row


def add_end(session: Session, stream_id: int, kind: str, ready: Ready) -> LogPiece:
    """A piece, with its segment, at the end of a stream; nothing else changes."""
    part, settled = ready.part, ready.settled
    segment = None
    if ready.folder is not None:
        segment = LogSegment(
            stream_id=stream_id,
            folder=ready.folder,
            events=settled.counts[1],
            first_at=settled.first_at,
            last_at=settled.last_at,
            made_at=utc_now(),
        )
        session.add(segment)
        session.flush()
    lines, events, not_of_interest, broken = settled.counts
    piece = LogPiece(
        stream_id=stream_id,
        segment_id=segment.id if segment else None,
        kind=kind,
        start=part.start,
        stop=part.stop,
        sha256=part.sha256,
        blocks=part.blocks,
        lines=lines,
        events=events,
        not_of_interest=not_of_interest,
        broken=broken,
        samples=[[offset, why.vi, why.en] for offset, why in settled.samples],
        host_days={_clean(host): _iso(days) for host, days in sorted(settled.host_days.items())},
        other_days=_iso(settled.other_days),
        newest_at=settled.newest_at,
        collected_at=utc_now(),
    )
    session.add(piece)
    session.flush()
    return piece


def _record(session: Session, actor: Actor, piece: LogPiece, ready: Ready) -> None:
    months = mark_months(session, ready.settled.days, cause=f"log_piece:{piece.id}")
    facts = {
        "stream": piece.stream_id,
        "kind": piece.kind,
        "start": piece.start,
        "stop": piece.stop,
        "lines": piece.lines,
        "events": piece.events,
        "sha256": piece.sha256,
        "months": [f"{month:%Y-%m}" for month in months],
    }
    record(session, actor=actor.name, action=AuditAction.PIECE_COLLECTED, subject=f"log_piece:{piece.id}", facts=facts)


def note_file(
    session: Session,
    *,
    source_id: int,
    member: Member,
    state: str,
    stream_id: int | None = None,
    unread: int = 0,
    problem: Text | None = None,
) -> None:
    """Keep how a file was last seen. It says how far collecting is, not what counts, and so has no audit entry."""
    path = str(member.path)
    row = session.scalar(select(LogFile).where(LogFile.source_id == source_id, LogFile.path == path))
    if row is None:
        row = LogFile(source_id=source_id, path=path)
        session.add(row)
    row.stream_id, row.state, row.unread = stream_id, state, unread
    row.device, row.size, row.modified = member.device, member.size, member.modified
    row.problem_vi, row.problem_en = (problem.vi, problem.en) if problem else (None, None)
    row.seen_at = utc_now()
    session.flush()


def forget_files(session: Session, *, source_id: int, paths: Sequence[str]) -> None:
    """These files are there no more; the streams they held stay."""
    for path in paths:
        session.execute(delete(LogFile).where(LogFile.source_id == source_id, LogFile.path == path))


def _iso(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def days_of(piece: LogPiece) -> set[date]:
    """The local days a piece speaks of."""
    texts = set(piece.other_days).union(*piece.host_days.values())
    return {date.fromisoformat(text) for text in texts}


def _clean(text: str) -> str:
    """Text as every database takes it (PostgreSQL's JSON knows no NUL)."""
    return text.replace("\x00", "\ufffd")
