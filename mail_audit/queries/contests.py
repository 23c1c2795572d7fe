"""Readers of contests: the list with what waits first, one of them, those of an official, and how many a report has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.permissions import Actor, Permission
from mail_audit.errors import ContestNotFoundError
from mail_audit.models import Contest
from mail_audit.queries.reached import officials_in_reach

ContestState = Literal["open", "accepted", "explained"]


@dataclass(frozen=True, slots=True)
class ContestedFigure:
    """A contest with its answer; `about` is one of `models.contests.ABOUT`, `value` what the figure was then.

    `audit_id` is None when the report was taken away since; `name` is None for somebody the directory never knew.
    """

    contest_id: int
    audit_id: int | None
    first: date
    last: date
    official_id: str
    name: str | None
    about: str
    day: date | None
    value: int | None
    reason: str
    asked_at: datetime
    asked_by: str
    state: ContestState
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class ContestList:
    """A part of the contests, how many the whole has, and how many of all wait for an answer."""

    rows: tuple[ContestedFigure, ...]
    total: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Contested:
    """How many figures of a report are contested and wait, were found wrong, or were explained."""

    open: int = 0
    accepted: int = 0
    explained: int = 0


def contests(
    session: Session,
    actor: Actor,
    *,
    state: Literal["open", "answered"] | None = None,
    audit_id: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> ContestList:
    """The contests `actor` may see (those in reach, and the own).

    What waits comes first, the longest first; then the last answered.
    """
    seen = _seen_by(actor)
    wanted = [*seen, *([Contest.audit_id == audit_id] if audit_id is not None else [])]
    is_open = Contest.state == "open"
    parts = (
        ([] if state == "answered" else [is_open], (Contest.asked_at, Contest.id.desc())),
        ([] if state == "open" else [~is_open], (Contest.answered_at.desc(), Contest.id.desc())),
    )
    rows: list[Row[Contest, str]] = []
    total, first, waiting = 0, max(0, offset), None
    for which, order in parts:  # one after the other, so that each comes sorted from an index
        if not which:
            continue
        number = session.scalar(select(func.count()).select_from(Contest).where(*wanted, *which)) or 0
        left = max(0, limit) - len(rows)
        if first < total + number and left:
            part = _all().where(*wanted, *which).order_by(*order)
            rows += session.execute(part.offset(max(0, first - total)).limit(left)).all()
        total += number
        if which == [is_open] and audit_id is None:
            waiting = number
    if waiting is None:
        waiting = session.scalar(select(func.count()).select_from(Contest).where(*seen, is_open)) or 0
    return ContestList(tuple(_contest(row) for row in rows), total, waiting)


def contest(session: Session, actor: Actor, contest_id: int) -> ContestedFigure:
    """One contest; ContestNotFoundError also for one that is not the actor's to see."""
    row = session.execute(_all().where(Contest.id == contest_id, *_seen_by(actor))).first()
    if row is None:
        raise ContestNotFoundError(contest_id)
    return _contest(row)


def contests_about(session: Session, audit_id: int, official_id: str) -> tuple[ContestedFigure, ...]:
    """What was contested of an official in one report, the latest first."""
    found = _all().where(Contest.audit_id == audit_id, Contest.official_id == official_id).order_by(Contest.id.desc())
    return tuple(_contest(row) for row in session.execute(found))


def contested(session: Session, actor: Actor, audit_id: int) -> Contested:
    """How many figures of a report were contested, of those whose contests `actor` may see."""
    wanted = (Contest.audit_id == audit_id, *_seen_by(actor))
    found = select(Contest.state, func.count()).where(*wanted).group_by(Contest.state)
    counts = {str(row[0]): int(row[1]) for row in session.execute(found)}
    return Contested(counts.get("open", 0), counts.get("accepted", 0), counts.get("explained", 0))


def waiting(session: Session, actor: Actor) -> int:
    """How many of the contests `actor` may see wait for an answer."""
    found = select(func.count()).select_from(Contest).where(*_seen_by(actor), Contest.state == "open")
    return session.scalar(found) or 0


def _seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    """Of officials with a post in a unit in reach, and the own."""
    reach = actor.reach(Permission.MAIL_AUDIT_CONTEST_READ)
    if reach.whole:
        return []
    seen: ColumnElement[bool] = Contest.official_id.in_(officials_in_reach(reach))
    if actor.official_id is not None and actor.may_of(Permission.MAIL_AUDIT_CONTEST_READ, actor.official_id):
        seen = or_(seen, Contest.official_id == actor.official_id)
    return [seen]


def _all() -> Select[Contest, str]:
    return select(Contest, OfficialRow.name).outerjoin(OfficialRow, OfficialRow.official_id == Contest.official_id)


def _contest(row: Row[Contest, str]) -> ContestedFigure:
    one: Contest = row[0]
    return ContestedFigure(
        contest_id=one.id,
        audit_id=one.audit_id,
        first=one.first_day,
        last=one.last_day,
        official_id=one.official_id,
        name=row[1],
        about=one.about,
        day=one.day,
        value=one.value,
        reason=one.reason,
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        state=cast("ContestState", one.state),
        answer=one.answer,
        answered_at=one.answered_at,
        answered_by=one.answered_by,
    )
