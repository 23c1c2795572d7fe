"""Who could be put on the list of a class: people in reach who have its course to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import units_below
from core.permissions import Actor, Permission
from training.models import STILL_OPEN, AssignmentRow, AttendanceRow, ClassRow, SeatRow

MOST = 50


@dataclass(frozen=True, slots=True)
class CouldCome:
    """Somebody who has the course to do by that day, and is neither on the list nor was there."""

    official_id: str
    name: str
    due_on: date


def could_come(session: Session, actor: Actor, *, class_id: int) -> list[CouldCome]:
    """The first `MOST` of them, the most urgent first: in the actor's reach, and of the unit that the class is for.

    Who has a seat in a class of this course that is still to come, or was at one since the course was assigned, is left
    out. Three SQL queries at most.
    """
    row = session.get(ClassRow, class_id)
    if row is None:
        return []
    other = ClassRow.__table__.alias("other")
    of_course = (other.c.course_key == row.course_key) & other.c.cancelled_at.is_(None)
    listed = (
        exists()
        .where(SeatRow.official == OfficialRow.id, SeatRow.training_class == other.c.id, of_course)
        .where(
            (other.c.id == row.id) & (SeatRow.state != "left")
            | (SeatRow.state == "seated") & (other.c.starts_at > row.made_at)
        )
    )
    was = exists().where(
        AttendanceRow.official == OfficialRow.id, AttendanceRow.training_class == other.c.id, of_course,
        AttendanceRow.at >= AssignmentRow.assigned_at,
    )  # fmt: skip
    wanted = (
        select(OfficialRow.official_id, OfficialRow.name, AssignmentRow.due_on)
        .join(AssignmentRow, AssignmentRow.official == OfficialRow.id)
        .where(AssignmentRow.course_key == row.course_key, AssignmentRow.state.in_(STILL_OPEN))
        .where(OfficialRow.gone_at.is_(None), ~listed, ~was)
        .order_by(AssignmentRow.due_on, OfficialRow.name_order, OfficialRow.id)
        .limit(MOST)
    )
    reach = actor.reach(Permission.TRAINING_CLASS_CHANGE)
    units = reach.units
    if row.unit is not None:
        below = units_below(session, [row.unit])[row.unit]
        units = below if units is None else units & below
    if units is not None:
        posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(units))
        wanted = wanted.where(OfficialRow.id.in_(posts))
    return [CouldCome(*one) for one in session.execute(wanted)]
