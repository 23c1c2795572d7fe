"""Lines cut in two by a rotation between two writes: the end of one stream and the start of another, joined.

The rules are those of an audit (`events.cut_lines`); what differs is that the two halves may come on different nights.
Until then each half counts as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import unit_of_work
from core.errors import InputError
from core.permissions import Actor, Permission, require
from mail_audit.actions import AuditAction
from mail_audit.archives import LogFile, find_logs
from mail_audit.archives.read import LONGEST_LINE, Piece
from mail_audit.events.cut_lines import Ends, joined
from mail_audit.events.line import stamp_of
from mail_audit.models import LogFile as FileRow
from mail_audit.models import LogPiece, LogStream
from mail_audit.services.collecting.commits import Ready, add_end, days_of, drop_tail
from mail_audit.services.collecting.following import Following
from mail_audit.services.collecting.marks import mark_months
from mail_audit.streams import Part, Prints
from mail_audit.streams.opened import opened


@dataclass(frozen=True, slots=True)
class _End:
    """A stream with an open end: `stop` where its unended last line begins (None: it has none), its headless start."""

    stream_id: int
    stop: int | None
    first_headless: int


def join_ends(following: Following) -> int:
    """Join what can be joined in a source; how many lines there were."""
    with unit_of_work(following.settings) as session:
        paths = _present(session, following.source_id)
        ends = _open_ends(session, [stream for stream, _ in paths])
    if not any(one.first_headless for one in ends.values()) or all(one.stop is None for one in ends.values()):
        return 0
    logs, files, streams = _ends(paths, ends)
    count = 0
    mended = joined(logs, files)
    for number, log in enumerate(mended):
        if not log.more:
            continue
        ended_by = [other for other, one in enumerate(mended) if one.skip and files[other].first == log.more]
        followers = [streams[other] for other in ended_by[:1]]
        piece = Piece(files[number].last + log.more, files[number].last_offset, log.size)
        prints = Prints()
        prints.add(piece.data)
        stop = piece.offset + len(files[number].last)
        ready = following.prepare(Part(piece, piece.offset, stop, b"", "", prints.take()[1]), logs[number])
        with unit_of_work(following.settings) as session:
            count += commit_join(session, following.actor, stream_id=streams[number], followers=followers, ready=ready)
            following.confirm(session)
    return count


def commit_join(session: Session, actor: Actor, *, stream_id: int, followers: list[int], ready: Ready) -> bool:
    """Count a joined line once, in the stream it begins in, and no more as a broken line of the others.

    False where one of them was joined meanwhile, or went on.
    """
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    rows = session.scalars(
        select(LogStream).where(LogStream.id.in_([stream_id, *followers])).order_by(LogStream.id).with_for_update()
    ).all()
    by_id = {row.id: row for row in rows}
    if by_id[stream_id].stop != ready.part.start or any(by_id[other].first_joined for other in followers):
        return False
    drop_tail(session, stream_id)
    piece = add_end(session, stream_id, "joined", ready)
    for other in followers:
        by_id[other].first_joined = True
        first = session.scalars(
            select(LogPiece).where(LogPiece.stream_id == other, LogPiece.kind == "lines", LogPiece.start == 0)
        ).one()
        first.lines, first.broken = first.lines - 1, first.broken - 1
        first.samples = [sample for sample in first.samples if sample[0] != 0]
    session.flush()
    months = mark_months(session, days_of(piece), cause=f"log_piece:{piece.id}")
    facts = {
        "stream": stream_id,
        "kind": "joined",
        "start": piece.start,
        "ended_by": followers,
        "sha256": piece.sha256,
        "months": [f"{month:%Y-%m}" for month in months],
    }
    record(session, actor=actor.name, action=AuditAction.PIECE_COLLECTED, subject=f"log_piece:{piece.id}", facts=facts)
    return True


def _present(session: Session, source_id: int) -> list[tuple[int, list[Path]]]:
    """The streams of a source that files hold now, each with these files."""
    rows = session.execute(
        select(FileRow.stream_id, FileRow.path)
        .where(FileRow.source_id == source_id, FileRow.stream_id.is_not(None), FileRow.state.in_(("read", "waiting")))
        .order_by(FileRow.path)
    )
    found: dict[int, list[Path]] = {}
    for row in rows:
        if row.stream_id is not None:
            found.setdefault(row.stream_id, []).append(Path(row.path))
    return list(found.items())


def _open_ends(session: Session, streams: list[int]) -> dict[int, _End]:
    tails = set(session.scalars(select(LogPiece.stream_id).where(LogPiece.kind == "tail")))
    rows = session.scalars(select(LogStream).where(LogStream.id.in_(streams)))
    return {
        row.id: _End(row.id, row.stop if row.id in tails else None, 0 if row.first_joined else row.first_headless)
        for row in rows
    }


def _ends(
    paths: list[tuple[int, list[Path]]], open_ends: dict[int, _End]
) -> tuple[list[LogFile], list[Ends], list[int]]:
    """A file of each stream, what stands at its open ends, and the streams; what cannot be read now is left out.

    Of several files of a stream it is one that holds the line without an end: older copies stop before it.
    """
    logs: list[LogFile] = []
    ends: list[Ends] = []
    streams: list[int] = []
    for stream_id, files in paths:
        one = open_ends[stream_id]
        for number, path in enumerate(files, start=1):
            try:
                (log,) = find_logs([path])
                end = _of_file(log, one)
            except (InputError, OSError):
                continue
            if one.stop is None or end.last or number == len(files):
                logs.append(log)
                ends.append(end)
                streams.append(stream_id)
                break
    return logs, ends, streams


def _of_file(log: LogFile, one: _End) -> Ends:
    ends = Ends()
    with opened(log) as text:
        if one.first_headless:
            start = text.read(one.first_headless + LONGEST_LINE)
            ends.first = start[: one.first_headless]
            second = start[one.first_headless : start.find(b"\n", one.first_headless) + 1]
            ends.starts = stamp_of(_text(second))
    if one.stop is None:
        return ends
    with opened(log) as text:
        low = max(0, one.stop - LONGEST_LINE)
        if log.packing == "plain":
            text.seek(low)
        data = b""
        while block := text.read():
            data = (data + block)[-(3 * LONGEST_LINE) :]
    begin = text.offset - len(data)
    if text.offset <= one.stop:
        return ends
    ends.last, ends.last_offset = data[one.stop - begin :], one.stop
    before = data[: one.stop - begin].rstrip(b"\n")
    ends.stops = stamp_of(_text(before[before.rfind(b"\n") + 1 :]))
    return ends


def _text(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")
