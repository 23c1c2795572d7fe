"""Documents by their words: titles of all that one may see, and the whole text of the latest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
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

    Those with the words in the title come first, then the last changed. Two SQL queries.
    """
    terms = terms_of(question)
    if not terms or actor.official_id is None:
        return [], 0
    seen = (
        select(DraftRow, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == DraftRow.drafter)
        .where(readable(session, actor, today=today), DraftRow.id.not_in(practice_drafts()))
        .order_by(DraftRow.changed_at.desc(), DraftRow.id.desc())
        .limit(MOST_TITLES)
    )
    rows = [(row, name) for row, name in session.execute(seen)]
    texts = _texts(session, [row.id for row, _ in rows[:MOST_TEXTS]])
    found = []
    for row, name in rows:
        in_title = _has(terms, row.title)
        if in_title or (row.id in texts and _has(terms, f"{row.title}\n{texts[row.id]}")):
            found.append(FoundDraft(row.id, row.type, row.title, row.state, name, row.changed_at, in_title))
    found.sort(key=lambda one: not one.in_title)
    return found[offset : offset + limit], len(found)


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
    words = {word.bare for word in words_of(*text.split())}
    return all(any(word.startswith(term.bare) for word in words) for term in terms)
