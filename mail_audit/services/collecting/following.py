"""One file of a source: recognised, read on from where its stream ended, committed piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.errors import InputError
from core.permissions import Actor
from core.settings import Settings
from core.store import MissingError
from core.words import Text
from mail_audit.archives import LogFile, find_logs
from mail_audit.archives.read import PIECE_BYTES, Piece
from mail_audit.errors import LostObjectError
from mail_audit.events.years import YearRule
from mail_audit.models import LogFile as FileRow
from mail_audit.models import LogPiece, LogSegment, LogStream
from mail_audit.private import without_private
from mail_audit.segments import lines_between, write
from mail_audit.services.collecting.commits import ENDS, Ready, Stream, commit_part, commit_tail, note_file
from mail_audit.services.collecting.listing import Member, is_one_of_many
from mail_audit.side_by_side import side_by_side
from mail_audit.streams import (
    Follower,
    Look,
    Mark,
    Opened,
    Part,
    Prints,
    first_look,
    recognise,
    settled,
)
from mail_audit.streams.opened import opened
from mail_audit.streams.recognise import Recognised
from mail_audit.zones import Zone

PART_BYTES = 2 * PIECE_BYTES
"""What is read and committed as one: of a mail server's usual log more events than a small segment has (`merging`)."""
FOREIGN = Text("không phải nhật ký máy chủ thư", "not a mail-server log")
REST = Text(
    "chỉ có một dòng, thiếu phần đầu: có lẽ là phần cuối của một dòng ở tệp khác; không tính",
    "it holds one line without its beginning, perhaps the rest of another file's last line; it is not counted",
)
SCRAP = Text(
    "chỉ có một mẩu của một dòng và không ai ghi tiếp vào tệp này; không tính",
    "it holds a scrap of one line, and nobody writes to this file any more; it is not counted",
)


@dataclass(slots=True)
class Counts:
    """What a collection found."""

    lines: int = 0
    events: int = 0
    not_of_interest: int = 0
    broken: int = 0
    repeated: int = 0
    """Lines under a new name that had been read before."""
    pieces: int = 0
    newest_at: datetime | None = None

    def add(self, ready: Ready) -> None:
        """Count a piece that is committed."""
        lines, events, not_of_interest, broken = ready.settled.counts
        self.lines += lines
        self.events += events
        self.not_of_interest += not_of_interest
        self.broken += broken
        self.pieces += 1
        found = ready.settled.newest_at
        if found is not None and (self.newest_at is None or found > self.newest_at):
            self.newest_at = found


@dataclass(slots=True)
class Following:
    """How the files of one source are read: zones, server, and who asks."""

    settings: Settings
    actor: Actor
    source_id: int
    stamps_in: Zone
    host: str | None
    tell: Callable[[str, int, int], None]
    """Told the file, its bytes read so far, and the lines that are new in all."""
    confirm: Callable[[Session], None]
    rules: dict[Path, YearRule] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    piece_bytes: int = PART_BYTES

    def follow(self, member: Member, seen: FileRow | None) -> None:
        """Read what is new in a file; `seen`: the same file as it was last seen, under this or another name."""
        try:
            (log,) = find_logs([member.path])
            with opened(log) as text:
                look = first_look(text)
        except (InputError, OSError) as refused:
            why = refused.strerror or type(refused).__name__ if isinstance(refused, OSError) else None
            words = Text(f"không đọc được ({why})", f"cannot be read ({why})") if why else refused.message  # type: ignore[union-attr]
            self._note(member, "unreadable", problem=words)
            return
        if look.first_line is None and text.problem is not None:
            self._note(member, "damaged", problem=text.problem)
        elif look.first_line is None and look.is_binary:
            self._note(member, "foreign", problem=FOREIGN if member.is_asked else None)
        elif look.first_line is None:
            is_over = look.is_scrap and (member.is_rotated or log.packing != "plain")
            self._note(
                member,
                "empty" if look.is_empty else "waiting",
                unread=member.size,
                problem=SCRAP if is_over else None,
            )
        elif not look.is_log:
            self._note(member, "foreign", problem=self._why_foreign(member, look))
        else:
            self._follow_stream(log, member, look, look.first_line, seen)

    @staticmethod
    def _why_foreign(member: Member, look: Look) -> Text | None:
        """What to say of a file that is no log; nothing of what happens to lie in the same folder."""
        if look.is_scrap and (member.is_asked or is_one_of_many(member.path)):
            return REST
        return FOREIGN if member.is_asked else None

    def moved(self, member: Member, seen: FileRow) -> None:
        """A file that was read whole has a new name."""
        with unit_of_work(self.settings) as session:
            note_file(session, source_id=self.source_id, member=member, state=seen.state, stream_id=seen.stream_id)

    def _follow_stream(self, log: LogFile, member: Member, look: Look, first_line: str, seen: FileRow | None) -> None:
        candidates = self._candidates(first_line)
        candidates.sort(key=lambda one: (seen is None or one[0].id != seen.stream_id, -one[1].stop))
        for stream, mark in candidates:
            is_known = seen is not None and seen.stream_id == stream.id and member.size >= mark.stop
            if is_known and log.packing == "plain" and self._read_on(log, member, look, stream, mark, quick=True):
                return
            if self._read_on(log, member, look, stream, mark, quick=False, is_new=seen is None):
                return
        fork = 1 + max((stream.fork for stream, _ in candidates), default=-1)
        with opened(log) as text:
            new = Stream(None, first_line, fork, look.headless)
            self._read(text, member, look, new, Prints())

    def _candidates(self, first_line: str) -> list[tuple[Stream, Mark]]:
        with unit_of_work(self.settings) as session:
            rows = session.scalars(select(LogStream).where(LogStream.first_line == first_line)).all()
            return [(Stream(row.id, row.first_line, row.fork), _mark(session, row)) for row in rows]

    def _read_on(
        self, log: LogFile, member: Member, look: Look, stream: Stream, mark: Mark, *, quick: bool, is_new: bool = False
    ) -> bool:
        """Go on with a stream if the file holds what was read of it; whether it does."""
        with opened(log) as text:
            found = recognise(text, mark, quick=quick)
            if found.kind == "same":
                self.counts.repeated += found.lines if is_new else 0
                self._read(text, member, look, stream, found.prints)
                return True
            if found.kind == "shorter" and not quick and self._agrees(stream, found):
                self.counts.repeated += found.lines + found.rest.count(b"\n") if is_new else 0
                self._note(member, "damaged" if text.problem else "read", stream, problem=text.problem)
                return True
        return False

    def _agrees(self, stream: Stream, found: Recognised) -> bool:
        """Whether the last bytes of a shorter file, less than a block, hold the event lines of the stream.

        Raises `UnreadableObjectError` where those lines cannot be had.
        """
        low, high = found.rest_offset, found.rest_offset + len(found.rest)
        with unit_of_work(self.settings) as session:
            pieces = select(LogSegment.folder).join(LogPiece, LogPiece.segment_id == LogSegment.id)
            here = pieces.where(LogPiece.stream_id == stream.id, LogPiece.start < high, LogPiece.stop > low)
            folders = list(session.scalars(here.where(LogSegment.removed_at.is_(None)).distinct()))
        try:
            lines = lines_between(self.settings.store, folders, low, high)
        except MissingError as gone:  # an object, not the file
            raise LostObjectError(str(gone.filename)) from gone
        for offset, line in lines.iter_rows():
            start = offset - low
            end = found.rest.find(b"\n", start)
            there = found.rest[start : end if end >= 0 else None].decode("utf-8", "replace").rstrip("\r")
            if end >= 0 and without_private(there) != line.rstrip("\r"):
                return False
        return True

    def _read(self, text: Opened, member: Member, look: Look, stream: Stream, prints: Prints) -> None:
        follower = Follower(text, look.form, prints)
        parts = follower.parts(self.piece_bytes)
        with closing(side_by_side(lambda part: self.prepare(part, text.file), parts)) as made:
            for ready in made:
                with unit_of_work(self.settings) as session:
                    stream_id = commit_part(
                        session, self.actor, source_id=self.source_id, stream=stream, name=text.file.name, ready=ready
                    )
                    self.confirm(session)
                stream = Stream(stream_id, stream.first_line, stream.fork)
                self.counts.add(ready)
                self.tell(str(member.path), ready.part.piece.packed_done, self.counts.lines)
        whole = text.problem is None and (member.is_rotated or text.file.packing != "plain")
        if whole and follower.unread.strip() and look.form == "lines" and stream.id is not None:
            self._take_tail(text.file, stream, text.offset, follower.unread)
        elif follower.unread_bytes and text.problem is None and not whole:
            self._note(member, "waiting", stream, unread=follower.unread_bytes)
            return
        self._note(member, "damaged" if text.problem else "read", stream, problem=text.problem)

    def _take_tail(self, log: LogFile, stream: Stream, stop: int, unread: bytes) -> None:
        start = stop - len(unread)
        prints = Prints()
        prints.add(unread)
        part = Part(Piece(unread, start, log.size), start, stop, b"", "", prints.take()[1])
        ready = self.prepare(part, log)
        with unit_of_work(self.settings) as session:
            known = select(LogPiece.id).where(LogPiece.stream_id == stream.id, LogPiece.kind.in_(ENDS))
            before = session.scalar(known)
            commit_tail(session, self.actor, source_id=self.source_id, stream=stream, name=log.name, ready=ready)
            self.confirm(session)
            is_new = session.scalar(known) != before
        if is_new:
            self.counts.add(ready)

    def prepare(self, part: Part, log: LogFile) -> Ready:
        """Read a part and write its events to the store; it counts when it is committed."""
        days_in = Zone(self.settings.timezone)
        rule = self.rules.get(log.path)
        found = settled(part.piece, log, rule, stamps_in=self.stamps_in, days_in=days_in, host=self.host)
        folder = write(self.settings.store, found.frames, found.lines) if found.counts[1] else None
        return Ready(part, found, folder)

    def _note(
        self, member: Member, state: str, stream: Stream | None = None, *, unread: int = 0, problem: Text | None = None
    ) -> None:
        with unit_of_work(self.settings) as session:
            note_file(
                session,
                source_id=self.source_id,
                member=member,
                state=state,
                stream_id=stream.id if stream else None,
                unread=unread,
                problem=problem,
            )


def _mark(session: Session, stream: LogStream) -> Mark:
    blocks = session.scalars(
        select(LogPiece.blocks)
        .where(LogPiece.stream_id == stream.id, LogPiece.kind == "lines")
        .order_by(LogPiece.start)
    )
    return Mark(stream.stop, b"".join(blocks), stream.partial)
