"""Whom one can ask: everybody in the directory, by a few letters of the name or by working in the same unit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.directory.queries.search import Colleague, find_colleagues
from core.permissions import Actor, Permission, require

__all__ = ["Colleague", "colleagues"]


def colleagues(session: Session, actor: Actor, *, question: str = "") -> list[Colleague]:
    """The first officials with the words of `question`; without a word, those of the own unit. Never the actor.

    One SQL query. Raises `ForbiddenError`.
    """
    require(actor, Permission.EOFFICE_DRAFT_DECIDE)
    return find_colleagues(session, question=question, of=actor.official_id)
