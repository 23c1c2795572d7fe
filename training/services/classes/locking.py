"""The class's row, locked: nobody else changes the class or its list until the transaction ends."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, UnitRow
from core.permissions import Actor
from training.errors import ClassInputError, ClassNotFoundError
from training.models import ClassRow, CourseRow
from training.permissions import can_change_class


def locked(session: Session, class_id: int) -> ClassRow:
    """The class, locked. Raises `ClassNotFoundError`."""
    wanted = select(ClassRow).where(ClassRow.id == class_id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise ClassNotFoundError(class_id)
    return found


def locked_to_change(session: Session, actor: Actor, class_id: int) -> ClassRow:
    """The same for whoever may change it; for anybody else there is no such class."""
    found = locked(session, class_id)
    if not can_change_class(actor, unit_key_of(session, found)):
        raise ClassNotFoundError(class_id)
    return found


def unit_key_of(session: Session, row: ClassRow) -> str | None:
    """The key of the unit that the class is for; None for one of the whole city."""
    return None if row.unit is None else session.get_one(UnitRow, row.unit).key


def course_of(session: Session, course_key: str) -> CourseRow:
    """The course of a class. Raises `ClassInputError`."""
    found = session.scalars(select(CourseRow).where(CourseRow.key == course_key)).first()
    if found is None:
        raise ClassInputError("Không có khóa học này.", "There is no such course.")
    return found


def own_row(session: Session, actor: Actor) -> OfficialRow | None:
    """The official whom the account is tied to; None where it is nobody's."""
    if actor.official_id is None:
        return None
    return session.scalars(select(OfficialRow).where(OfficialRow.official_id == actor.official_id)).first()
