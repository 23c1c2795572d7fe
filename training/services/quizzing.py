"""Attempts at a quiz: begun, saved, handed in. One attempt is open at a time, and it is handed in once.

The assignment's row is locked first, always. What is right stands in the edition the attempt was drawn from and is
compared here, after the attempt is closed; no page is given it before (`training.queries.quizzes`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import day_in
from core.db import settings_of
from core.permissions import Actor
from training import quizzes
from training.actions import TrainingAction
from training.errors import AttemptsUsedError, CourseNotFoundError, NotOpenError, StaleAttemptError
from training.lessons.model import QUIZ
from training.models import AssignmentRow, AttemptRow, StepDoneRow
from training.moments import Moment
from training.queries.courses import course_of, edition_course, edition_row
from training.services.completing import step_done
from training.services.learning import own_locked


def begin(session: Session, actor: Actor, *, assignment_id: int, moment: Moment) -> int:
    """The id of the learner's open attempt; a new one is drawn where none is open.

    Raises `AssignmentNotFoundError`, `CourseNotFoundError` for a course without a quiz, `NotOpenError` where the course
    is not open or its quiz is passed, and `AttemptsUsedError`.
    """
    assignment = own_locked(session, actor, assignment_id)
    row, course = course_of(session, assignment.course_key)
    if not course.drawn_from:
        raise CourseNotFoundError(f"{course.key}/{QUIZ}")
    if assignment.state != "open" or _passed(session, assignment_id):
        raise NotOpenError
    last = _last(session, assignment_id)
    if last is not None and last.handed_in_at is None:
        return last.id
    if _begun_today(session, assignment_id, moment) >= course.attempts:
        raise AttemptsUsedError(course.attempts)
    attempt = AttemptRow(
        assignment=assignment_id, quiz=QUIZ, number=1 if last is None else last.number + 1,
        edition=edition_row(session, row).id, seed=secrets.token_hex(16), answers={}, begun_at=moment.now,
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    _record(session, actor, TrainingAction.ATTEMPT_BEGUN, assignment, attempt)
    return attempt.id


def save(
    session: Session, actor: Actor, *, attempt_id: int, sent: Mapping[int, Mapping[str, Sequence[str]]],
    seen_changes: int, moment: Moment,
) -> int:  # fmt: skip
    """Keep what a page sent so far: number of the question -> its fields (`quizzes.read_answer`); gives the number of
    changes the next page has seen.

    Raises `CourseNotFoundError` for an attempt that is not the actor's, `NotOpenError` for one that is handed in or
    whose course is over, `StaleAttemptError` where another page saved meanwhile.
    """
    del moment
    assignment, attempt = _own_attempt(session, actor, attempt_id)
    if attempt.handed_in_at is not None or assignment.state != "open":
        raise NotOpenError
    if _take(session, attempt, sent, seen_changes):
        _record(session, actor, TrainingAction.ATTEMPT_SAVED, assignment, attempt)
    return attempt.changes


def hand_in(
    session: Session, actor: Actor, *, attempt_id: int, sent: Mapping[int, Mapping[str, Sequence[str]]],
    seen_changes: int, moment: Moment,
) -> bool:  # fmt: skip
    """Mark the attempt with what the page sent; gives whether it is passed. Handed in twice: the first one counts.

    A passed quiz proves its step. Raises as `save`, but nothing for an attempt that is handed in.
    """
    assignment, attempt = _own_attempt(session, actor, attempt_id)
    if attempt.handed_in_at is not None:
        return bool(attempt.passed)
    if assignment.state != "open":
        raise NotOpenError
    _take(session, attempt, sent, seen_changes)
    course = edition_course(session, attempt.edition)
    questions = {one.key: one for one in course.questions}
    asked = quizzes.draw(course.questions, seed=attempt.seed, count=course.draw)
    marks = {
        one.question: quizzes.mark(questions[one.question], attempt.answers.get(one.question, ())) for one in asked
    }
    attempt.percent = quizzes.percent_of(marks.values())
    attempt.passed = attempt.percent >= course.pass_mark
    attempt.marks = {key: round(float(share), 4) for key, share in marks.items()}
    attempt.handed_in_at = moment.now
    session.flush()
    _record(
        session, actor, TrainingAction.ATTEMPT_HANDED_IN, assignment, attempt, percent=attempt.percent,
        passed=attempt.passed,
    )  # fmt: skip
    if attempt.passed:
        step_done(
            session, actor, assignment_id=assignment.id, kind="quiz", key=attempt.quiz, proof={"attempt": attempt.id},
            moment=moment,
        )  # fmt: skip
    return attempt.passed


def _take(
    session: Session, attempt: AttemptRow, sent: Mapping[int, Mapping[str, Sequence[str]]], seen_changes: int
) -> bool:
    """Put what was sent into the attempt; False where that changes nothing."""
    course = edition_course(session, attempt.edition)
    given: dict[str, Any] = {}
    for asked in quizzes.draw(course.questions, seed=attempt.seed, count=course.draw):
        answer = quizzes.read_answer(asked, sent.get(asked.number, {}))
        if answer:
            given[asked.question] = list(answer)
    if given == attempt.answers:
        return False
    if seen_changes != attempt.changes:
        raise StaleAttemptError
    attempt.answers, attempt.changes = given, attempt.changes + 1
    session.flush()
    return True


def _own_attempt(session: Session, actor: Actor, attempt_id: int) -> tuple[AssignmentRow, AttemptRow]:
    found = session.get(AttemptRow, attempt_id)
    if found is None:
        raise CourseNotFoundError(f"attempt:{attempt_id}")
    assignment = own_locked(session, actor, found.assignment)
    session.refresh(found, with_for_update=True)
    return assignment, found


def _last(session: Session, assignment_id: int) -> AttemptRow | None:
    wanted = select(AttemptRow).where(AttemptRow.assignment == assignment_id, AttemptRow.quiz == QUIZ)
    return session.scalars(wanted.order_by(AttemptRow.number.desc()).limit(1)).first()


def _passed(session: Session, assignment_id: int) -> bool:
    wanted = select(StepDoneRow.id).where(
        StepDoneRow.assignment == assignment_id, StepDoneRow.kind == "quiz", StepDoneRow.key == QUIZ
    )
    return session.scalars(wanted).first() is not None


def _begun_today(session: Session, assignment_id: int, moment: Moment) -> int:
    """Attempts begun on the office's day; those of a day and a half are looked at, wherever the office is."""
    since = moment.now - timedelta(hours=36)
    wanted = select(AttemptRow.begun_at).where(
        AttemptRow.assignment == assignment_id, AttemptRow.quiz == QUIZ, AttemptRow.begun_at > since
    )
    zone = settings_of(session).timezone
    return sum(day_in(zone, one) == moment.today for one in session.scalars(wanted))


def _record(
    session: Session, actor: Actor, action: TrainingAction, assignment: AssignmentRow, attempt: AttemptRow,
    **facts: Any,
) -> None:  # fmt: skip
    told = {"course": assignment.course_key, "attempt": attempt.number, **facts}
    audit.record(session, actor=actor.in_trail, action=action, subject=f"assignment:{assignment.id}", facts=told)
