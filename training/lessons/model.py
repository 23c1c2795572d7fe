"""What a course is, once its files were read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.words import Text
from training.quizzes import Question

QUIZ = "quiz"
"""The key of a course's quiz; it has one at most."""
ATTEMPTS_A_DAY, MOST_ATTEMPTS_A_DAY = 5, 20
"""Attempts of one person at one quiz in a day, where the course says nothing else: enough for somebody who tries, too
few for somebody who guesses."""


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
class PackagePart:
    """A lesson of a SCORM package: `package` is the SHA-256 of the package's zip, `item` the lesson's name in it."""

    key: str
    title: Text
    package: str
    item: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `draw` questions are asked in an attempt, of which anybody may begin `attempts` a day; `pictures` are
    names in the lessons -> digests.
    """

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
    parts: tuple[PackagePart, ...] = field(default=(), kw_only=True)
    attempts: int = ATTEMPTS_A_DAY

    @property
    def last_lesson(self) -> int:
        """How many steps there are up to the last that teaches: what tests it comes behind."""
        return max((at for at, one in enumerate(self.steps, start=1) if one.kind in {"lesson", "scorm"}), default=0)

    @property
    def drawn_from(self) -> tuple[Question, ...]:
        """The questions that an attempt may ask: those that are not retired."""
        return tuple(one for one in self.questions if not one.retired)

    def question(self, key: str) -> Question | None:
        """The question of that key, retired or not; None where there is none."""
        return next((one for one in self.questions if one.key == key), None)

    def part(self, key: str) -> PackagePart | None:
        """The lesson of a package of that key; None where there is none."""
        return next((one for one in self.parts if one.key == key), None)

    def lesson(self, key: str) -> Lesson | None:
        """The lesson of that key; None where there is none."""
        return next((one for one in self.lessons if one.key == key), None)
