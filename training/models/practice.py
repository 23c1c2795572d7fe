"""Exercises on the real system: what somebody was asked to do, and what the logs or the trail showed of it.

An exercise is begun for a step of an assigned course and known by its `code`, which nobody can guess: it stands in the
addresses a message must go to. What proved an exercise is kept by its id (`ExerciseProofRow`) and proves nothing else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

EXERCISE_STATES = ("open", "passed", "failed")
"""Not done yet; shown to be done; its time ran out."""


class ExerciseRow(Base):
    """One try at one kind of exercise; `number` counts the tries of an assignment from 1.

    `official` is the learner. `why` is the key of the last verdict's reason (`training.practice.words`), said in both
    languages beside it; `looked_at` is when it was last held against what had arrived, and `evidence_until` the newest
    moment that was known then.
    """

    __tablename__ = "exercise"
    __table_args__ = (
        UniqueConstraint("assignment", "kind", "number", name="uq_exercise_assignment_kind_number"),
        CheckConstraint(one_of("state", EXERCISE_STATES), name="state"),
        CheckConstraint("number >= 1", name="counted"),
        CheckConstraint("issued_at < expires_at", name="in_order"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("(why_vi IS NULL) = (why_en IS NULL) AND (why IS NULL) = (why_vi IS NULL)", name="why_whole"),
        CheckConstraint("state = 'open' OR why IS NOT NULL", name="ended_why"),
        CheckConstraint("code = lower(code) AND (second_code IS NULL OR second_code = lower(second_code))",
                        name="lower_case"),
        Index(
            "uq_exercise_open",
            "assignment",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_exercise_state", "state", "expires_at"),
        Index("ix_exercise_official", "official"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    kind: Mapped[str]
    """A key of `training.practice.kinds`; the key of the step it proves."""
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    second_code: Mapped[str | None] = mapped_column(unique=True)
    """Of the address for the copy, where the exercise asks for one."""
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    ended_at: Mapped[datetime | None]
    why: Mapped[str | None]
    why_vi: Mapped[str | None]
    why_en: Mapped[str | None]
    evidence: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Ids of the rows or lines that proved it; empty until then."""
    looked_at: Mapped[datetime | None]
    evidence_until: Mapped[datetime | None]
    mail: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mail.id"))
    """The message that was sent for it."""
    draft: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    """The practice document that was laid before the learner, or that the learner began."""


class ExerciseProofRow(Base):
    """A piece of evidence that proved an exercise; the database refuses it for a second one."""

    __tablename__ = "exercise_proof"

    evidence: Mapped[str] = mapped_column(primary_key=True)
    exercise: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
