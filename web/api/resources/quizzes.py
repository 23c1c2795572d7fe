"""One's own quizzes: begun, answered, handed in. What would have been right is in no answer of any of these.

What is picked is said by the `value` that the sheet has for it, which tells nothing of the bank's keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask import abort
from pydantic import Field

from core.permissions import Permission
from core.words import Text
from training import quizzes
from training.queries import learning as queries
from training.queries.learning import AttemptLine, QuizPage
from training.quizzes import Asked as Question
from training.quizzes import Kind, Offered
from training.quizzes.reading import CHOICE, PAIR
from training.services import quizzing
from web import work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import PLAINLY, Body, Id, Line
from web.guards import needs
from web.views.learning import moment

section = Section("quizzes", Text("Bài kiểm tra của mình", "One's own quizzes"))
TAKE = Permission.TRAINING_COURSE_TAKE
MOST_QUESTIONS, MOST_CHOICES = 100, 20
Value = Annotated[Line, Field(min_length=1, max_length=3)]


@dataclass(frozen=True, slots=True)
class Quiz:
    """What a quiz asks for, and the attempts so far; `pass_mark` in percent."""

    questions: int
    pass_mark: int
    passed: bool
    attempts: tuple[AttemptLine, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """A choice by its `value`, and in a question with partners the one it was given."""

    choice: str
    partner: str | None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a sheet, with what was answered so far; `lesson` is where it is taught."""

    number: int
    kind: Kind
    lesson: str
    ask: Text
    choices: tuple[Offered, ...]
    partners: tuple[Offered, ...]
    given: tuple[Picked, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt; `changes` counts how often it was saved, and is sent with what is to be saved next."""

    attempt_id: int
    assignment_id: int
    number: int
    changes: int
    handed_in: bool
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question of an attempt that was handed in: its mark from 0 to 1, and why so."""

    question: AskedQuestion
    mark: float
    why: Text


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What came of an attempt, in percent."""

    attempt_id: int
    assignment_id: int
    number: int
    percent: int
    pass_mark: int
    passed: bool
    handed_in_at: datetime
    questions: tuple[MarkedQuestion, ...]


class GivenChoice(Body):
    """A choice, and in a question with partners the one it is given."""

    choice: Value
    partner: Value | None = None


class GivenAnswer(Body):
    """The answer to the question with this number."""

    number: Annotated[int, Field(ge=1, le=MOST_QUESTIONS), PLAINLY]
    given: Annotated[tuple[GivenChoice, ...], Field(max_length=MOST_CHOICES)]


class Answers(Body):
    """Everything that is answered so far, and the `changes` of the attempt that it was answered on."""

    answers: Annotated[tuple[GivenAnswer, ...], Field(max_length=MOST_QUESTIONS)]
    seen_changes: Annotated[int, Field(ge=0, le=2_147_483_647), PLAINLY]

    @property
    def sent(self) -> dict[int, dict[str, list[str]]]:
        """As a page would have sent it: which of the two ways is read depends on the question."""
        return {
            one.number: {CHOICE: [each.choice for each in one.given]}
            | {f"{PAIR}{each.choice}": [each.partner] for each in one.given if each.partner is not None}
            for one in self.answers
        }


@section.get("/own/courses/{assignment_id}/quiz", Text("Bài kiểm tra của một khóa học.", "The quiz of a course."))
@needs(TAKE)
def quiz(assignment_id: Id) -> Quiz:
    """What it asks for, and the attempts so far."""
    page: QuizPage = queries.quiz_page(work.session(), reach.official(), assignment_id)
    return Quiz(page.questions, page.pass_mark, page.passed, page.attempts)


@section.post("/own/courses/{assignment_id}/quiz", Text("Bắt đầu làm bài.", "Begin an attempt, or go on with it."))
@needs(TAKE)
def begin_attempt(assignment_id: Id) -> Attempt:
    """409 where the quiz is passed, or too many were begun today."""
    made = quizzing.begin(work.session(), reach.official(), assignment_id=assignment_id, moment=moment())
    return attempt(made)


@section.get(
    "/own/attempts/{attempt_id}", Text("Một lượt làm bài.", "The questions of an attempt, and what is answered.")
)
@needs(TAKE)
def attempt(attempt_id: Id) -> Attempt:
    """No word of what is right."""
    page = queries.attempt_page(work.session(), reach.official(), attempt_id)
    return Attempt(
        page.attempt_id, page.assignment_id, page.number, page.changes, page.handed_in,
        tuple(_asked(one, page.answers.get(one.question, ())) for one in page.asked),
    )  # fmt: skip


@section.post("/own/attempts/{attempt_id}/answers", Text("Lưu câu trả lời.", "Save the answers so far."))
@needs(TAKE)
def save_answers(attempt_id: Id, wanted: Answers) -> Attempt:
    """They take the place of all that were saved before."""
    quizzing.save(
        work.session(), reach.official(), attempt_id=attempt_id, sent=wanted.sent, seen_changes=wanted.seen_changes,
        moment=moment(),
    )  # fmt: skip
    return attempt(attempt_id)


@section.post("/own/attempts/{attempt_id}/hand-in", Text("Nộp bài.", "Hand an attempt in, with these answers."))
@needs(TAKE)
def hand_in(attempt_id: Id, wanted: Answers) -> AttemptResult:
    """What is left open counts for nothing; handed in twice, the first time counts."""
    quizzing.hand_in(
        work.session(), reach.official(), attempt_id=attempt_id, sent=wanted.sent, seen_changes=wanted.seen_changes,
        moment=moment(),
    )  # fmt: skip
    return attempt_result(attempt_id)


@section.get("/own/attempts/{attempt_id}/result", Text("Kết quả một lượt làm bài.", "What came of an attempt."))
@needs(TAKE)
def attempt_result(attempt_id: Id) -> AttemptResult:
    """404 before it is handed in."""
    page = queries.result_page(work.session(), reach.official(), attempt_id)
    if page is None:
        abort(404)
    return AttemptResult(
        page.attempt_id, page.assignment_id, page.number, page.percent, page.pass_mark, page.passed, page.handed_in_at,
        tuple(MarkedQuestion(_asked(one.asked, one.given), float(one.mark), one.question.why) for one in page.marked),
    )  # fmt: skip


def _asked(one: Question, answer: tuple[str, ...]) -> AskedQuestion:
    given = {choice.value: quizzes.value_of(one, answer, choice.value) for choice in one.choices}
    picked = (Picked(choice, value if one.paired else None) for choice, value in given.items() if value)
    return AskedQuestion(one.number, one.kind, one.lesson, one.ask, one.choices, one.partners, tuple(picked))
