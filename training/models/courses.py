"""Courses: what there is to learn now, every edition there ever was, and the pictures in them.

A course is one row that tells its present edition; editions are never changed, so that an attempt at a quiz can always
be shown with the very questions it was made of. `content` of an edition is what `training.lessons.as_json` writes:
lessons as Markdown in both languages, and the bank of questions with their answers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of
from training.kinds import AUDIENCES

ORIGINS = ("shipped", "package", "editor")
"""Came with the program; was uploaded as a package; was written in the browser."""


class CourseRow(Base):
    """A course as it is taught now: what its edition `version` says of it.

    `needs` lists the steps to its completion in order, each `{"kind": "lesson"|"quiz"|"exercise"|"class", "key": ...}`.
    `pass_mark` is in percent; `valid_months` None: a certificate of it does not expire. `digest` is the edition's.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("version >= 1", name="counted"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark"),
        CheckConstraint("minutes >= 1", name="minutes"),
        CheckConstraint("valid_months IS NULL OR valid_months >= 1", name="valid_months"),
        CheckConstraint(one_of("audience", AUDIENCES), name="audience"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    summary_vi: Mapped[str]
    summary_en: Mapped[str]
    audience: Mapped[str]
    minutes: Mapped[int]
    valid_months: Mapped[int | None]
    pass_mark: Mapped[int]
    needs: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    digest: Mapped[str]
    retired_at: Mapped[datetime | None]


class CourseEditionRow(Base):
    """One edition of a course, for ever as it was made; `number` counts from 1 in each course."""

    __tablename__ = "course_edition"
    __table_args__ = (
        UniqueConstraint("course", "number", name="uq_course_edition_course_number"),
        CheckConstraint("number >= 1", name="counted"),
        CheckConstraint(one_of("origin", ORIGINS), name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    origin: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class CoursePictureRow(Base):
    """A picture of lessons, under the SHA-256 of its bytes; editions name it by that."""

    __tablename__ = "course_picture"

    digest: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
