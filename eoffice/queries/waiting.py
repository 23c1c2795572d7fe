"""What waits for somebody: the open tasks that are theirs, and those of whom they act for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.directory.models import OfficialRow
from core.directory.queries import acting_for
from core.permissions import Actor
from eoffice.models import DraftRow, LookRow, RevisionRow, RoundRow, StepRow, TaskRow, practice_drafts

PURPOSES_OF_SCOPE = {"opinions": ("opinion",), "decisions": ("content", "form", "approval")}
"""A deputy's scope -> what steps they may act in; everything in all."""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A draft that waits: `by` asks, `since` when, `due` (None: no deadline), `for_whom` the official it waits for
    (`number` in the directory).

    `acting` where the reader would act for that one. `seen` is the revision that the reader
    looked at last (0: none yet), `revision` the latest.
    """

    draft_id: int
    position: int
    purpose: str
    type: str
    title: str
    urgency: str
    by: str
    since: datetime
    due: date | None
    for_whom: str
    number: str
    acting: bool
    seen: int
    revision: int


def tasks_waiting(session: Session, actor: Actor, *, today: date, practice: int | None = None) -> list[WaitingTask]:
    """The open tasks of the actor and of those for whom they act: the most urgent first, then by deadline.

    Practice documents are left out, but for the one called `practice`. Two SQL queries.
    """
    if actor.official_id is None:
        return []
    person, asker = aliased(OfficialRow), aliased(OfficialRow)
    mine = [person.official_id == actor.official_id]
    for one in acting_for(session, actor.official_id, day=today):
        purposes = PURPOSES_OF_SCOPE.get(one.scope)
        scope = [] if purposes is None else [StepRow.purpose.in_(purposes)]
        mine.append(and_(person.official_id == one.official_id, *scope))
    reader = select(OfficialRow.id).where(OfficialRow.official_id == actor.official_id).scalar_subquery()
    last = select(func.max(RevisionRow.number)).where(RevisionRow.draft == DraftRow.id).scalar_subquery()
    wanted = (
        select(DraftRow, StepRow, TaskRow, person, asker.name, LookRow.revision, last)
        .join(RoundRow, RoundRow.draft == DraftRow.id)
        .join(StepRow, StepRow.round == RoundRow.id)
        .join(TaskRow, TaskRow.step == StepRow.id)
        .join(person, person.id == TaskRow.official)
        .join(asker, asker.id == func.coalesce(StepRow.asked_by, DraftRow.drafter))
        .outerjoin(LookRow, and_(LookRow.draft == DraftRow.id, LookRow.official == reader))
        .where(RoundRow.ended_at.is_(None), TaskRow.state == "open", or_(*mine))
        .where(or_(DraftRow.id.not_in(practice_drafts()), DraftRow.id == practice))
    )
    found = [
        WaitingTask(
            draft.id, step.position, step.purpose, draft.type, draft.title, draft.urgency, by, task.opened_at,
            step.due or draft.due, official.name, official.official_id, official.official_id != actor.official_id,
            seen or 0, revision or 0,
        )
        for draft, step, task, official, by, seen, revision in session.execute(wanted)
    ]  # fmt: skip
    order = {"express": 0, "very_urgent": 1, "urgent": 2, "normal": 3}
    return sorted(found, key=lambda one: (order[one.urgency], one.due or date.max, one.since, one.draft_id))
