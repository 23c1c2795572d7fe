"""The bank of questions of a course, changed in the browser: each change is a new edition of the course.

An attempt keeps the edition it was drawn from, so that nothing here alters what somebody was asked or what they got for
it. Of two who change the same question the second one is told; two who change different ones hinder nobody. What is
kept has passed the checks of a package (`training.lessons`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from core.permissions import Actor, Permission, require
from core.words import Text
from training import lessons
from training.errors import CourseNotFoundError, QuestionError
from training.lessons import Course, Step
from training.lessons.model import MOST_ATTEMPTS_A_DAY, QUIZ
from training.lessons.questionfile import MOST
from training.lessons.questionrow import new_key
from training.models import CourseRow
from training.moments import Moment
from training.queries.courses import pictures_of
from training.quizzes import Question
from training.services.courses import EDITOR, changeable, keep

Given = Mapping[str, Any]
"""A question as `questions.toml` has it, but for its key (`training.lessons.questionrow`)."""


def add_question(
    session: Session, actor: Actor, *, course_key: str, given: Given, seen_version: int, moment: Moment
) -> tuple[str, int]:
    """Put a question at the end of the bank; its key, and the number of the edition that has it.

    The first question of a course makes its quiz, after the last lesson. What somebody else changed in between hinders
    nothing. Raises `ForbiddenError`, `CourseNotFoundError`, and `QuestionError` naming the fields that are wrong.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, course = changeable(session, course_key, seen_version, _nothing)
    if len(course.questions) >= MOST:
        said = Text(f"Một khóa học có nhiều nhất {MOST} câu hỏi", f"A course has {MOST} questions at most")
        raise QuestionError((("ask", said),))
    asked = given.get("ask")
    key = new_key(str(asked.get("en", "")) if isinstance(asked, Mapping) else "", {one.key for one in course.questions})
    question = checked_question(course, key, given)
    steps = course.steps
    if Step(QUIZ, QUIZ) not in steps:
        steps = (*steps[: course.last_lesson], Step(QUIZ, QUIZ), *steps[course.last_lesson :])
    changed = replace(course, questions=(*course.questions, question), steps=steps)
    return key, _kept(session, actor, row, changed, moment, added=key)


def change_question(
    session: Session, actor: Actor, *, course_key: str, key: str, given: Given, seen_version: int, moment: Moment
) -> int:
    """Write a question anew; the number of the edition (the present one where nothing changed).

    Raises as `add_question`, and `MovedOnError` where the question is not as it was in the edition `seen_version`.
    """
    row, course, _ = _changeable(session, actor, course_key, key, seen_version)
    question = checked_question(course, key, given)
    return _kept(session, actor, row, _with(course, question), moment, changed=key)


def retire_question(
    session: Session, actor: Actor, *, course_key: str, key: str, seen_version: int, moment: Moment
) -> int:
    """Draw a question no more; it stays, with what is known of it. The number of the edition.

    Raises as `change_question`, and `QuestionError` where fewer would be left than an attempt asks.
    """
    row, course, question = _changeable(session, actor, course_key, key, seen_version)
    if not question.retired and len(course.drawn_from) <= course.draw:
        said = Text(
            f"Mỗi lần làm bài rút {course.draw} câu, nên phải còn ít nhất {course.draw} câu đang dùng. Hãy thêm câu"
            " khác hoặc giảm số câu rút trước",
            f"An attempt asks {course.draw} questions, so that as many must be left. Add another one, or have fewer"
            " drawn, first",
        )
        raise QuestionError((("retired", said),))
    return _kept(session, actor, row, _with(course, replace(question, retired=True)), moment, retired=key)


def bring_back_question(
    session: Session, actor: Actor, *, course_key: str, key: str, seen_version: int, moment: Moment
) -> int:
    """Draw a question again that was retired. Raises as `change_question`."""
    row, course, question = _changeable(session, actor, course_key, key, seen_version)
    return _kept(session, actor, row, _with(course, replace(question, retired=False)), moment, brought_back=key)


def order_questions(
    session: Session, actor: Actor, *, course_key: str, keys: Sequence[str], seen_version: int, moment: Moment
) -> int:
    """Have the bank in this order; the number of the edition. To learners the order is drawn, whatever it is here.

    Raises `ForbiddenError`, `CourseNotFoundError` for keys that are not those of the bank, and `MovedOnError` where the
    bank holds others, or in another order, than in the edition `seen_version`.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, course = changeable(session, course_key, seen_version, _keys)
    if sorted(keys) != sorted(_keys(course)):
        raise CourseNotFoundError(f"{course_key}/questions")
    known = {one.key: one for one in course.questions}
    ordered = replace(course, questions=tuple(known[key] for key in keys))
    return _kept(session, actor, row, ordered, moment, ordered=len(keys))


def change_quiz(
    session: Session, actor: Actor, *, course_key: str, draw: int, attempts: int, pass_mark: int, seen_version: int,
    moment: Moment,
) -> int:  # fmt: skip
    """Change how many questions an attempt asks, how many attempts a day there are, and the mark to pass (per cent).

    An attempt that was begun is marked as it was drawn; who passed has passed. The number of the edition. Raises
    `ForbiddenError`, `CourseNotFoundError`, `QuestionError`, and `MovedOnError` where these are not as in
    `seen_version`.
    """
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, course = changeable(session, course_key, seen_version, _rules)
    most = len(course.drawn_from)
    bounds = {"draw": (draw, most), "attempts": (attempts, MOST_ATTEMPTS_A_DAY), "pass_mark": (pass_mark, 100)}
    faults = tuple(
        (name, Text(f"Hãy nhập số từ 1 đến {bound}", f"Enter a number from 1 to {bound}"))
        for name, (value, bound) in bounds.items()
        if not 1 <= value <= bound
    )
    if faults:
        raise QuestionError(faults)
    changed = replace(course, draw=draw, attempts=attempts, pass_mark=pass_mark)
    return _kept(session, actor, row, changed, moment, draw=draw, attempts=attempts, pass_mark=pass_mark)


def checked_question(course: Course, key: str, given: Given) -> Question:
    """What was written as a question of `course`, retired if it is now. Raises `QuestionError`."""
    present = course.question(key)
    marked = {"retired": True} if present is not None and present.retired else {}
    row = {**given, **marked, "key": key}
    question, faults = lessons.read_question(row, {one.key for one in course.lessons})
    if question is None:
        raise QuestionError(tuple((one.field, one.in_form) for one in faults))
    return question


def _changeable(
    session: Session, actor: Actor, course_key: str, key: str, seen_version: int
) -> tuple[CourseRow, Course, Question]:
    require(actor, Permission.TRAINING_COURSE_CHANGE)
    row, course = changeable(session, course_key, seen_version, lambda one: one.question(key))
    question = course.question(key)
    if question is None:
        raise CourseNotFoundError(f"{course_key}/{key[:64]}")
    return row, course, question


def _with(course: Course, question: Question) -> Course:
    return replace(course, questions=tuple(question if one.key == question.key else one for one in course.questions))


def _kept(session: Session, actor: Actor, row: CourseRow, course: Course, moment: Moment, **facts: str | int) -> int:
    """Keep the course as its next edition, once it has passed for a package's; the number of the present one."""
    lessons.check_course(course, pictures_of(session, course))
    keep(session, actor, course, (), EDITOR, moment, **facts)
    return row.version


def _keys(course: Course) -> tuple[str, ...]:
    return tuple(one.key for one in course.questions)


def _rules(course: Course) -> tuple[int, int, int]:
    return course.draw, course.attempts, course.pass_mark


def _nothing(course: Course) -> None:
    """A question that is added is in nobody's way."""
