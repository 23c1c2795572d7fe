"""Lessons: opened, left, taken up again, read to the end. Only the learner's own, only while the course is open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core import audit
from core.directory.queries import official_row
from core.permissions import Actor, Permission, require
from training.actions import TrainingAction
from training.errors import AssignmentNotFoundError, CourseNotFoundError, NotOpenError
from training.models import AssignmentRow, LessonOpenedRow
from training.moments import Moment
from training.queries.courses import course_of
from training.services.completing import locked, step_done


def open_lesson(session: Session, actor: Actor, *, assignment_id: int, lesson: str, moment: Moment) -> None:
    """Note that the learner has the lesson before them: the course goes on here. Of a course that is not open (any
    more) nothing is noted. Raises `ForbiddenError`, `AssignmentNotFoundError`, `CourseNotFoundError`.
    """
    assignment = own_locked(session, actor, assignment_id)
    if course_of(session, assignment.course_key)[1].lesson(lesson) is None:
        raise CourseNotFoundError(f"{assignment.course_key}/{lesson}")
    if assignment.state != "open":
        return
    row = session.get(LessonOpenedRow, (assignment_id, lesson))
    if row is not None:
        row.last_at = moment.now
        session.flush()
        return
    session.add(LessonOpenedRow(assignment=assignment_id, lesson=lesson, first_at=moment.now, last_at=moment.now))
    session.flush()
    facts = {"course": assignment.course_key, "lesson": lesson}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.LESSON_OPENED, subject=f"assignment:{assignment_id}",
        facts=facts,
    )  # fmt: skip


def finish_lesson(session: Session, actor: Actor, *, assignment_id: int, lesson: str, moment: Moment) -> bool:
    """The learner says that they have read the lesson; True where that is new.

    Raises as `open_lesson`, and `NotOpenError` for a course that has not begun or was taken back; of one that is done
    already the answer is False.
    """
    assignment = own_locked(session, actor, assignment_id)
    row, course = course_of(session, assignment.course_key)
    if course.lesson(lesson) is None:
        raise CourseNotFoundError(f"{assignment.course_key}/{lesson}")
    if assignment.state not in {"open", "done"}:
        raise NotOpenError
    return step_done(
        session, actor, assignment_id=assignment_id, kind="lesson", key=lesson, proof={"version": row.version},
        moment=moment,
    )  # fmt: skip


def own_locked(session: Session, actor: Actor, assignment_id: int) -> AssignmentRow:
    """The actor's own assignment, locked until the transaction ends. Raises `ForbiddenError` and, for anybody else's,
    `AssignmentNotFoundError`.
    """
    require(actor, Permission.TRAINING_COURSE_TAKE)
    own = official_row(session, actor.official_id) if actor.official_id is not None else None
    assignment = locked(session, assignment_id)
    if own is None or assignment.official != own.id:
        raise AssignmentNotFoundError(assignment_id)
    return assignment
