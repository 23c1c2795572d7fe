"""Who may see and change a draft.

It is seen by its drafter, by whoever has or had a turn at it, by whoever answers for its content or form or decided
(and by those who act for one of them on the day), and by the leaders of its unit and of the units above; by nobody
else, those who run the servers included. For everybody else there is no such draft.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import acting_for, in_post, official_row, units_above
from core.permissions import Actor
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow


def can_change(session: Session, actor: Actor, draft: DraftRow, *, today: date) -> bool:
    """Whether the actor may write in it: its drafter, or who acts for them in everything."""
    return draft.drafter in selves(session, actor, today=today, scope="everything")


def can_read(session: Session, actor: Actor, draft: DraftRow, *, today: date) -> bool:
    """Whether the actor may see it."""
    own = selves(session, actor, today=today)
    return bool(own) and (_has_part(session, own, draft) or _leads(session, actor, draft.unit, today))


def read_for(session: Session, actor: Actor, draft: DraftRow, *, today: date) -> str | None:
    """The number of the official for whom the actor sees a draft as a deputy only; None where they see it themselves.

    To be asked of whoever `can_read` it.
    """
    if actor.official_id is None or _leads(session, actor, draft.unit, today):
        return None
    for number in (actor.official_id, *(one.official_id for one in acting_for(session, actor.official_id, day=today))):
        row = official_row(session, number)
        if row is not None and _has_part(session, frozenset({row.id}), draft):
            return None if number == actor.official_id else number
    return None


def as_reader(session: Session, actor: Actor, draft: DraftRow, *, today: date) -> Actor:
    """The actor as the trail names them beside a draft they may read: a deputy with whom they act for."""
    if actor.acting_for is not None:
        return actor
    return replace(actor, acting_for=read_for(session, actor, draft, today=today))


def as_writer(session: Session, actor: Actor, draft: DraftRow) -> Actor:
    """The actor as the trail names them beside a draft they may change: who acts for its drafter with both names."""
    drafter = session.get_one(OfficialRow, draft.drafter).official_id
    return actor if actor.official_id == drafter else replace(actor, acting_for=drafter)


def _has_part(session: Session, own: frozenset[int], draft: DraftRow) -> bool:
    """Whether one of these officials wrote it, answers for it, decided it, or has or had a turn at it."""
    if own & {draft.drafter, draft.content_by, draft.form_by, draft.approved_by, draft.approved_for}:
        return True
    steps = select(StepRow.id).join(RoundRow, RoundRow.id == StepRow.round).where(RoundRow.draft == draft.id)
    return bool(session.scalar(select(exists().where(TaskRow.step.in_(steps), TaskRow.official.in_(own)))))


def readable(session: Session, actor: Actor, *, today: date) -> ColumnElement[bool]:
    """`can_read` as a condition on `DraftRow`, for lists: what they show is what opens."""
    own = selves(session, actor, today=today)
    turns = select(RoundRow.draft).join(StepRow, StepRow.round == RoundRow.id).join(TaskRow, TaskRow.step == StepRow.id)
    led = select(PostRow.unit).join(OfficialRow, OfficialRow.id == PostRow.official)
    below = led.where(*_leading(actor, today)).cte("led", recursive=True)
    below = below.union(select(UnitRow.id).where(UnitRow.parent_id == below.c.unit))
    columns = (DraftRow.drafter, DraftRow.content_by, DraftRow.form_by, DraftRow.approved_by, DraftRow.approved_for)
    return or_(
        *(column.in_(own) for column in columns),
        DraftRow.id.in_(turns.where(TaskRow.official.in_(own))),
        DraftRow.unit.in_(select(below.c.unit)),
    )


def selves(session: Session, actor: Actor, *, today: date, scope: str | None = None) -> frozenset[int]:
    """The official whom the account is tied to, and those for whom they act on that day (in that scope, or in any)."""
    if actor.official_id is None:
        return frozenset()
    principals = acting_for(session, actor.official_id, day=today, scope=scope)
    numbers = {actor.official_id, *(one.official_id for one in principals if scope is None or one.scope == scope)}
    return frozenset(session.scalars(select(OfficialRow.id).where(OfficialRow.official_id.in_(numbers))))


def _leads(session: Session, actor: Actor, unit: int, today: date) -> bool:
    """Whether the actor is a leader of the unit, or of one above it, on that day."""
    post = select(PostRow.official).join(OfficialRow, OfficialRow.id == PostRow.official)
    return (
        session.scalars(
            post.where(PostRow.unit.in_(units_above(session, unit)), *_leading(actor, today)).limit(1)
        ).first()
        is not None
    )


def _leading(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    """What holds of the posts as leader that the actor has on that day."""
    return (
        OfficialRow.official_id == actor.official_id,
        PostRow.rank == "leader",
        in_post(today),
    )
