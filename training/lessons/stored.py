"""A course as JSON, as an edition of it is kept, and back; and the digest that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from core.words import Text
from training.lessons.model import ATTEMPTS_A_DAY, Course, Lesson, PackagePart, Step
from training.quizzes import Choice, Question


def as_json(course: Course) -> dict[str, Any]:
    """Plain values of everything a course holds, but the bytes of its pictures.

    What came to the format later is left out where it says nothing: so a course that did not change keeps its digest.
    """
    return {
        "key": course.key,
        "title": _pair(course.title),
        "summary": _pair(course.summary),
        "audience": course.audience,
        "minutes": course.minutes,
        "valid_months": course.valid_months,
        "pass_mark": course.pass_mark,
        "draw": course.draw,
        "steps": [[one.kind, one.key] for one in course.steps],
        "lessons": [{"key": one.key, "title": _pair(one.title), "source": _pair(one.source)} for one in course.lessons],
        "questions": [_question_as_json(one) for one in course.questions],
        "pictures": dict(course.pictures),
        **({"parts": [_part_as_json(one) for one in course.parts]} if course.parts else {}),
        **({} if course.attempts == ATTEMPTS_A_DAY else {"attempts": course.attempts}),
    }


def from_json(kept: Mapping[str, Any]) -> Course:
    """The course that `as_json` wrote."""
    return Course(
        key=kept["key"],
        title=Text(*kept["title"]),
        summary=Text(*kept["summary"]),
        audience=kept["audience"],
        minutes=kept["minutes"],
        valid_months=kept["valid_months"],
        pass_mark=kept["pass_mark"],
        draw=kept["draw"],
        steps=tuple(Step(*one) for one in kept["steps"]),
        lessons=tuple(Lesson(one["key"], Text(*one["title"]), Text(*one["source"])) for one in kept["lessons"]),
        questions=tuple(_question_from_json(one) for one in kept["questions"]),
        pictures=dict(kept["pictures"]),
        parts=tuple(_part_from_json(one) for one in kept.get("parts", ())),
        attempts=kept.get("attempts", ATTEMPTS_A_DAY),
    )


def digest_of(course: Course) -> str:
    """SHA-256 of the course as JSON: the same for the same content, whatever file it came from."""
    written = json.dumps(as_json(course), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _part_as_json(part: PackagePart) -> dict[str, Any]:
    return {"key": part.key, "title": _pair(part.title), "package": part.package, "item": part.item}


def _part_from_json(kept: Mapping[str, Any]) -> PackagePart:
    return PackagePart(kept["key"], Text(*kept["title"]), kept["package"], kept["item"])


def _pair(text: Text) -> list[str]:
    return [text.vi, text.en]


def _choices(choices: tuple[Choice, ...]) -> list[list[str]]:
    return [[one.key, one.text.vi, one.text.en] for one in choices]


def _choices_of(kept: list[list[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(key, Text(vi, en)) for key, vi, en in kept)


def _question_as_json(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "lesson": question.lesson,
        "ask": _pair(question.ask),
        "why": _pair(question.why),
        "choices": _choices(question.choices),
        "right": list(question.right),
        "partners": _choices(question.partners),
        **({"retired": True} if question.retired else {}),
    }


def _question_from_json(kept: Mapping[str, Any]) -> Question:
    return Question(
        key=kept["key"],
        kind=kept["kind"],
        lesson=kept["lesson"],
        ask=Text(*kept["ask"]),
        why=Text(*kept["why"]),
        choices=_choices_of(kept["choices"]),
        right=tuple(kept["right"]),
        partners=_choices_of(kept["partners"]),
        retired=kept.get("retired", False),
    )
