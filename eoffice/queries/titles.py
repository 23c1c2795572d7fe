"""What stands behind a name beside a document: the title of the main post, and the unit where it is another one's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import PostRow, UnitRow
from core.directory.queries import in_post


def titles(session: Session, officials: Iterable[int], *, unit: int, today: date) -> dict[int, str]:
    """Official (key of the directory) -> title of the main post of the day; of whoever is not of `unit` with theirs.

    Who has no post that day has none. One SQL query.
    """
    wanted = (
        select(PostRow.official, PostRow.title, PostRow.unit, UnitRow.name)
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(PostRow.official.in_(sorted(officials)), in_post(today))
        .order_by(PostRow.official, PostRow.position)
    )
    found: dict[int, str] = {}
    for official, title, own, name in session.execute(wanted):
        found.setdefault(official, title if own == unit else f"{title}, {name}")
    return found
