"""Who holds the posts that a plan names, on a day: from the directory, the head of a unit first."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.name_order import folded
from eoffice.routing import Person, Resolver, Who
from eoffice.routing.plan import OWN_UNIT, PARENT_UNIT


def resolver(session: Session, unit: int, today: date) -> Resolver:
    """Finds who holds a post, for a draft of `unit` (key of the directory). One query a unit that is named."""
    known: dict[str, list[tuple[int, str, str]]] = {}

    def holders(name: str) -> list[tuple[int, str, str]]:
        if name not in known:
            known[name] = _holders(session, _unit(session, unit, name), today)
        return known[name]

    def resolve(who: Who) -> tuple[Person, ...]:
        if who.title is not None:
            wanted = folded(who.title)
            return tuple(Person(official, title) for official, title, _ in holders(who.unit) if folded(title) == wanted)
        # of a rank it is the first of the unit: its head, not every deputy head
        ranked = [Person(official, title) for official, title, rank in holders(who.unit) if rank == who.rank]
        return tuple(ranked[:1])

    return resolve


def _unit(session: Session, unit: int, name: str) -> int | None:
    """The unit that a plan means: the draft's, the one above it, or one by its key."""
    if name == OWN_UNIT:
        return unit
    if name == PARENT_UNIT:
        return session.scalars(select(UnitRow.parent_id).where(UnitRow.id == unit)).first()
    return session.scalars(select(UnitRow.id).where(UnitRow.key == name, UnitRow.gone_at.is_(None))).first()


def _holders(session: Session, unit: int | None, today: date) -> list[tuple[int, str, str]]:
    """Official, title, rank of everybody in post in the unit on that day, in the order of the directory."""
    if unit is None:
        return []
    wanted = (
        select(PostRow.official, PostRow.title, PostRow.rank)
        .join(OfficialRow, OfficialRow.id == PostRow.official)
        .where(PostRow.unit == unit, OfficialRow.gone_at.is_(None))
        .where((PostRow.since.is_(None)) | (PostRow.since <= today))
        .where((PostRow.until.is_(None)) | (PostRow.until >= today))
        .order_by(PostRow.position, OfficialRow.id)
    )
    return [(official, title, rank) for official, title, rank in session.execute(wanted)]
