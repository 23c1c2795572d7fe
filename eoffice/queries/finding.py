"""Documents by their words: titles of all that one may see, and the whole text of the latest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.directory.name_order import folded
from core.directory.spelling import Word, terms_of, words_of
from core.permissions import Actor
from eoffice.models import DraftRow, RevisionRow, practice_drafts
from eoffice.permissions import readable
from eoffice.writing import Written

MOST_TITLES = 5_000
"""So many titles are looked through, the last changed first."""
MOST_TEXTS = 300
"""So many whole texts."""


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """A document that has the words; `in_title` where they all stand in its title."""

    draft_id: int
    type: str
    title: str
    state: str
    drafter: str
    changed_at: datetime
    in_title: bool


def find_drafts(
    session: Session, actor: Actor, *, question: str, today: date, offset: int = 0, limit: int = 20
) -> tuple[list[FoundDraft], int]:
    """Documents the actor may see that have all words of `question`, with or without marks, and how many there are.

    Those with the words in the title come first, then the last changed. Three SQL queries.
    """
    terms = terms_of(question)
    if not terms or actor.official_id is None:
        return [], 0
    # Names are asked for what is shown alone: beside them, a database reads those of the whole city.
    columns = (DraftRow.id, DraftRow.type, DraftRow.title, DraftRow.state, DraftRow.drafter, DraftRow.changed_at)
    seen = (
        select(*columns)
        .where(readable(session, actor, today=today), DraftRow.id.not_in(practice_drafts()))
        .order_by(DraftRow.changed_at.desc(), DraftRow.id.desc())
        .limit(MOST_TITLES)
    )
    rows = session.execute(seen).all()
    texts = _texts(session, [row.id for row in rows[:MOST_TEXTS]])
    in_title = [row for row in rows if _has(terms, row.title)]
    named = {row.id for row in in_title}
    in_text = [
        row
        for row in rows[:MOST_TEXTS]
        if row.id not in named and row.id in texts and _has(terms, f"{row.title}\n{texts[row.id]}")
    ]
    shown = (in_title + in_text)[offset : offset + limit]
    drafters = select(OfficialRow.id, OfficialRow.name).where(OfficialRow.id.in_({row.drafter for row in shown}))
    names = {row.id: row.name for row in session.execute(drafters)}
    found = [
        FoundDraft(row.id, row.type, row.title, row.state, names[row.drafter], row.changed_at, row.id in named)
        for row in shown
    ]
    return found, len(in_title) + len(in_text)


def _texts(session: Session, drafts: list[int]) -> dict[int, str]:
    """Draft -> the words of its last revision."""
    last = (
        select(RevisionRow.draft, func.max(RevisionRow.number).label("number"))
        .where(RevisionRow.draft.in_(drafts))
        .group_by(RevisionRow.draft)
        .subquery()
    )
    wanted = select(RevisionRow.draft, RevisionRow.content).join(
        last, (last.c.draft == RevisionRow.draft) & (last.c.number == RevisionRow.number)
    )
    return {draft: Written.of_json(content).plain for draft, content in session.execute(wanted)}


def _has(terms: tuple[Word, ...], text: str) -> bool:
    bare = folded(text)
    if not all(term.bare in bare for term in terms):  # most texts: they need not be cut into words
        return False
    words = {word.bare for word in words_of(*text.split())}
    return all(any(word.startswith(term.bare) for word in words) for term in terms)
