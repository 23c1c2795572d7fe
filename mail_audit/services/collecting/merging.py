"""Small segments put together: a log collected every few minutes must not lie in the store as ten thousand files.

A merged segment takes the place of its parts in one transaction; the pieces keep what they say and only point to it.
The parts' folders are left to the sweep, so that whoever is reading them can go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.audit import record
from core.db import unit_of_work, utc_now
from core.permissions import Actor, Permission, require
from mail_audit.actions import AuditAction
from mail_audit.errors import LostObjectError, UnreadableObjectError
from mail_audit.models import LogPiece, LogSegment, LogStream
from mail_audit.segments import damage, mark_replaced, merge
from mail_audit.services.collecting.following import Following

MERGE_AT = 8
"""So many small segments of one stream are put together."""
SMALL = 50_000
"""Events of a small segment."""
MOST = 400_000
"""Events of a merged one, so that it fits into memory with ease."""


@dataclass(frozen=True, slots=True)
class _Small:
    id: int
    folder: str
    events: int


def merge_small(following: Following) -> int:
    """Put small segments of a source together, stream by stream; how many new ones there are.

    Raises `UnreadableObjectError` for the first that is damaged or lost, when all others are put together.
    """
    made, problem = 0, None
    with unit_of_work(following.settings) as session:
        streams = _streams(session, following.source_id)
    for stream_id in streams:
        with unit_of_work(following.settings) as session:
            groups = _groups(_small(session, stream_id))
        for group in groups:
            whole, found = _whole(following, group)
            problem = problem or found
            try:
                if len(whole) >= MERGE_AT:
                    made += _merge(following, stream_id, whole)
            except UnreadableObjectError as one:
                problem = problem or one
    if problem is not None:
        raise problem
    return made


def _streams(session: Session, source_id: int) -> list[int]:
    small = (
        select(LogSegment.stream_id)
        .join(LogStream, LogStream.id == LogSegment.stream_id)
        .where(LogStream.source_id == source_id, LogSegment.removed_at.is_(None), LogSegment.events <= SMALL)
        .group_by(LogSegment.stream_id)
        .having(func.count() >= MERGE_AT)
    )
    return list(session.scalars(small))


def _small(session: Session, stream_id: int) -> list[_Small]:
    """The small segments of a stream in its order, without those behind its end, which may be taken back."""
    start = func.min(LogPiece.start)
    rows = session.execute(
        select(LogSegment.id, LogSegment.folder, LogSegment.events)
        .join(LogPiece, LogPiece.segment_id == LogSegment.id)
        .where(LogSegment.stream_id == stream_id, LogSegment.removed_at.is_(None), LogSegment.events <= SMALL)
        .group_by(LogSegment.id, LogSegment.folder, LogSegment.events)
        .having(func.min(LogPiece.kind) == "lines", func.max(LogPiece.kind) == "lines")
        .order_by(start)
    )
    return [_Small(row.id, row.folder, row.events) for row in rows]


def _groups(found: Sequence[_Small]) -> list[list[_Small]]:
    """Neighbours that make up one segment; too few are left until there are more."""
    groups: list[list[_Small]] = [[]]
    for one in found:
        if sum(other.events for other in groups[-1]) + one.events > MOST:
            groups.append([])
        groups[-1].append(one)
    return [group for group in groups if len(group) >= MERGE_AT]


def _whole(following: Following, group: Sequence[_Small]) -> tuple[list[_Small], UnreadableObjectError | None]:
    """Those of a group that can be read, and what is wrong with the first that cannot.

    All are looked at before any is read: one that stays damaged does not keep the others apart.
    """
    whole, problem = [], None
    for one in group:
        try:
            found = damage(following.settings.store, one.folder)
        except FileNotFoundError:
            continue  # retention was there first
        if found is None:
            whole.append(one)
        elif problem is None and not (isinstance(found, LostObjectError) and _is_removed(following, one)):
            problem = found
    return whole, problem


def _is_removed(following: Following, one: _Small) -> bool:
    """Whether nobody knows a segment any more: what is missing of it is being taken away."""
    with unit_of_work(following.settings) as session:
        there = select(LogSegment.id).where(LogSegment.id == one.id, LogSegment.removed_at.is_(None))
        return session.scalar(there) is None


def _merge(following: Following, stream_id: int, group: Sequence[_Small]) -> bool:
    store = following.settings.store
    try:
        folder = merge(store, [one.folder for one in group])
    except FileNotFoundError:
        return False  # retention was there first
    with unit_of_work(following.settings) as session:
        done = replace_segments(
            session, following.actor, stream_id=stream_id, segment_ids=[one.id for one in group], folder=folder
        )
        following.confirm(session)
    if done:
        for one in group:
            mark_replaced(store, one.folder)
    return done


def replace_segments(
    session: Session, actor: Actor, *, stream_id: int, segment_ids: Sequence[int], folder: str
) -> bool:
    """Let the segment in `folder` take the place of these; False where one of them is no longer there."""
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    old = session.scalars(
        select(LogSegment)
        .where(LogSegment.id.in_(segment_ids), LogSegment.removed_at.is_(None))
        .order_by(LogSegment.id)
        .with_for_update()
    ).all()
    if len(old) != len(segment_ids):
        return False
    new = LogSegment(
        stream_id=stream_id,
        folder=folder,
        events=sum(one.events for one in old),
        first_at=min(one.first_at for one in old if one.first_at is not None),
        last_at=max(one.last_at for one in old if one.last_at is not None),
        made_at=utc_now(),
    )
    session.add(new)
    session.flush()
    session.execute(update(LogPiece).where(LogPiece.segment_id.in_(segment_ids)).values(segment_id=new.id))
    for one in old:
        session.delete(one)
    session.flush()
    record(
        session,
        actor=actor.name,
        action=AuditAction.SEGMENTS_MERGED,
        subject=f"log_segment:{new.id}",
        facts={"stream": stream_id, "segments": len(old), "events": new.events},
    )
    return True
