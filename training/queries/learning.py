"""What a learner sees: the own courses with what is next, a lesson, an attempt, and with a result what was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.directory.queries import official_row
from core.permissions import Actor
from core.words import Text
from training import lessons, quizzes
from training.errors import AssignmentNotFoundError, CourseNotFoundError
from training.lessons import Course, Lesson
from training.lessons.model import QUIZ
from training.models import AssignmentRow, AttemptRow, CourseEditionRow, CourseRow, LessonOpenedRow, StepDoneRow
from training.queries.courses import course_of, edition_course
from training.quizzes import Asked, Question


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of an assigned course; `title` None where another part of training names it (exercises, classes)."""

    kind: str
    key: str
    title: Text | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """An assigned course of the learner. `next` None: nothing is left to do."""

    assignment_id: int
    course_key: str
    title: Text
    summary: Text
    minutes: int
    reason: Text
    state: str
    starts_on: date
    due_on: date
    done_at: datetime | None
    assigned_at: datetime
    steps: tuple[StepView, ...]
    next: StepView | None

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return sum(one.done_at is not None for one in self.steps)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson of an assigned course, between the one before and the one after; `course` as in the list."""

    course: OwnCourse
    lesson: Lesson
    pictures: dict[str, str]
    number: int
    count: int
    before: str | None
    after: StepView | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An open attempt: questions without a word of what is right, and what was answered so far."""

    attempt_id: int
    assignment_id: int
    title: Text
    number: int
    pass_mark: int
    changes: int
    asked: tuple[Asked, ...]
    answers: dict[str, tuple[str, ...]]
    handed_in: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A question of an attempt that was handed in, with the answer that was given and the right one."""

    asked: Asked
    question: Question
    given: tuple[str, ...]
    mark: Fraction


@dataclass(frozen=True, slots=True)
class ResultPage:
    """An attempt that was handed in."""

    attempt_id: int
    assignment_id: int
    title: Text
    number: int
    percent: int
    pass_mark: int
    passed: bool
    handed_in_at: datetime
    marked: tuple[Marked, ...]
    lessons: dict[str, Text]
    state: str


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt in a line; `percent` and `passed` None before it is handed in."""

    attempt_id: int
    number: int
    begun_at: datetime
    handed_in_at: datetime | None
    percent: int | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class QuizPage:
    """What a quiz asks for, and the attempts so far; `going_on`: one of them is open."""

    course: OwnCourse
    questions: int
    pass_mark: int
    attempts: tuple[AttemptLine, ...]
    passed: bool

    @property
    def going_on(self) -> bool:
        """Whether an attempt is open."""
        return any(one.handed_in_at is None for one in self.attempts)


SHOWN_STATES = ("waiting", "open", "done")


@dataclass(frozen=True, slots=True)
class DueCourse:
    """A course that is to be done now, in a line."""

    assignment_id: int
    title: Text
    minutes: int
    assigned_at: datetime
    due_on: date


def courses_due(session: Session, actor: Actor) -> list[DueCourse]:
    """What the actor is to learn now, by the day it is due. One SQL query."""
    wanted = (
        select(AssignmentRow.id, CourseRow.title_vi, CourseRow.title_en, CourseRow.minutes, AssignmentRow.assigned_at,
               AssignmentRow.due_on)
        .join(CourseRow, CourseRow.key == AssignmentRow.course_key)
        .join(OfficialRow, OfficialRow.id == AssignmentRow.official)
        .where(OfficialRow.official_id == actor.official_id, AssignmentRow.state == "open")
        .order_by(AssignmentRow.due_on, AssignmentRow.id)
    )  # fmt: skip
    return [
        DueCourse(row, Text(vi, en), minutes, assigned_at, due_on)
        for row, vi, en, minutes, assigned_at, due_on in session.execute(wanted)
    ]


def own_courses(session: Session, actor: Actor) -> list[OwnCourse]:
    """The actor's courses: what is open first, by the day it is due, then what waits, then what is done.

    Six SQL queries, however many courses.
    """
    own = official_row(session, actor.official_id) if actor.official_id is not None else None
    if own is None:
        return []
    wanted = select(AssignmentRow).where(AssignmentRow.official == own.id, AssignmentRow.state.in_(SHOWN_STATES))
    rows = list(session.scalars(wanted.order_by(AssignmentRow.due_on, AssignmentRow.id)))
    found = _with_steps(session, rows)
    return sorted(found, key=lambda one: ("open", "waiting", "done").index(one.state))


def own_course(session: Session, actor: Actor, assignment_id: int) -> OwnCourse:
    """One of them. Raises `AssignmentNotFoundError` for anybody else's, and for what was taken back."""
    return _with_steps(session, [_own_assignment(session, actor, assignment_id)])[0]


def lesson_page(session: Session, actor: Actor, assignment_id: int, key: str) -> LessonPage:
    """A lesson of the actor's course; of one that has not begun there is none yet.

    Raises `AssignmentNotFoundError`, `CourseNotFoundError`.
    """
    found = own_course(session, actor, assignment_id)
    course = course_of(session, found.course_key)[1]
    lesson = course.lesson(key)
    if lesson is None or found.state == "waiting":
        raise CourseNotFoundError(f"{found.course_key}/{key}")
    keys = [one.key for one in course.lessons]
    place = keys.index(key)
    at = [(one.kind, one.key) for one in found.steps].index(("lesson", key))
    return LessonPage(
        course=found,
        lesson=lesson,
        pictures=dict(course.pictures),
        number=place + 1,
        count=len(keys),
        before=keys[place - 1] if place else None,
        after=found.steps[at + 1] if at + 1 < len(found.steps) else None,
        done_at=found.steps[at].done_at,
    )


def attempt_page(session: Session, actor: Actor, attempt_id: int) -> AttemptPage:
    """An attempt of the actor's, as it may be shown before it is handed in. Raises `CourseNotFoundError`."""
    row, assignment = _own_attempt(session, actor, attempt_id)
    course = edition_course(session, row.edition)
    return AttemptPage(
        attempt_id=row.id,
        assignment_id=assignment.id,
        title=course.title,
        number=row.number,
        pass_mark=course.pass_mark,
        changes=row.changes,
        asked=_asked(course, row),
        answers={key: tuple(given) for key, given in row.answers.items()},
        handed_in=row.handed_in_at is not None,
    )


def result_page(session: Session, actor: Actor, attempt_id: int) -> ResultPage | None:
    """What came of an attempt of the actor's; None before it is handed in. Raises `CourseNotFoundError`."""
    row, assignment = _own_attempt(session, actor, attempt_id)
    if row.handed_in_at is None or row.percent is None:
        return None
    course = edition_course(session, row.edition)
    questions = {one.key: one for one in course.questions}
    marked = []
    for asked in _asked(course, row):
        question, given = questions[asked.question], tuple(row.answers.get(asked.question, ()))
        marked.append(Marked(asked, question, given, quizzes.mark(question, given)))
    return ResultPage(
        attempt_id=row.id,
        assignment_id=assignment.id,
        title=course.title,
        number=row.number,
        percent=row.percent,
        pass_mark=course.pass_mark,
        passed=bool(row.passed),
        handed_in_at=row.handed_in_at,
        marked=tuple(marked),
        lessons={one.key: one.title for one in course.lessons},
        state=assignment.state,
    )


def quiz_page(session: Session, actor: Actor, assignment_id: int) -> QuizPage:
    """The quiz of the actor's course. Raises `AssignmentNotFoundError`, `CourseNotFoundError` where there is none."""
    found = own_course(session, actor, assignment_id)
    course = course_of(session, found.course_key)[1]
    if not course.drawn_from:
        raise CourseNotFoundError(f"{found.course_key}/{QUIZ}")
    wanted = select(AttemptRow).where(AttemptRow.assignment == assignment_id).order_by(AttemptRow.number)
    lines = tuple(
        AttemptLine(one.id, one.number, one.begun_at, one.handed_in_at, one.percent, one.passed)
        for one in session.scalars(wanted)
    )
    passed = any(one.kind == "quiz" and one.done_at is not None for one in found.steps)
    return QuizPage(found, min(course.draw, len(course.drawn_from)), course.pass_mark, lines, passed)


def _asked(course: Course, row: AttemptRow) -> tuple[Asked, ...]:
    return quizzes.draw(course.questions, seed=row.seed, count=course.draw)


def _own_assignment(session: Session, actor: Actor, assignment_id: int) -> AssignmentRow:
    own = official_row(session, actor.official_id) if actor.official_id is not None else None
    found = session.get(AssignmentRow, assignment_id)
    if own is None or found is None or found.official != own.id or found.state not in SHOWN_STATES:
        raise AssignmentNotFoundError(assignment_id)
    return found


def _own_attempt(session: Session, actor: Actor, attempt_id: int) -> tuple[AttemptRow, AssignmentRow]:
    found = session.get(AttemptRow, attempt_id)
    if found is None:
        raise CourseNotFoundError(f"attempt:{attempt_id}")
    return found, _own_assignment(session, actor, found.assignment)


def _with_steps(session: Session, rows: list[AssignmentRow]) -> list[OwnCourse]:
    """These assignments with their courses' steps and how far each is."""
    ids = [one.id for one in rows]
    done = {
        (one.assignment, one.kind, one.key): one.done_at
        for one in session.scalars(select(StepDoneRow).where(StepDoneRow.assignment.in_(ids)))
    }
    opened: dict[int, tuple[datetime, str]] = {}
    for one in session.scalars(select(LessonOpenedRow).where(LessonOpenedRow.assignment.in_(ids))):
        opened[one.assignment] = max(opened.get(one.assignment, (one.last_at, one.lesson)), (one.last_at, one.lesson))
    keys = {one.course_key for one in rows}
    courses = {one.key: one for one in session.scalars(select(CourseRow).where(CourseRow.key.in_(keys)))}
    titles = lesson_titles(session, list(courses.values()))
    found = []
    for row in rows:
        course = courses.get(row.course_key)
        if course is not None:
            steps = tuple(
                StepView(
                    need["kind"], need["key"], titles.get((course.key, need["kind"], need["key"])),
                    done.get((row.id, need["kind"], need["key"])),
                )
                for need in course.needs
            )  # fmt: skip
            found.append(_own(row, course, steps, opened.get(row.id, (None, ""))[1]))
    return found


def _own(row: AssignmentRow, course: CourseRow, steps: tuple[StepView, ...], opened: str) -> OwnCourse:
    """An assigned course; next is the lesson that was left in the middle, else the first step that is not done."""
    left = [one for one in steps if one.done_at is None]
    middle = [one for one in left if one.kind == "lesson" and one.key == opened]
    return OwnCourse(
        assignment_id=row.id,
        course_key=row.course_key,
        title=Text(course.title_vi, course.title_en),
        summary=Text(course.summary_vi, course.summary_en),
        minutes=course.minutes,
        reason=Text(row.reason_vi, row.reason_en),
        state=row.state,
        starts_on=row.starts_on,
        due_on=row.due_on,
        done_at=row.done_at,
        assigned_at=row.assigned_at,
        steps=steps,
        next=next(iter(middle or left), None) if row.state == "open" else None,
    )


def lesson_titles(session: Session, courses: list[CourseRow]) -> dict[tuple[str, str, str], Text]:
    """(course key, "lesson" or "scorm", key) -> title, for the present editions of these courses."""
    present = [and_(CourseEditionRow.course == one.id, CourseEditionRow.number == one.version) for one in courses]
    if not present:
        return {}
    names = {one.id: one.key for one in courses}
    found = {}
    for edition in session.scalars(select(CourseEditionRow).where(or_(*present))):
        course = lessons.from_json(edition.content)
        for lesson in course.lessons:
            found[names[edition.course], "lesson", lesson.key] = lesson.title
        for part in course.parts:
            found[names[edition.course], "scorm", part.key] = part.title
    return found
