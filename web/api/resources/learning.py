"""An official's own courses: which there are, their lessons, and the exercises on the real system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal

from core.permissions import Permission
from core.words import Text
from training.practice.kinds import Place as Where
from training.queries import courses as stored
from training.queries import learning as queries
from training.queries import practice as practised
from training.queries.learning import OwnCourse, StepView
from training.queries.practice import ExercisePage
from training.services import learning, practising
from web import work
from web.api import reach
from web.api.operations import Download, Section
from web.api.parameters import AskedPart, Body, Flag, Id, Name, Part, part_of
from web.guards import needs
from web.views.learning import moment
from web.views.practice import begin_exercise as begun

section = Section("learning", Text("Học của mình", "One's own learning"))
TAKE, TRY = Permission.TRAINING_COURSE_TAKE, Permission.TRAINING_PRACTICE_TRY
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class LessonPicture:
    """A picture by the name that the lesson's text calls it, and the digest that it is fetched by."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson in Markdown, the `number`th of `count`; `before` is the key of the one before, `after` the next step."""

    key: str
    title: Text
    source: Text
    pictures: tuple[LessonPicture, ...]
    number: int
    count: int
    before: str | None
    after: StepView | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldExercise:
    """An exercise: what to do, where a message goes to, how it stands and why not yet; `proofs` name the evidence.

    `state` is empty before it was begun. `draft_id` is the practice document. `missing` says what keeps it from being
    begun.
    """

    kind: str
    place: Where
    title: Text
    todo: tuple[Text, ...]
    proof: Text
    state: Literal["", "open", "passed", "failed"]
    why: Text | None
    address: str | None
    second: str | None
    draft_id: int | None
    number: int
    issued_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    looked_at: datetime | None
    logs_at: datetime | None
    can_begin: bool
    missing: Text | None
    proofs: tuple[str, ...]


class Beginning(Body):
    """Whether one that is open is given up for a new one, with another code."""

    again: Flag = False


@section.get("/own/courses", Text("Các khóa học của mình.", "The courses one is to do, and those that are done."))
@needs(TAKE)
def own_courses(asked: AskedPart) -> Part[OwnCourse]:
    """What is open first, by the day it is due."""
    return part_of(queries.own_courses(work.session(), reach.official()), asked)


@section.get("/own/courses/{assignment_id}", Text("Một khóa học của mình.", "One course: why, until when, its steps."))
@needs(TAKE)
def own_course(assignment_id: Id) -> OwnCourse:
    """404 for anybody else's."""
    return queries.own_course(work.session(), reach.official(), assignment_id)


@section.get("/own/courses/{assignment_id}/lessons/{lesson}", Text("Một bài học.", "The text of a lesson."))
@needs(TAKE)
def own_lesson(assignment_id: Id, lesson: Name) -> LessonText:
    """Fetching it says nothing about having read it."""
    page = queries.lesson_page(work.session(), reach.official(), assignment_id, lesson)
    pictures = tuple(LessonPicture(name, digest) for name, digest in sorted(page.pictures.items()))
    return LessonText(
        page.lesson.key, page.lesson.title, page.lesson.source, pictures, page.number, page.count, page.before,
        page.after, page.done_at,
    )  # fmt: skip


@section.post("/own/courses/{assignment_id}/lessons/{lesson}/open", Text("Mở một bài học.", "Have a lesson open."))
@needs(TAKE)
def open_lesson(assignment_id: Id, lesson: Name) -> OwnCourse:
    """So that the course goes on here, on any device."""
    learning.open_lesson(work.session(), reach.official(), assignment_id=assignment_id, lesson=lesson, moment=moment())
    return own_course(assignment_id)


@section.post("/own/courses/{assignment_id}/lessons/{lesson}/read", Text("Đã đọc xong.", "Have read a lesson."))
@needs(TAKE)
def finish_lesson(assignment_id: Id, lesson: Name) -> OwnCourse:
    """Twice is once."""
    learning.finish_lesson(
        work.session(), reach.official(), assignment_id=assignment_id, lesson=lesson, moment=moment()
    )
    return own_course(assignment_id)


@section.get("/lesson-pictures/{digest}", Text("Hình trong bài học.", "A picture of lessons."), media_types=PICTURES)
@needs(Permission.CORE_ACCOUNT_OWN, TAKE)
def lesson_picture(digest: Name) -> Download:
    """By the digest of its content: the same for ever."""
    media_type, content = stored.picture(work.session(), digest)
    return Download(BytesIO(content), media_type, f"{digest[:16]}.{media_type.partition('/')[2].partition('+')[0]}")


@section.get("/own/courses/{assignment_id}/practice/{kind}", Text("Một bài thực hành.", "An exercise of a course."))
@needs(TRY)
def own_exercise(assignment_id: Id, kind: Name) -> ToldExercise:
    """How it stands, and why not yet."""
    return _told(
        practised.exercise_page(
            work.session(), reach.official(), assignment_id=assignment_id, kind=kind, moment=moment()
        )
    )


@section.post("/own/courses/{assignment_id}/practice/{kind}", Text("Bắt đầu thực hành.", "Begin an exercise."))
@needs(TRY)
def begin_exercise(assignment_id: Id, kind: Name, wanted: Beginning) -> ToldExercise:
    """One that is open or passed stays as it is."""
    begun(assignment_id, kind, again=wanted.again)
    return own_exercise(assignment_id, kind)


@section.post("/own/courses/{assignment_id}/practice/{kind}/look", Text("Xem kết quả ngay.", "Have it judged now."))
@needs(TRY)
def look_at_exercise(assignment_id: Id, kind: Name) -> ToldExercise:
    """By what is collected so far; every few minutes it is done anyway."""
    practising.look(work.session(), reach.official(), assignment_id=assignment_id, kind=kind, moment=moment())
    return own_exercise(assignment_id, kind)


def _told(page: ExercisePage) -> ToldExercise:
    return ToldExercise(
        kind=page.kind.key,
        place=page.kind.place,
        title=page.kind.title,
        todo=page.kind.todo,
        proof=page.kind.proof,
        state=page.state,  # type: ignore[arg-type]  # the database's CHECK holds it to these
        why=page.why,
        address=page.address,
        second=page.second,
        draft_id=page.draft_id,
        number=page.number,
        issued_at=page.issued_at,
        expires_at=page.expires_at,
        ended_at=page.ended_at,
        looked_at=page.looked_at,
        logs_at=page.logs_at,
        can_begin=page.can_begin,
        missing=page.missing,
        proofs=page.proofs,
    )
