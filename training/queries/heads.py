"""Who is told when a learner is late: the head of the unit, and of a head the one above."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow
from core.directory.queries import in_post, main_unit, units_above


def head_over(session: Session, official: int, today: date) -> int | None:
    """The row of the official who leads the main unit of `official` on that day; None where there is nobody.

    The first leader of the unit, or of the nearest above it that has one. Of that leader the one above; of the head of
    all another leader of the unit. At most two queries a unit on the way up.
    """
    unit = main_unit(session, official, today)
    if unit is None:
        return None
    leaders = [_leaders(session, one, today) for one in units_above(session, unit)]
    led = [found for found in leaders if found]
    if not led:
        return None
    if led[0][0] != official:
        return led[0][0]
    others = [one for found in (*led[1:], led[0]) for one in found if one != official]
    return others[0] if others else None


def _leaders(session: Session, unit: int, today: date) -> list[int]:
    """The leaders of a unit on that day, its head first."""
    wanted = (
        select(PostRow.official)
        .join(OfficialRow, OfficialRow.id == PostRow.official)
        .where(PostRow.unit == unit, PostRow.rank == "leader", OfficialRow.gone_at.is_(None), in_post(today))
        .order_by(PostRow.position, OfficialRow.id)
    )
    return list(session.scalars(wanted))
