"""What a course is, once its files were read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.words import Text
from training.quizzes import Question

AUDIENCES = ("everybody", "leaders", "specialists", "clerks")
STEP_KINDS = ("lesson", "quiz", "exercise", "class")
QUIZ = "quiz"
"""The key of a course's quiz; it has one at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done for a course, in the words of `StepDoneRow`."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: its Markdown in both languages, and the title that stands at its head."""

    key: str
    title: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of lessons; `digest` is the SHA-256 of its bytes."""

    digest: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `draw` questions are asked in an attempt; `pictures` are names in the lessons -> digests."""

    key: str
    title: Text
    summary: Text
    audience: str
    minutes: int
    valid_months: int | None
    pass_mark: int
    draw: int
    steps: tuple[Step, ...]
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]
    pictures: Mapping[str, str]

    def lesson(self, key: str) -> Lesson | None:
        """The lesson of that key; None where there is none."""
        return next((one for one in self.lessons if one.key == key), None)
