"""The drafts of a person, and with whom each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.permissions import Actor
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow, practice_drafts
from eoffice.permissions import selves


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list: with whom it is (names), whether the person's own turn is behind it."""

    draft_id: int
    type: str
    title: str
    state: str
    urgency: str
    due: date | None
    changed_at: datetime
    drafter: str
    with_whom: tuple[str, ...]


def drafts_of(
    session: Session,
    actor: Actor,
    *,
    today: date,
    states: tuple[str, ...] | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[DraftLine], int]:  # fmt: skip
    """The drafts that the actor wrote or may write in, the last changed first, and how many there are of them.

    Four SQL queries, however many drafts.
    """
    own = selves(session, actor, today=today, scope="everything")
    mine = and_(DraftRow.drafter.in_(own), DraftRow.id.not_in(practice_drafts()))
    chosen = [mine] if states is None else [mine, DraftRow.state.in_(states)]
    total = session.scalar(select(func.count()).select_from(DraftRow).where(*chosen)) or 0
    wanted = (
        select(DraftRow, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == DraftRow.drafter)
        .where(*chosen)
        .order_by(DraftRow.changed_at.desc(), DraftRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    rows = [(draft, name) for draft, name in session.execute(wanted)]
    waiting = _with_whom(session, [draft.id for draft, _ in rows])
    return [
        DraftLine(
            draft.id, draft.type, draft.title, draft.state, draft.urgency, draft.due, draft.changed_at, name,
            tuple(waiting.get(draft.id, ())),
        )
        for draft, name in rows
    ], total  # fmt: skip


def _with_whom(session: Session, drafts: list[int]) -> dict[int, list[str]]:
    """Draft -> the names of those whose turn it is."""
    wanted = (
        select(RoundRow.draft, OfficialRow.name)
        .join(StepRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .join(OfficialRow, OfficialRow.id == TaskRow.official)
        .where(RoundRow.draft.in_(drafts), RoundRow.ended_at.is_(None), TaskRow.state == "open")
        .order_by(StepRow.position, TaskRow.id)
    )
    found: dict[int, list[str]] = {}
    for draft, name in session.execute(wanted):
        found.setdefault(draft, []).append(name)
    return found
