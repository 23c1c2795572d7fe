"""The bank of questions of a course, answers included, for whoever makes courses: read, written, ordered, retired.

A question is sent as `questions.toml` of a package has it (`docs/courses.md`) and checked by the same code. Of two who
change the same question the second one gets 409; who changed another one is in nobody's way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from core.permissions import Permission
from core.words import Text
from training.lessons.model import MOST_ATTEMPTS_A_DAY
from training.lessons.questionfile import MOST
from training.lessons.questionrow import MOST_CHOICES
from training.queries import questions as queries
from training.quizzes import ItemFigures, Kind, Question
from training.services import questions as services
from web import auth, work
from web.api.operations import Section
from web.api.parameters import PLAINLY, Body, Lines, Name
from web.api.resources.courses import SeenVersion
from web.guards import needs
from web.views.learning import moment

section = Section("questions", Text("Câu hỏi của khóa học", "Questions of courses"))
CHANGE = Permission.TRAINING_COURSE_CHANGE


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with its answer, and how good it is as it is worded now; null where nobody was asked it."""

    question: Question
    figures: ItemFigures | None
    reworded: bool


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """The bank in the course's edition `version`: `draw` of those not retired are asked, `attempts` times a day."""

    course_key: str
    version: int
    draw: int
    attempts: int
    pass_mark: int
    questions: tuple[KnownQuestion, ...]


class Words(Body):
    """A text in both languages."""

    vi: Lines
    en: Lines


class ChoiceSent(Words):
    """A choice; `right`: choosing it is right."""

    right: bool = False


class PairSent(Words):
    """Something, and what belongs to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
    with_it: Words = Field(alias="with")


class QuestionSent(SeenVersion):
    """A question; of `choices`, `truth`, `steps` and `pairs` the one that its kind has."""

    kind: Kind
    lesson: Name
    ask: Words
    why: Words
    choices: Annotated[tuple[ChoiceSent, ...] | None, Field(max_length=MOST_CHOICES, strict=False)] = None
    truth: bool | None = None
    steps: Annotated[tuple[Words, ...] | None, Field(max_length=MOST_CHOICES, strict=False)] = None
    pairs: Annotated[tuple[PairSent, ...] | None, Field(max_length=MOST_CHOICES, strict=False)] = None

    def given(self) -> dict[str, Any]:
        """As a package has it."""
        sent = self.model_dump(by_alias=True, exclude_none=True, exclude={"seen_version"})
        return {name: list(value) if isinstance(value, tuple) else value for name, value in sent.items()}


class OrderSent(SeenVersion):
    """The keys of all questions, in their new order."""

    keys: Annotated[tuple[Name, ...], Field(max_length=MOST, strict=False)]


class QuizSent(SeenVersion):
    """How the quiz goes."""

    draw: Annotated[int, Field(ge=1, le=MOST), PLAINLY]
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS_A_DAY), PLAINLY]
    pass_mark: Annotated[int, Field(ge=1, le=100), PLAINLY]


@section.get("/courses/{key}/questions", Text("Ngân hàng câu hỏi.", "The bank of questions, with their answers."))
@needs(CHANGE)
def question_bank(key: Name) -> QuestionBank:
    """With how good each is, from everybody's first attempt."""
    found = queries.bank(work.session(), key)
    course = found.course
    return QuestionBank(
        course.key, found.version, course.draw, course.attempts, course.pass_mark,
        tuple(KnownQuestion(one.question, one.figures, one.reworded) for one in found.questions),
    )  # fmt: skip


@section.post("/courses/{key}/questions", Text("Thêm câu hỏi.", "Add a question."), status=201)
@needs(CHANGE)
def add_question(key: Name, wanted: QuestionSent) -> QuestionBank:
    """At the end of the bank, under a key made of its English words."""
    services.add_question(
        work.session(), auth.required(), course_key=key, given=wanted.given(), seen_version=wanted.seen_version,
        moment=moment(),
    )  # fmt: skip
    return question_bank(key)


@section.post("/courses/{key}/questions/{question}", Text("Sửa câu hỏi.", "Write a question anew."))
@needs(CHANGE)
def change_question(key: Name, question: Name, wanted: QuestionSent) -> QuestionBank:
    """As a new edition; attempts that were begun keep it as it was."""
    services.change_question(
        work.session(), auth.required(), course_key=key, key=question, given=wanted.given(),
        seen_version=wanted.seen_version, moment=moment(),
    )  # fmt: skip
    return question_bank(key)


@section.post("/courses/{key}/questions/{question}/retire", Text("Ngừng dùng câu hỏi.", "Ask a question no more."))
@needs(CHANGE)
def retire_question(key: Name, question: Name, wanted: SeenVersion) -> QuestionBank:
    """It stays in the bank, with what is known of it."""
    services.retire_question(
        work.session(), auth.required(), course_key=key, key=question, seen_version=wanted.seen_version,
        moment=moment(),
    )  # fmt: skip
    return question_bank(key)


@section.post("/courses/{key}/questions/{question}/bring-back", Text("Dùng lại câu hỏi.", "Ask a question again."))
@needs(CHANGE)
def bring_back_question(key: Name, question: Name, wanted: SeenVersion) -> QuestionBank:
    """One that was retired."""
    services.bring_back_question(
        work.session(), auth.required(), course_key=key, key=question, seen_version=wanted.seen_version,
        moment=moment(),
    )  # fmt: skip
    return question_bank(key)


@section.post("/courses/{key}/order", Text("Xếp thứ tự câu hỏi.", "Order the bank."))
@needs(CHANGE)
def order_questions(key: Name, wanted: OrderSent) -> QuestionBank:
    """To learners the order is drawn, whatever it is here."""
    services.order_questions(
        work.session(), auth.required(), course_key=key, keys=wanted.keys, seen_version=wanted.seen_version,
        moment=moment(),
    )  # fmt: skip
    return question_bank(key)


@section.post("/courses/{key}/quiz-rules", Text("Sửa cách làm bài.", "Change how the quiz goes."))
@needs(CHANGE)
def change_quiz(key: Name, wanted: QuizSent) -> QuestionBank:
    """How many are drawn, how many attempts a day there are, and what it takes to pass."""
    services.change_quiz(
        work.session(), auth.required(), course_key=key, draw=wanted.draw, attempts=wanted.attempts,
        pass_mark=wanted.pass_mark, seen_version=wanted.seen_version, moment=moment(),
    )  # fmt: skip
    return question_bank(key)
