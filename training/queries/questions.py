"""The bank of questions for HR: each with how good it is as it is worded now, and as it was worded before.

Everybody's first attempt counts, once it is handed in. An attempt belongs to the wording that it asked, which stands in
the edition it was drawn from: what is changed afterwards begins with nothing known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training import lessons, quizzes
from training.errors import CourseNotFoundError
from training.lessons import Course
from training.models import AttemptRow, CourseEditionRow, CourseRow
from training.queries.courses import course_of
from training.quizzes import ItemFigures, Question


@dataclass(frozen=True, slots=True)
class BankedQuestion:
    """A question of the bank; `figures` of its present wording, None where nobody was asked it."""

    question: Question
    figures: ItemFigures | None
    reworded: bool
    """Whether it was asked in other words before."""


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of a course, answers included: for HR only."""

    course: Course
    version: int
    questions: tuple[BankedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it was asked in some `editions`, with what came of it; `now`: it is worded so now."""

    question: Question
    editions: tuple[int, ...]
    figures: ItemFigures | None
    now: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed a course, and when."""

    who: str
    at: datetime


def bank(session: Session, key: str) -> Bank:
    """The bank of a course. Raises `CourseNotFoundError`. Four SQL queries, and one text for each edition asked."""
    row, course = course_of(session, key)
    asked = _Asked(session, row)
    return Bank(
        course,
        row.version,
        tuple(BankedQuestion(one, asked.figures(one), asked.otherwise(one)) for one in course.questions),
    )


def wordings(session: Session, key: str, question: str) -> list[Wording]:
    """How a question was worded when it was asked, the present wording first, then the latest. Raises as `bank`."""
    row, course = course_of(session, key)
    present = course.question(question)
    if present is None:
        raise CourseNotFoundError(f"{key[:64]}/{question[:64]}")
    asked = _Asked(session, row)
    editions: dict[tuple[object, ...], list[int]] = {present.wording: []}
    texts: dict[tuple[object, ...], Question] = {present.wording: present}
    for number, questions in sorted(asked.editions.items(), reverse=True):
        if question in questions:
            worded = questions[question]
            texts.setdefault(worded.wording, worded)
            editions.setdefault(worded.wording, []).append(number)
    return [
        Wording(texts[one], tuple(sorted(numbers)), asked.figures(texts[one]), now=one == present.wording)
        for one, numbers in editions.items()
    ]


def last_change(session: Session, key: str) -> Change:
    """Who made the present edition of a course. Raises `CourseNotFoundError`."""
    row, _course = course_of(session, key)
    wanted = select(CourseEditionRow.made_by, CourseEditionRow.made_at).where(
        CourseEditionRow.course == row.id, CourseEditionRow.number == row.version
    )
    return Change(*session.execute(wanted).one())


class _Asked:
    """What the first attempts at a course's quiz asked, wording by wording."""

    def __init__(self, session: Session, row: CourseRow) -> None:
        wanted = (
            select(CourseEditionRow.number, AttemptRow.marks)
            .join(CourseEditionRow, CourseEditionRow.id == AttemptRow.edition)
            .where(CourseEditionRow.course == row.id, AttemptRow.number == 1, AttemptRow.handed_in_at.is_not(None))
        )
        attempts = [(number, marks or {}) for number, marks in session.execute(wanted)]
        used = select(CourseEditionRow.number, CourseEditionRow.content).where(
            CourseEditionRow.course == row.id, CourseEditionRow.number.in_({number for number, _ in attempts})
        )
        self.editions: dict[int, Mapping[str, Question]] = {
            number: {one.key: one for one in lessons.from_json(content).questions}
            for number, content in session.execute(used)
        }
        """Number of an edition that was asked -> its questions."""
        self._names: dict[str, list[tuple[object, ...]]] = {}
        items = [
            {
                self._name(self.editions[number][key]): float(share)
                for key, share in marks.items()
                if key in self.editions[number]
            }
            for number, marks in attempts
        ]
        self._figures = quizzes.item_figures(one for one in items if one)

    def figures(self, question: Question) -> ItemFigures | None:
        """Of a question in this wording."""
        found = self._figures.get(self._name(question))
        return None if found is None else replace(found, question=question.key)

    def otherwise(self, question: Question) -> bool:
        """Whether the question was asked in another wording."""
        return any(one != question.wording for one in self._names.get(question.key, ()))

    def _name(self, question: Question) -> str:
        """A name for a wording: the key, and which of its wordings this is."""
        known = self._names.setdefault(question.key, [])
        if question.wording not in known:
            known.append(question.wording)
        return f"{question.key} {known.index(question.wording)}"
