"""Who holds the posts that a plan names, on a day: from the directory, the head of a unit first.

`nearest` looks in the draft's unit, then in those right below it, in the one above, and last in its sisters: where an
office has one records clerk, that clerk is found from each of its rooms. Sisters count only where one of them has the
post: of several nobody can say which is meant.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.name_order import folded
from core.directory.queries import in_post, units_above
from eoffice.routing import Person, Resolver, Who
from eoffice.routing.plan import NEAREST_UNIT, OWN_UNIT, PARENT_UNIT

Post = tuple[int, str, str]
"""Who holds it (key of the official), its title and its rank."""


def resolver(session: Session, unit: int, today: date, *, drafter: int | None = None) -> Resolver:
    """Finds who holds a post, for a draft of `unit` (key of the directory). One query a unit that is looked at.

    Of a rank it is the first of the unit who is not the `drafter`: its head, or who stands next to a head who writes.
    """
    known: dict[int | None, list[Post]] = {}

    def holders(key: int | None) -> list[Post]:
        if key not in known:
            known[key] = _holders(session, key, today)
        return known[key]

    def meant(who: Who, key: int | None) -> tuple[Person, ...]:
        if who.title is not None:
            wanted = folded(who.title)
            return tuple(Person(official, title) for official, title, _ in holders(key) if folded(title) == wanted)
        ranked = [
            Person(official, title)
            for official, title, rank in holders(key)
            if rank == who.rank and official != drafter
        ]
        return tuple(ranked[:1])

    def resolve(who: Who) -> tuple[Person, ...]:
        if who.unit != NEAREST_UNIT:
            return meant(who, _unit(session, unit, who.unit))
        return _nearest([[meant(who, key) for key in keys] for keys in _circles(session, unit)])

    return resolve


def head_of(session: Session, unit: int, today: date, *, but: frozenset[int]) -> Person | None:
    """The first leader of the unit, or of the nearest above it that has one, who is none of `but`."""
    for one in units_above(session, unit):
        for official, title, rank in _holders(session, one, today):
            if rank == "leader" and official not in but:
                return Person(official, title)
    return None


def _nearest(circles: list[list[tuple[Person, ...]]]) -> tuple[Person, ...]:
    """The people of the first circle where anybody is found; of the last only where it is one unit."""
    for number, circle in enumerate(circles):
        found = [people for people in circle if people]
        if found and (number < len(circles) - 1 or len(found) == 1):
            return tuple(person for people in found for person in people)
    return ()


def _circles(session: Session, unit: int) -> list[list[int]]:
    """The unit, those right below it, the one above, its sisters."""
    parent = session.scalars(select(UnitRow.parent_id).where(UnitRow.id == unit)).first()
    below = select(UnitRow.id).where(UnitRow.gone_at.is_(None)).order_by(UnitRow.id)
    sisters = () if parent is None else session.scalars(below.where(UnitRow.parent_id == parent, UnitRow.id != unit))
    children = session.scalars(below.where(UnitRow.parent_id == unit))
    return [[unit], list(children), [] if parent is None else [parent], list(sisters)]


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
        .where(PostRow.unit == unit, OfficialRow.gone_at.is_(None), in_post(today))
        .order_by(PostRow.position, OfficialRow.id)
    )
    return [(official, title, rank) for official, title, rank in session.execute(wanted)]
