"""Whom one can ask: everybody in the directory, by a few letters of the name or by working in the same unit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries.search import officials_with
from core.directory.spelling import terms_of
from core.permissions import Actor, Permission, require

MOST = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """An official with the main post; names and posts are known to everybody in an office."""

    official_id: str
    name: str
    title: str
    unit: str


def colleagues(session: Session, actor: Actor, *, question: str = "", limit: int = MOST) -> list[Colleague]:
    """Officials whose name begins with the words of `question`; without a word, those of the own unit, leaders first.

    Never the actor. One SQL query. Raises `ForbiddenError`.
    """
    require(actor, Permission.EOFFICE_DRAFT_DECIDE)
    wanted = (
        select(OfficialRow.official_id, OfficialRow.name, PostRow.title, UnitRow.name)
        .join(PostRow, (PostRow.official == OfficialRow.id) & (PostRow.position == 0))
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(OfficialRow.gone_at.is_(None), OfficialRow.official_id != actor.official_id)
    )
    terms = terms_of(question)
    if terms:
        wanted = wanted.where(OfficialRow.id.in_(officials_with(terms)))
    else:
        own = select(PostRow.unit).join(OfficialRow, OfficialRow.id == PostRow.official)
        wanted = wanted.where(PostRow.unit.in_(own.where(OfficialRow.official_id == actor.official_id)))
    ordered = wanted.order_by(PostRow.rank != "leader", OfficialRow.name_order, OfficialRow.id).limit(limit)
    return [Colleague(*row) for row in session.execute(ordered)]
