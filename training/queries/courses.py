"""Courses as they are kept: the present one, an edition, a picture, and the shelf that HR sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.words import Text
from training import lessons
from training.errors import CourseNotFoundError
from training.lessons import Course
from training.models import AssignmentRow, CourseEditionRow, CoursePictureRow, CourseRow


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A course on HR's shelf; `people` are assignments by state."""

    key: str
    version: int
    title: Text
    summary: Text
    audience: str
    minutes: int
    retired_at: datetime | None
    people: dict[str, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a course, told in a line."""

    number: int
    origin: str
    made_at: datetime
    made_by: str
    digest: str


def course_row(session: Session, key: str) -> CourseRow:
    """The row of a course. Raises `CourseNotFoundError`."""
    found = session.scalars(select(CourseRow).where(CourseRow.key == key)).first()
    if found is None:
        raise CourseNotFoundError(key[:64])
    return found


def edition_row(session: Session, row: CourseRow, number: int | None = None) -> CourseEditionRow:
    """An edition of a course, by default the present one. Raises `CourseNotFoundError`."""
    wanted = row.version if number is None else number
    found = session.scalars(
        select(CourseEditionRow).where(CourseEditionRow.course == row.id, CourseEditionRow.number == wanted)
    ).first()
    if found is None:
        raise CourseNotFoundError(f"{row.key}/{wanted}")
    return found


def course_of(session: Session, key: str) -> tuple[CourseRow, Course]:
    """A course's row and what its present edition holds, answers included: not for a page. Raises as `course_row`."""
    row = course_row(session, key)
    return row, lessons.from_json(edition_row(session, row).content)


def edition_course(session: Session, edition: int) -> Course:
    """What an edition (by row) holds, answers included: not for a page."""
    return lessons.from_json(session.get_one(CourseEditionRow, edition).content)


def shelf(session: Session) -> list[ShelfEntry]:
    """Every course, those that are taught first, by title. Two SQL queries."""
    counted: dict[str, dict[str, int]] = {}
    by_state = select(AssignmentRow.course_key, AssignmentRow.state, func.count())
    for key, state, number in session.execute(by_state.group_by(AssignmentRow.course_key, AssignmentRow.state)):
        counted.setdefault(key, {})[state] = number
    entries = [
        ShelfEntry(
            one.key, one.version, Text(one.title_vi, one.title_en), Text(one.summary_vi, one.summary_en), one.audience,
            one.minutes, one.retired_at, counted.get(one.key, {}),
        )
        for one in session.scalars(select(CourseRow).order_by(CourseRow.id))
    ]  # fmt: skip
    return sorted(entries, key=lambda one: one.retired_at is not None)


def editions(session: Session, row: CourseRow, *, offset: int = 0, limit: int | None = None) -> list[Edition]:
    """The editions of a course, newest first, without what is in them; there are `row.version` of them."""
    wanted = select(
        CourseEditionRow.number, CourseEditionRow.origin, CourseEditionRow.made_at, CourseEditionRow.made_by,
        CourseEditionRow.digest,
    ).where(CourseEditionRow.course == row.id)  # fmt: skip
    part = wanted.order_by(CourseEditionRow.number.desc()).offset(offset).limit(limit)
    return [Edition(*one) for one in session.execute(part)]


def picture(session: Session, digest: str) -> tuple[str, bytes]:
    """Media type and bytes of a picture. Raises `CourseNotFoundError`."""
    found = session.get(CoursePictureRow, digest)
    if found is None:
        raise CourseNotFoundError(f"picture:{digest[:64]}")
    return found.media_type, found.content


def pictures_of(session: Session, course: Course) -> dict[str, bytes]:
    """Digest -> bytes of the pictures of a course."""
    wanted = select(CoursePictureRow).where(CoursePictureRow.digest.in_(set(course.pictures.values())))
    return {one.digest: one.content for one in session.scalars(wanted)}
