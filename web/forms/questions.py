"""A question as its page shows it and sends it: fields that hold whatever was written, right or wrong.

What was written becomes a question by the checks of `training.lessons` alone; nothing is judged here. A line of answers
in which nothing is written is no line, so that a page may always offer some more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from training.lessons.model import MOST_ATTEMPTS_A_DAY
from training.lessons.questionrow import ANSWERS, MOST_CHOICES
from training.quizzes import Kind, Question
from training.quizzes.model import NO, YES
from web.views.asked import number

LONGEST = 4_000
"""Signs of a field that are taken: more than a question may have, so that too many are told and not cut unseen."""
FIRST_LINES = 4
NUMBER = _("Enter a whole number")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of answers: a choice, a step or a pair; `right` where it is ticked, `place` where a step stands."""

    vi: str = ""
    en: str = ""
    with_vi: str = ""
    with_en: str = ""
    right: bool = False
    place: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not (self.vi or self.en or self.with_vi or self.with_en)


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that a question's page holds."""

    kind: Kind
    lesson: str = ""
    ask: tuple[str, str] = ("", "")
    why: tuple[str, str] = ("", "")
    truth: str = ""
    lines: tuple[Line, ...] = field(default=(Line(),) * FIRST_LINES)

    def given(self) -> dict[str, Any]:
        """As `questions.toml` has it, without a key."""
        return {
            "kind": self.kind,
            "lesson": self.lesson,
            "ask": _pair(*self.ask),
            "why": _pair(*self.why),
            **self._answers(),
        }

    def with_more(self) -> Written:
        """The same with an empty line more, as long as there may be one."""
        lines = (*self.lines, Line()) if len(self.lines) < MOST_CHOICES else self.lines
        return Written(self.kind, self.lesson, self.ask, self.why, self.truth, lines)

    def _answers(self) -> dict[str, Any]:
        if self.kind == "truth":
            return {"truth": self.truth == YES} if self.truth in {YES, NO} else {}
        lines = [one for one in self.lines if not one.is_empty]
        if self.kind == "order":
            places = {str(at): one.place or at for at, one in enumerate(lines, start=1)}
            lines = [lines[int(at) - 1] for at in in_order(places, tuple(places))]
        rows: list[dict[str, Any]] = [dict(_pair(one.vi, one.en)) for one in lines]
        for row, one in zip(rows, lines, strict=True):
            if self.kind == "match":
                row["with"] = _pair(one.with_vi, one.with_en)
            elif self.kind != "order":
                row["right"] = one.right
        return {ANSWERS[self.kind]: rows}


def written(question: Question) -> Written:
    """A question as its page shows it first, with an empty line more."""
    partners = {one.key: one.text for one in question.partners}
    lines: list[Line] = []
    for place, choice in enumerate(question.choices, start=1):
        with_it = partners.get(question.right[place - 1]) if question.kind == "match" else None
        lines.append(
            Line(
                choice.text.vi,
                choice.text.en,
                with_it.vi if with_it else "",
                with_it.en if with_it else "",
                right=not question.paired and choice.key in question.right,
                place=place if question.kind == "order" else None,
            )
        )
    ask, why = (question.ask.vi, question.ask.en), (question.why.vi, question.why.en)
    truth = question.right[0] if question.kind == "truth" else ""
    found = Written(question.kind, question.lesson, ask, why, truth, tuple(lines))
    return found if question.kind == "truth" else found.with_more()


def sent(form: MultiDict[str, str], kind: str) -> Written:
    """What a page sent, for a question of this kind."""

    def said(name: str) -> str:
        return form.get(name, "")[:LONGEST].replace("\r\n", "\n").strip()

    right = set(form.getlist("right"))
    lines = tuple(
        Line(
            said(f"choice-{at}-vi"), said(f"choice-{at}-en"), said(f"with-{at}-vi"), said(f"with-{at}-en"),
            right=str(at) in right, place=number(form.get(f"place-{at}")),
        )
        for at in range(1, MOST_CHOICES + 1)
        if f"choice-{at}-vi" in form
    )  # fmt: skip
    return Written(
        cast("Kind", kind),
        said("lesson"),
        (said("ask-vi"), said("ask-en")),
        (said("why-vi"), said("why-en")),
        said("truth"),
        lines or (Line(),) * FIRST_LINES,
    )


def places(form: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, int]:
    """Key of a question -> the place that was written for it; for what is no number, the place it has."""
    return {key: number(form.get(f"place-{key}")) or at for at, key in enumerate(keys, start=1)}


def in_order(wanted: Mapping[str, int], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys by the places that were wanted; of two at one place the one that was moved there comes first."""
    now = {key: at for at, key in enumerate(keys, start=1)}
    return tuple(sorted(keys, key=lambda key: (wanted[key], wanted[key] == now[key], now[key])))


class QuizForm(FlaskForm):  # type: ignore[misc]
    """How the quiz goes, and the edition of the course that the page showed."""

    version = IntegerField(validators=[InputRequired()])
    draw = IntegerField(_("Questions in an attempt"), validators=[InputRequired(NUMBER)])
    attempts = IntegerField(
        _("Attempts in a day"),
        validators=[InputRequired(NUMBER), NumberRange(1, MOST_ATTEMPTS_A_DAY, _("Enter a number from 1 to 20"))],
    )
    pass_mark = IntegerField(
        _("To pass, in per cent"),
        validators=[InputRequired(NUMBER), NumberRange(1, 100, _("Enter a number from 1 to 100"))],
    )


def _pair(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}
