"""One question, checked: the same whether it stands in a package's `questions.toml` or was written in the browser.

A question is given as `questions.toml` has it: a mapping with `key`, `kind`, `lesson`, `ask`, `why`, perhaps `retired`,
and the answers under the name that its kind has in `ANSWERS`. Each fault is told twice: in the words of the file, and
in those of a form for people who never saw the file.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.words import Text
from training.quizzes.model import KINDS, NO, TRUTH, YES, Choice, Question, places

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 1000
FEWEST_CHOICES, MOST_CHOICES = 2, 8
ANSWERS = {"one": "choices", "several": "choices", "truth": "truth", "order": "steps", "match": "pairs"}
"""Kind -> the field with its answers."""
_FIELDS = {"key", "kind", "lesson", "ask", "why", "retired"}
_Answers = tuple[tuple[Choice, ...], tuple[str, ...], tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class RowFault:
    """Something wrong in a question: in its field `field`, in the words of the file, in the words of a form."""

    field: str
    in_file: Text
    in_form: Text


def read_question(given: Any, lessons: Collection[str]) -> tuple[Question | None, tuple[RowFault, ...]]:
    """The question, taught in one of `lessons` (keys), or None and everything that is wrong with it."""
    row = _Row(given if isinstance(given, dict) else {})
    key, kind, lesson = row.word("key"), row.word("kind"), row.word("lesson")
    if kind not in KINDS:
        row.wrong("kind", f"kind phải là một trong {', '.join(KINDS)}", f"kind is one of {', '.join(KINDS)}")
        return None, tuple(row.faults)
    if not KEY.fullmatch(key):
        row.wrong("key", "key gồm chữ thường, số và gạch nối", "key is made of small letters, digits and hyphens")
    if lesson not in lessons:
        row.wrong(
            "lesson", f"không có bài học “{lesson}”", f"there is no lesson “{lesson}”",
            Text("Hãy chọn bài học dạy điều này", "Choose the lesson that teaches this"),
        )  # fmt: skip
    ask = row.text("ask", Text("câu hỏi", "the question"))
    why = row.text("why", Text("lời giải thích", "the explanation"))
    retired = row.given.get("retired", False)
    if not isinstance(retired, bool):
        row.wrong("retired", "retired là true hoặc false", "retired is true or false")
    choices, right, partners = _answers(row, kind)
    row.nothing_else(_FIELDS | {ANSWERS[kind]})
    if row.faults:
        return None, tuple(row.faults)
    return Question(key, kind, lesson, ask, why, choices, right, partners, retired), ()


def new_key(ask: str, taken: Collection[str]) -> str:
    """A key for a question that nobody gave one, from its English words: one that is not `taken`."""
    plain = unicodedata.normalize("NFKD", ask).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:5]
    base = "-".join(words)[:50].strip("-") or "question"
    numbered = (f"{base}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([base], numbered) if one not in taken)


def _answers(row: _Row, kind: str) -> _Answers:
    """Choices, right answer and partners, as `Question` holds them."""
    if kind == "truth":
        truth = row.given.get("truth")
        if not isinstance(truth, bool):
            row.wrong(
                "right", "thiếu truth = true hoặc false", "truth = true or false is missing",
                Text("Hãy chọn đúng hay sai", "Choose whether it is true"),
            )  # fmt: skip
        return TRUTH, (YES if truth else NO,), ()
    rows = row.rows(ANSWERS[kind])
    choices = tuple(Choice(str(place), words) for place, words in enumerate(row.texts(rows), start=1))
    row.differ(choices)
    if kind == "order":
        spots = places(len(choices))
        return choices, tuple(one.key for one in spots), spots
    if kind == "match":
        found = row.texts([one.get("with") for one in rows])
        partners = tuple(Choice(f"p{place}", words) for place, words in enumerate(found, start=1))
        row.differ(partners)
        return choices, tuple(one.key for one in partners), partners
    right = tuple(str(place) for place, one in enumerate(rows, start=1) if one.get("right") is True)
    if kind == "one" and len(right) != 1:
        row.wrong(
            "right", "cần đúng một lựa chọn có right = true", "exactly one choice has right = true",
            Text("Hãy đánh dấu đúng một lựa chọn là đáp án", "Mark exactly one choice as right"),
        )  # fmt: skip
    if kind == "several" and not right:
        row.wrong(
            "right", "cần ít nhất một lựa chọn có right = true", "at least one choice has right = true",
            Text("Hãy đánh dấu ít nhất một lựa chọn là đáp án", "Mark at least one choice as right"),
        )  # fmt: skip
    return choices, right, ()


class _Row:
    """One question as it was given: gives its values and keeps what is wrong with them."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.faults: list[RowFault] = []

    def wrong(self, field: str, vi: str, en: str, in_form: Text | None = None) -> None:
        fault = RowFault(field, Text(vi, en), in_form or Text(f"{vi[:1].upper()}{vi[1:]}", f"{en[:1].upper()}{en[1:]}"))
        if fault not in self.faults:
            self.faults.append(fault)

    def word(self, name: str) -> str:
        value = self.given.get(name)
        return value if isinstance(value, str) else ""

    def text(self, name: str, what: Text) -> Text:
        value = self.given.get(name)
        if _is_long(value):
            self._long(name, what)
        found = _text(value)
        if found is None and not _is_long(value):
            self.wrong(
                name, f"{name} cần cả vi và en", f"{name} needs both vi and en",
                Text(f"Hãy viết {what.vi} bằng cả tiếng Việt và tiếng Anh", f"Write {what.en} in both languages"),
            )  # fmt: skip
        return found or Text("", "")

    def texts(self, rows: list[Any]) -> list[Text]:
        found = [_text(one) for one in rows]
        for number, (one, given) in enumerate(zip(found, rows, strict=True), start=1):
            if _is_long(given):
                self._long("choices", Text(f"lựa chọn {number}", f"choice {number}"))
            elif one is None:
                self.wrong(
                    "choices", "mỗi lựa chọn cần cả vi và en", "each choice needs both vi and en",
                    Text(
                        f"Hãy viết lựa chọn {number} bằng cả tiếng Việt và tiếng Anh",
                        f"Write choice {number} in both languages",
                    ),
                )  # fmt: skip
        return [one for one in found if one is not None]

    def rows(self, name: str) -> list[dict[str, Any]]:
        value = self.given.get(name)
        rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if not FEWEST_CHOICES <= len(rows) <= MOST_CHOICES:
            few, most = FEWEST_CHOICES, MOST_CHOICES
            self.wrong(
                "choices", f"{name} cần từ {few} đến {most} dòng", f"{name} needs {few} to {most} entries",
                Text(f"Cần từ {few} đến {most} dòng có nội dung", f"Fill in {few} to {most} of them"),
            )  # fmt: skip
        return rows

    def differ(self, choices: tuple[Choice, ...]) -> None:
        if any(len({one.text.to(language) for one in choices}) < len(choices) for language in ("vi", "en")):
            self.wrong("choices", "hai lựa chọn giống nhau", "two choices say the same")

    def nothing_else(self, known: set[str]) -> None:
        if set(self.given) - known:
            names = ", ".join(sorted(set(self.given) - known))
            self.wrong("key", f"không hiểu: {names}", f"not understood: {names}")

    def _long(self, field: str, what: Text) -> None:
        self.wrong(field, f"{what.vi} dài quá {LONGEST} ký tự", f"{what.en} has more than {LONGEST} characters")


def _text(value: Any) -> Text | None:
    if not isinstance(value, dict):
        return None
    vi, en = value.get("vi"), value.get("en")
    if not (isinstance(vi, str) and isinstance(en, str) and vi.strip() and en.strip()):
        return None
    return None if _is_long(value) else Text(vi.strip(), en.strip())


def _is_long(value: Any) -> bool:
    texts = [value.get("vi"), value.get("en")] if isinstance(value, dict) else []
    return any(isinstance(one, str) and len(one) > LONGEST for one in texts)
