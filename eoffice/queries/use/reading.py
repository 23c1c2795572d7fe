"""Readers of the use of the e-office: one official, the officials of a unit, units with what lies below them.

A period that is over is read from what was kept of it (`kept`); where nothing is, it is counted, with the same answer.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import UnitRow
from core.directory.queries import units_below
from core.errors import NotFoundError
from core.permissions import Actor, Permission, Reach
from core.words import Text
from eoffice.queries.use import counting
from eoffice.queries.use.kept import kept
from eoffice.queries.use.model import OfficialUse, UnitUse, UseClass, UseCoverage
from eoffice.queries.use.rules import UsePeriod

UseSort = Literal["name", "class", "left", "median"]


def use_coverage(session: Session, period: UsePeriod) -> UseCoverage | None:
    """What figures of the period rest on; None where there was no document before its end."""
    there = kept(session, period)
    return counting.coverage(session, period) if there is None else there.coverage


def official_use(session: Session, actor: Actor, *, official_id: str, period: UsePeriod) -> OfficialUse:
    """What is said of one official.

    Raises `NotFoundError` for somebody who is not in the actor's reach, or was in no post in the period.
    """
    there = kept(session, period)
    found = counting.one(session, period, official_id) if there is None else there.one(official_id)
    if found is None or not actor.may_of(Permission.EOFFICE_USE_READ, official_id, (found.unit_key,)):
        raise NotFoundError(Text("Không có cán bộ này.", "There is no such official."), detail=official_id)
    return counting.official_of(found)


def officials_use(
    session: Session, actor: Actor, *, period: UsePeriod, unit_key: str | None = None, sort: UseSort = "name",
    offset: int = 0, limit: int | None = 50,
) -> tuple[list[OfficialUse], int]:  # fmt: skip
    """The officials in reach (of one unit and those below it), and how many there are.

    By name the Vietnamese way; by class; those who leave most first; those where it takes longest first.
    """
    reach, there = actor.reach(Permission.EOFFICE_USE_READ), kept(session, period)
    if there is None:
        rows, total = counting.some(
            session, period, reach=reach, unit_key=unit_key, sort=sort, offset=offset, limit=limit
        )
    else:
        below = None if unit_key is None else _below(session, unit_key)
        rows, total = there.some(reach=reach, below=below, sort=sort, offset=offset, limit=limit)
    return [counting.official_of(row) for row in rows], total


def classes_in(session: Session, *, period: UsePeriod, reach: Reach) -> dict[str, UseClass]:
    """official_id -> what is said of everybody in reach who was in post in the period."""
    there = kept(session, period)
    return counting.classes(session, period, reach=reach) if there is None else there.classes(reach=reach)


def units_use(session: Session, actor: Actor, *, period: UsePeriod, unit_key: str | None = None) -> list[UnitUse]:
    """The units in reach in which anybody is in post, each with what lies below it, by name; or that one alone."""
    reach, there = actor.reach(Permission.EOFFICE_USE_READ), kept(session, period)
    if there is None:
        return counting.units(session, period, reach=reach, unit_key=unit_key)
    return there.units(reach=reach, unit_key=unit_key)[0]


def units_part(
    session: Session, actor: Actor, *, period: UsePeriod, told: bool = False, offset: int = 0, limit: int = 50
) -> tuple[list[UnitUse], int]:
    """A part of `units_use`, and how many there are; `told`: of those alone of which anything is known."""
    reach, there = actor.reach(Permission.EOFFICE_USE_READ), kept(session, period)
    if there is not None:
        return there.units(reach=reach, told=told, offset=offset, limit=limit)
    every = counting.units(session, period, reach=reach)
    wanted = [one for one in every if not told or one.is_told]
    return wanted[offset : offset + limit], len(wanted)


def whole_use(session: Session, actor: Actor, *, period: UsePeriod) -> UnitUse:
    """The sum over all that the actor reaches, each official once."""
    reach, there = actor.reach(Permission.EOFFICE_USE_READ), kept(session, period)
    return counting.whole(session, period, reach=reach) if there is None else there.whole(reach=reach)


def _below(session: Session, unit_key: str) -> frozenset[str]:
    """The unit and all below it, by key; nothing where there is no such unit."""
    top = session.scalar(select(UnitRow.id).where(UnitRow.key == unit_key))
    return frozenset() if top is None else units_below(session, [top])[top]
