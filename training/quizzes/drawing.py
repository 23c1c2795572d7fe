"""The draw of an attempt: which questions in which order, and how their choices are mixed.

Everything gets a ticket, the SHA-256 of the attempt's seed and its keys, and is laid in the order of the tickets: the
same seed gives the same sheet for ever, on every version of Python. The numbers a page shows as values are positions
in the mixed order: an author who always writes the right choice first gives nothing away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.words import Text
from training.quizzes.model import Choice, Kind, Question


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as the page shows it: the `value` its field sends."""

    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is asked: nothing here says what is right, and the values tell nothing of the keys."""

    number: int
    question: str
    """The key of the question; not for the page."""
    kind: Kind
    lesson: str
    ask: Text
    choices: tuple[Offered, ...]
    partners: tuple[Offered, ...]
    choice_keys: tuple[str, ...]
    """The keys of `choices`, in the same order; not for the page."""
    partner_keys: tuple[str, ...]
    first_keys: tuple[str, ...]
    """The keys of the choices as the author wrote them: answers are kept in that order."""

    @property
    def paired(self) -> bool:
        """As `Question.paired`."""
        return self.kind in {"order", "match"}


def draw(questions: Sequence[Question], *, seed: str, count: int) -> tuple[Asked, ...]:
    """`count` of the questions (all of them where there are fewer), numbered from 1, no question twice, no retired one.

    A question of each lesson comes before a second one of any, as far as `count` reaches: no lesson is left out by
    chance. Raises `ValueError` for a count below 1.
    """
    if count < 1:
        raise ValueError("a quiz asks at least one question")
    mixed = sorted((one for one in questions if not one.retired), key=lambda one: _ticket(seed, one.key))
    seen: dict[str, int] = {}
    rounds = {}
    for question in mixed:
        rounds[question.key] = seen[question.lesson] = seen.get(question.lesson, 0) + 1
    chosen = {one.key for one in sorted(mixed, key=lambda one: rounds[one.key])[:count]}
    drawn = (one for one in mixed if one.key in chosen)
    return tuple(_asked(question, number, seed) for number, question in enumerate(drawn, start=1))


def _asked(question: Question, number: int, seed: str) -> Asked:
    choices, partners = question.choices, question.partners
    if question.kind != "truth":
        choices = _mixed(choices, f"{seed}/{question.key}")
    if question.kind == "match":
        partners = _mixed(partners, f"{seed}/{question.key}/partners")
    return Asked(
        number=number,
        question=question.key,
        kind=question.kind,
        lesson=question.lesson,
        ask=question.ask,
        choices=_offered(choices),
        partners=_offered(partners),
        choice_keys=tuple(one.key for one in choices),
        partner_keys=tuple(one.key for one in partners),
        first_keys=tuple(one.key for one in question.choices),
    )


def _offered(choices: Iterable[Choice]) -> tuple[Offered, ...]:
    return tuple(Offered(str(place), one.text) for place, one in enumerate(choices, start=1))


def _mixed(choices: tuple[Choice, ...], seed: str) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda one: _ticket(seed, one.key)))


def _ticket(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\n{key}".encode()).hexdigest()
