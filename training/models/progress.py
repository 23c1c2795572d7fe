"""How far somebody is with an assigned course: lessons opened and read, attempts at quizzes, steps proved.

A step is proved once (`StepDoneRow`), whatever happens afterwards. An attempt keeps the seed its questions were drawn
by and the edition they were drawn from; nothing about right or wrong is kept before it is handed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of
from training.kinds import STEP_KINDS


class StepDoneRow(Base):
    """A step of an assigned course that is proved. `proof` holds numbers of rows, never text somebody wrote."""

    __tablename__ = "step_done"
    __table_args__ = (
        UniqueConstraint("assignment", "kind", "key", name="uq_step_done_assignment_kind_key"),
        Index("ix_step_done_done_at", "done_at", "id"),
        CheckConstraint(one_of("kind", STEP_KINDS), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str]
    key: Mapped[str]
    done_at: Mapped[datetime]
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str]
    """Who acted when it was proved, as the trail names them."""


class LessonOpenedRow(Base):
    """A lesson somebody opened, and when last: the course goes on where it was left."""

    __tablename__ = "lesson_opened"

    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class AttemptRow(Base):
    """An attempt at the quiz of an assigned course; `number` counts from 1.

    `answers` is what was saved so far (question key -> what was given); `changes` counts the saves, so that a page
    made before another save is told so. `marks` (question key -> 0 to 1) and `percent` are there once it is handed in.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("assignment", "quiz", "number", name="uq_quiz_attempt_assignment_quiz_number"),
        CheckConstraint("number >= 1", name="counted"),
        CheckConstraint(
            "(handed_in_at IS NULL) = (marks IS NULL) AND (handed_in_at IS NULL) = (percent IS NULL)"
            " AND (handed_in_at IS NULL) = (passed IS NULL)",
            name="handed_in_whole",
        ),
        CheckConstraint("percent IS NULL OR percent BETWEEN 0 AND 100", name="percent"),
        Index(
            "uq_quiz_attempt_open",
            "assignment",
            "quiz",
            unique=True,
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
        Index("ix_quiz_attempt_edition", "edition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    quiz: Mapped[str]
    number: Mapped[int]
    edition: Mapped[int] = mapped_column(ForeignKey("course_edition.id"))
    seed: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    marks: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    percent: Mapped[int | None]
    passed: Mapped[bool | None]
