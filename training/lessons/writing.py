"""A course as the files it could have come from: to be taken away, changed on a computer, and brought back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from core.words import Text
from training.lessons.markdown import PICTURES
from training.lessons.model import ATTEMPTS_A_DAY, QUIZ, Course, PackagePart
from training.lessons.questionfile import PATH
from training.lessons.reading import SHEET
from training.quizzes.model import YES, Choice, Question


def files_of(course: Course, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path -> bytes, as `read_course` reads them into the same course; `contents` are the pictures by digest."""
    files = {SHEET: _sheet(course), PATH: "\n".join(map(_question, course.questions))}
    for number, lesson in enumerate(course.lessons, start=1):
        files[f"vi/{number:02}-{lesson.key}.md"] = lesson.source.vi
        files[f"en/{number:02}-{lesson.key}.md"] = lesson.source.en
    written = {path: content.encode() for path, content in files.items()}
    return written | {f"{PICTURES}{name}": contents[digest] for name, digest in course.pictures.items()}


def _sheet(course: Course) -> str:
    steps = [one.kind if (one.kind, one.key) == (QUIZ, QUIZ) else f"{one.kind}:{one.key}" for one in course.steps]
    lines = [
        f"key = {_string(course.key)}",
        f"title = {_text(course.title)}",
        f"summary = {_text(course.summary)}",
        f"audience = {_string(course.audience)}",
        f"minutes = {course.minutes}",
        f"pass_mark = {course.pass_mark}",
        f"draw = {course.draw}",
        f"steps = [{', '.join(map(_string, steps))}]",
    ]
    if course.attempts != ATTEMPTS_A_DAY:
        lines.append(f"attempts = {course.attempts}")
    if course.parts:
        lines.append(_array("scorm", map(_part, course.parts)))
    if course.valid_months is not None:
        lines.append(f"valid_months = {course.valid_months}")
    return "\n".join(lines) + "\n"


def _part(part: PackagePart) -> str:
    named = f"package = {_string(part.package)}, item = {_string(part.item)}"
    return f"{{ key = {_string(part.key)}, title = {_text(part.title)}, {named} }}"


def _question(question: Question) -> str:
    lines = [
        "[[question]]",
        f"key = {_string(question.key)}",
        f"kind = {_string(question.kind)}",
        f"lesson = {_string(question.lesson)}",
        f"ask = {_text(question.ask)}",
        f"why = {_text(question.why)}",
    ]
    if question.retired:
        lines.append("retired = true")
    if question.kind == "truth":
        lines.append(f"truth = {'true' if question.right == (YES,) else 'false'}")
    elif question.kind == "order":
        lines.append(_array("steps", (_text(one.text) for one in question.choices)))
    elif question.kind == "match":
        pairs = zip(question.choices, question.partners, strict=True)
        lines.append(_array("pairs", (_text(one.text, f"with = {_text(other.text)}") for one, other in pairs)))
    else:
        lines.append(_array("choices", (_choice(one, question.right) for one in question.choices)))
    return "\n".join(lines) + "\n"


def _choice(choice: Choice, right: tuple[str, ...]) -> str:
    return _text(choice.text, *(["right = true"] if choice.key in right else []))


def _array(name: str, rows: Iterable[str]) -> str:
    return f"{name} = [\n" + "".join(f"  {row},\n" for row in rows) + "]"


def _text(text: Text, *more: str) -> str:
    return "{ " + ", ".join((f"vi = {_string(text.vi)}", f"en = {_string(text.en)}", *more)) + " }"


def _string(text: str) -> str:
    """A basic string of TOML: JSON's, but for the one sign that JSON lets through and TOML does not."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
