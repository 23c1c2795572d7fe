"""Readers of deputies: who acts for whom, on which days and in what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.directory.models import DeputyRow, OfficialRow, PostRow, UnitRow
from core.errors import ForbiddenError
from core.permissions import Actor, Permission
from core.words import Text

EVERYTHING = "everything"
_PRINCIPAL, _DEPUTY = aliased(OfficialRow), aliased(OfficialRow)


@dataclass(frozen=True, slots=True)
class Deputy:
    """`deputy` acts for `official` (numbers, with their names) from `first` to `last`, both included.

    `scope`: everything, opinions (to give them), decisions (to agree or return). `in_force`: on the day asked about.
    """

    deputy_id: int
    official_id: str
    official: str
    deputy_official_id: str
    deputy: str
    scope: str
    first: date
    last: date
    named_at: datetime
    named_by: str
    ended_at: datetime | None
    ended_by: str | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class DeputyList:
    """A part of the deputies, and how many the whole has."""

    rows: tuple[Deputy, ...]
    total: int


def deputies(
    session: Session,
    actor: Actor,
    *,
    day: date,
    state: Literal["standing", "over"] | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> DeputyList:
    """The deputies whom `actor` may see, the newest first: of officials in reach, the own ones, for whom they act.

    `standing`: those that are not over on `day`, begun or not. Two SQL queries.
    """
    wanted = _seen_by(actor)
    over = or_(DeputyRow.ended_at.is_not(None), DeputyRow.last_day < day)
    if state is not None:
        wanted.append(over if state == "over" else ~over)
    number = select(func.count()).select_from(DeputyRow).where(*wanted)
    part = _all().where(*wanted).order_by(DeputyRow.id.desc()).offset(max(0, offset)).limit(limit)
    return DeputyList(tuple(_read(session, part, day)), session.scalar(number) or 0)


def _seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    """Said of a deputy's own row, so that nobody's name is read for what is not shown."""
    reach = actor.reach(Permission.CORE_DEPUTY_READ)
    if reach.whole:
        return []
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units or ()))
    seen: list[ColumnElement[bool]] = [DeputyRow.official.in_(posts)]
    if actor.official_id is not None and actor.may_of(Permission.CORE_DEPUTY_READ, actor.official_id):
        own = select(OfficialRow.id).where(OfficialRow.official_id == actor.official_id)
        seen += [one.in_(own) for one in (DeputyRow.official, DeputyRow.deputy)]
    return [or_(*seen)]


def deputies_of(session: Session, official_id: str, *, day: date) -> list[Deputy]:
    """Who may act for this official on that day."""
    return _read(session, _all().where(_PRINCIPAL.official_id == official_id, _in_force(day)), day)


def acting_for(session: Session, official_id: str, *, day: date, scope: str | None = None) -> list[Deputy]:
    """For whom this official may act on that day (in that scope); never for those for whom somebody acts who left."""
    wanted = [_DEPUTY.official_id == official_id, _DEPUTY.gone_at.is_(None), _in_force(day)]
    if scope is not None:
        wanted.append(DeputyRow.scope.in_((EVERYTHING, scope)))
    return _read(session, _all().where(*wanted), day)


def deputy_actor(session: Session, actor: Actor, *, official_id: str, scope: str, day: date) -> Actor:
    """`actor` as the deputy of that official, for whom the trail shows both names. Raises `ForbiddenError`.

    The deputy acts with the own rights: what is handed to a deputy is somebody's things to do, not their reach.
    """
    found = [] if actor.official_id is None else acting_for(session, actor.official_id, day=day, scope=scope)
    if official_id not in {one.official_id for one in found}:
        raise ForbiddenError(
            Text("Tài khoản này không được ủy quyền làm việc đó.", "This account is not a deputy for that."),
            detail=f"{actor.name} is no deputy of {official_id} for {scope} on {day}",
        )
    return replace(actor, acting_for=official_id)


def _in_force(day: date) -> ColumnElement[bool]:
    return and_(DeputyRow.ended_at.is_(None), DeputyRow.first_day <= day, DeputyRow.last_day >= day)


def _all() -> Select[DeputyRow, OfficialRow, OfficialRow]:
    return (
        select(DeputyRow, _PRINCIPAL, _DEPUTY)
        .join(_PRINCIPAL, _PRINCIPAL.id == DeputyRow.official)
        .join(_DEPUTY, _DEPUTY.id == DeputyRow.deputy)
    )


def _read(session: Session, wanted: Select[DeputyRow, OfficialRow, OfficialRow], day: date) -> list[Deputy]:
    return [
        Deputy(
            deputy_id=row.id,
            official_id=principal.official_id,
            official=principal.name,
            deputy_official_id=deputy.official_id,
            deputy=deputy.name,
            scope=row.scope,
            first=row.first_day,
            last=row.last_day,
            named_at=row.named_at,
            named_by=row.named_by,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            in_force=row.ended_at is None and row.first_day <= day <= row.last_day,
        )
        for row, principal, deputy in session.execute(wanted)
    ]
