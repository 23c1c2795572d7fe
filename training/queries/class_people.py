"""Beside the list of a class: who could be put on it, and who was entered as present by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import units_below
from core.permissions import Actor, Permission
from training.models import STILL_OPEN, AssignmentRow, AttendanceRow, AttendanceTakenBackRow, ClassRow, SeatRow

MOST = 50


@dataclass(frozen=True, slots=True)
class CouldCome:
    """Somebody who has the course to do by that day, and is neither on the list nor was there."""

    official_id: str
    name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class TakenBackLine:
    """Somebody who was entered as present and was not: who entered them, who took it back, and why."""

    official_id: str
    name: str
    entered_by: str
    by: str
    at: datetime
    why: str
    revoked: bool
    """Whether a certificate was revoked with it."""


def taken_back_of_class(session: Session, *, class_id: int) -> list[TakenBackLine]:
    """The entries of everybody in a class that were taken back, the latest first.

    Whoever asks has been shown the class with its people. One SQL query.
    """
    return _taken_back(session, AttendanceTakenBackRow.training_class == class_id)


def own_taken_back(session: Session, actor: Actor, *, class_id: int) -> list[TakenBackLine]:
    """The actor's own entries in a class that were taken back; none for an account that is no official's."""
    if actor.official_id is None:
        return []
    own = OfficialRow.official_id == actor.official_id
    return _taken_back(session, (AttendanceTakenBackRow.training_class == class_id) & own)


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


def _taken_back(session: Session, which: ColumnElement[bool]) -> list[TakenBackLine]:
    wanted = (
        select(AttendanceTakenBackRow, OfficialRow)
        .join(OfficialRow, OfficialRow.id == AttendanceTakenBackRow.official)
        .where(which)
        .order_by(AttendanceTakenBackRow.id.desc())
    )
    return [
        TakenBackLine(
            one.official_id, one.name, row.entered_by, row.taken_back_by, row.taken_back_at, row.why,
            row.certificate is not None,
        )
        for row, one in session.execute(wanted)
    ]  # fmt: skip
