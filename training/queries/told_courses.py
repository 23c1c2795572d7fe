"""Courses as programs are told of them: what there is to learn, without lessons and without answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.permissions import Actor, Permission, require
from core.words import Text
from training.models import CourseRow


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A step to the course's completion: a lesson, a quiz, an exercise or a class, by its key."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class ToldCourse:
    """A course in its present edition; `valid_months` None: it is never to be renewed."""

    key: str
    version: int
    title: Text
    summary: Text
    audience: str
    minutes: int
    pass_mark: int
    valid_months: int | None
    steps: tuple[CourseStep, ...]
    digest: str
    retired_at: datetime | None


def told_courses(session: Session, actor: Actor) -> list[ToldCourse]:
    """Every course, by key. Raises `ForbiddenError`. One SQL query."""
    require(actor, Permission.TRAINING_BOARD_READ)
    return [
        ToldCourse(
            key=one.key,
            version=one.version,
            title=Text(one.title_vi, one.title_en),
            summary=Text(one.summary_vi, one.summary_en),
            audience=one.audience,
            minutes=one.minutes,
            pass_mark=one.pass_mark,
            valid_months=one.valid_months,
            steps=tuple(CourseStep(step["kind"], step["key"]) for step in one.needs),
            digest=one.digest,
            retired_at=one.retired_at,
        )
        for one in session.scalars(select(CourseRow).order_by(CourseRow.key))
    ]
