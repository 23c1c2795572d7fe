"""Looking through sources: every file that changed since it was last seen is followed, the others are let be."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import ConflictError, InputError
from core.permissions import Actor
from core.settings import Settings
from core.words import Text
from mail_audit.archives import find_logs
from mail_audit.errors import UnreadableObjectError
from mail_audit.events.years import YearRule, year_rule
from mail_audit.models import LogFile as FileRow
from mail_audit.models import LogSegment, LogSource, LogStream
from mail_audit.segments import sweep
from mail_audit.services.collecting.commits import forget_files
from mail_audit.services.collecting.following import PART_BYTES, Counts, Following
from mail_audit.services.collecting.joining import join_ends
from mail_audit.services.collecting.listing import Member, members
from mail_audit.services.collecting.merging import merge_small
from mail_audit.side_by_side import side_by_side
from mail_audit.streams import Follower, NoPrints, first_look, yearless_days
from mail_audit.streams.opened import opened
from mail_audit.zones import Zone

SWEEP_SECONDS = 3600.0
"""A folder of the event store that no row knows is taken away when it is older: longer than a piece takes."""
_AGAIN = frozenset({"unreadable"})
"""States of a file that is tried again even if it did not change."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a collection is: packed bytes looked at of all that changed, new lines so far, the file at hand."""

    source: str
    file: str
    bytes_done: int
    bytes_total: int
    lines: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What the collection of one source gave. `problems`: files (or paths) and what is wrong with each."""

    source_id: int
    name: str
    counts: Counts
    files: int
    seconds: float
    problems: tuple[tuple[str, Text], ...]
    newest_at: datetime | None
    """The newest line of the source, collected now or before."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A source as it is configured."""

    id: int
    name: str
    paths: tuple[str, ...]
    patterns: tuple[str, ...]
    host: str | None
    timezone: str | None


def collect(
    settings: Settings,
    actor: Actor,
    *,
    source_ids: Sequence[int],
    tell: Callable[[Progress], None] | None = None,
    confirm: Callable[[Session], None] | None = None,
    piece_bytes: int = PART_BYTES,
) -> list[Collected]:
    """Read what is new in these sources. `confirm` is called in every transaction, and may refuse it.

    Memory holds a few pieces of `piece_bytes`, however much there is to read.

    What cannot be read is told and left for the next time; the other files go on.
    """
    done = [
        _collect(settings, actor, source_id, tell, confirm or (lambda _: None), piece_bytes) for source_id in source_ids
    ]
    with unit_of_work(settings) as session:
        known = set(session.scalars(select(LogSegment.folder)))
    sweep(settings.store, known, older_than=SWEEP_SECONDS)
    return [one for one in done if one is not None]


def _collect(
    settings: Settings,
    actor: Actor,
    source_id: int,
    tell: Callable[[Progress], None] | None,
    confirm: Callable[[Session], None],
    piece_bytes: int,
) -> Collected | None:
    began = time.monotonic()
    with unit_of_work(settings) as session:
        row = session.get(LogSource, source_id)
        if row is None or row.removed_at is not None:
            return None
        source = _Source(row.id, row.name, tuple(row.paths), tuple(row.patterns), row.host, row.timezone)
        seen = list(session.scalars(select(FileRow).where(FileRow.source_id == source_id)))
        stops = {row.id: row.stop for row in session.execute(select(LogStream.id, LogStream.stop))}
    listed, missing = members(source.paths, source.patterns)
    found = [one for one in listed if _is_text(one.path)]
    by_path, by_device = {row.path: row for row in seen}, {row.device: row for row in seen}
    changed = [one for one in found if not _is_unchanged(one, by_path.get(str(one.path)))]
    total, before = sum(one.size for one in changed), 0

    def told(file: str, done: int, lines: int) -> None:
        if tell is not None:
            tell(Progress(source.name, file, before + done, total, lines))

    following = Following(
        settings, actor, source.id, Zone(source.timezone or settings.timezone), source.host, told, confirm
    )
    following.piece_bytes = piece_bytes
    following.rules = _year_rules(changed, by_device, stops)
    overtaken: list[tuple[str, Text]] = []
    for member in changed:
        told(str(member.path), 0, following.counts.lines)
        if _is_moved(member, by_device.get(member.device)):
            following.moved(member, by_device[member.device])
        else:
            try:
                following.follow(member, by_device.get(member.device))
            except (ConflictError, UnreadableObjectError) as other:  # of the file, or of what the store has of it
                overtaken.append((str(member.path), other.message))
            except FileNotFoundError:
                continue  # rotated away while it was looked at: the next look finds it under its new name
        before += member.size
    if following.counts.pieces:
        join_ends(following)
        overtaken += _put_together(following, source.name)
    gone = sorted(set(by_path) - {str(one.path) for one in found})
    problems = [*overtaken, *_unnamed(listed), *missing]
    return _finish(settings, source, following.counts, found, gone, time.monotonic() - began, problems)


def _put_together(following: Following, name: str) -> list[tuple[str, Text]]:
    """Merge the source's small segments; what is damaged or lost is told, since all that was read is kept."""
    try:
        merge_small(following)
    except UnreadableObjectError as problem:
        return [(name, problem.message)]
    return []


def _is_text(path: Path) -> bool:
    """Whether a name can be kept as it is: one that is not UTF-8 cannot."""
    return str(path).encode("utf-8", "replace").decode() == str(path)


def _unnamed(listed: Sequence[Member]) -> list[tuple[str, Text]]:
    words = Text("tên tệp không phải là UTF-8; hãy đổi tên tệp", "the file name is not UTF-8; please rename the file")
    return [(str(one.path).encode("utf-8", "replace").decode(), words) for one in listed if not _is_text(one.path)]


def _is_unchanged(member: Member, seen: FileRow | None) -> bool:
    return (
        seen is not None
        and seen.state not in _AGAIN
        and (seen.device, seen.size, seen.modified) == (member.device, member.size, member.modified)
    )


def _is_moved(member: Member, seen: FileRow | None) -> bool:
    """Whether it is a file that was read whole, under a new name: there is nothing to look at again."""
    return seen is not None and seen.state == "read" and not seen.unread and _is_unchanged(member, seen)


def _finish(
    settings: Settings,
    source: _Source,
    counts: Counts,
    found: Sequence[Member],
    gone: Sequence[str],
    seconds: float,
    problems: list[tuple[str, Text]],
) -> Collected:
    from mail_audit.queries.sources import newest_line

    with unit_of_work(settings) as session:
        forget_files(session, source_id=source.id, paths=gone)
        row = session.get_one(LogSource, source.id)
        row.collected_at, row.last_seconds = utc_now(), row.last_seconds or 0.0
        if counts.lines:
            row.last_lines, row.last_seconds = counts.lines, seconds
        session.flush()
        files = session.scalars(
            select(FileRow)
            .where(FileRow.source_id == source.id, FileRow.problem_vi.is_not(None))
            .order_by(FileRow.path)
        )
        told = [(file.path, Text(file.problem_vi or "", file.problem_en or "")) for file in files]
        newest = newest_line(session, source.id)
    return Collected(source.id, source.name, counts, len(found), seconds, (*problems, *told), newest)


def _year_rules(changed: Sequence[Member], seen: dict[str, FileRow], stops: dict[int, int]) -> dict[Path, YearRule]:
    """The years of the files whose lines name none: files last written on the same day are judged together.

    As an audit does it (`events.years`), by all that is new in them; so each of them is read twice, the first time only
    for its days.
    """
    days: dict[Path, set[int]] = {}
    together: dict[date, set[int]] = defaultdict(set)
    written: dict[Path, date] = {}
    for member in changed:
        known = seen.get(member.device)
        start = stops.get(known.stream_id or 0, 0) if known is not None else 0
        try:
            (log,) = find_logs([member.path])
            with opened(log) as text:
                look = first_look(text)
            if not look.yearless or not look.is_log:
                continue
            with opened(log) as text:
                if log.packing == "plain" and start <= member.size:
                    text.seek(start)
                parts = Follower(text, look.form, NoPrints()).parts()
                days[log.path] = set().union(*side_by_side(lambda part: yearless_days(part.piece), parts))
        except (InputError, OSError):
            continue  # told when it is followed
        written[log.path] = log.written
        together[log.written] |= days[log.path]
    return {path: year_rule(together[day], day) for path, day in written.items() if together[day]}
