"""Courses for whoever makes them: one with its questions and editions; whole ones taken in and away; given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from training import lessons
from training.queries import courses as queries
from training.queries.courses import Edition
from training.quizzes import Kind
from training.services import courses as services
from web import auth, work
from web.api.operations import Download, Section
from web.api.parameters import PLAINLY, Body, Id, Name, Sent
from web.guards import needs
from web.intake import takes_files
from web.views.learning import moment

section = Section("courses", Text("Soạn khóa học", "Making courses"))
CHANGE = Permission.TRAINING_COURSE_CHANGE
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class LessonTitle:
    """A lesson by its key."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class BankedQuestion:
    """A question of the bank, without its answer."""

    key: str
    kind: Kind
    lesson: str
    ask: Text


@dataclass(frozen=True, slots=True)
class CourseDetail:
    """A course in its present edition, `version`; an attempt draws `draw` of the questions."""

    key: str
    version: int
    title: Text
    summary: Text
    pass_mark: int
    draw: int
    lessons: tuple[LessonTitle, ...]
    questions: tuple[BankedQuestion, ...]
    editions: tuple[Edition, ...]
    retired_at: datetime | None


class SeenVersion(Body):
    """The `version` of the course that it was decided on."""

    seen_version: Annotated[int, Field(ge=1, le=2_147_483_647), PLAINLY]


@section.get("/courses/{key}", Text("Một khóa học.", "A course: its lessons, questions, editions."))
@needs(CHANGE)
def course(key: Name) -> CourseDetail:
    """As it is taught now."""
    row, held = queries.course_of(work.session(), key)
    return CourseDetail(
        key=row.key,
        version=row.version,
        title=held.title,
        summary=held.summary,
        pass_mark=held.pass_mark,
        draw=held.draw,
        lessons=tuple(LessonTitle(one.key, one.title) for one in held.lessons),
        questions=tuple(BankedQuestion(one.key, one.kind, one.lesson, one.ask) for one in held.questions),
        editions=tuple(queries.editions(work.session(), row)),
        retired_at=row.retired_at,
    )


@section.get("/courses/{key}/package", Text("Tải khóa học.", "The whole course as a zip."), media_types=(ZIP,))
@needs(CHANGE)
def course_package(key: Name) -> Download:
    """To be changed and taken in again; it holds the answers."""
    row, held = queries.course_of(work.session(), key)
    content = lessons.as_zip(lessons.files_of(held, queries.pictures_of(work.session(), held)))
    return Download(BytesIO(content), ZIP, f"{row.key}-{row.version}.zip")


@section.post("/courses/package", Text("Nhận một khóa học.", "Take in a course as a zip."), status=201)
@needs(CHANGE)
@takes_files
def take_package(package: Sent) -> CourseDetail:
    """A new course, or the next edition of the one with that key."""
    key = services.take_package(
        work.session(), auth.required(), content=package.read(lessons.LARGEST + 1), moment=moment()
    )  # fmt: skip
    return course(key)


@section.post("/courses/{key}/retire", Text("Thôi giao một khóa học.", "Assign a course to nobody any more."))
@needs(CHANGE)
def retire_course(key: Name) -> CourseDetail:
    """Who has it goes on."""
    services.retire(work.session(), auth.required(), course_key=key, moment=moment())
    return course(key)


@section.post("/courses/{key}/bring-back", Text("Giao lại khóa học.", "Let a course be assigned again."))
@needs(CHANGE)
def bring_back_course(key: Name) -> CourseDetail:
    """As it was."""
    services.bring_back(work.session(), auth.required(), course_key=key)
    return course(key)


@section.post("/courses/{key}/editions/{edition}", Text("Dạy lại một bản cũ.", "Teach an earlier edition again."))
@needs(CHANGE)
def bring_back_edition(key: Name, edition: Id, wanted: SeenVersion) -> CourseDetail:
    """As a new edition; 409 where the course was changed meanwhile."""
    services.bring_back_edition(
        work.session(), auth.required(), course_key=key, number=edition, seen_version=wanted.seen_version,
        moment=moment(),
    )  # fmt: skip
    return course(key)
