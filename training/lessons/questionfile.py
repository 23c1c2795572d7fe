"""`questions.toml`: the bank of a course, each question checked, each fault with its line.

[[question]]
key = "who-reads"
kind = "one"                      # one, several, truth, order, match
lesson = "what-it-is"             # where it is taught
ask = { vi = "…", en = "…" }
why = { vi = "…", en = "…" }      # said with the result
choices = [ { vi = "…", en = "…", right = true }, { vi = "…", en = "…" } ]   # one, several
truth = true                                                                  # truth
steps = [ { vi = "…", en = "…" }, … ]        # order: as they should stand
pairs = [ { vi = "…", en = "…", with = { vi = "…", en = "…" } }, … ]          # match
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from typing import Any

from core.words import Text
from training.lessons.faults import Faults
from training.quizzes.model import KINDS, NO, TRUTH, YES, Choice, Question, places

PATH = "questions.toml"
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST, LONGEST = 300, 1000
FEWEST_CHOICES, MOST_CHOICES = 2, 8
_HEAD = re.compile(r"^\s*\[\[\s*question\s*\]\]", re.MULTILINE)


def read_questions(text: str, lessons: Collection[str], faults: Faults) -> tuple[Question, ...]:
    """The questions of the bank; what is wrong is told to `faults`."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        faults.add(PATH, line_of_toml(wrong, text), "không đọc được theo TOML", f"not readable as TOML ({wrong})")
        return ()
    rows = given.get("question", [])
    if set(given) - {"question"} or not isinstance(rows, list) or len(rows) > MOST:
        faults.add(PATH, 0, f"chỉ có [[question]], nhiều nhất {MOST}", f"nothing but [[question]], at most {MOST}")
        return ()
    lines = [text.count("\n", 0, found.end()) + 1 for found in _HEAD.finditer(text)]
    lines += [0] * (len(rows) - len(lines))
    found = [_question(row, line, lessons, faults) for row, line in zip(rows, lines, strict=False)]
    keys: set[str] = set()
    for one, line in zip(found, lines, strict=False):
        if one is not None and one.key in keys:
            faults.add(PATH, line, f"khóa “{one.key}” đã dùng", f"the key “{one.key}” stands twice")
        keys.add("" if one is None else one.key)
    return tuple(one for one in found if one is not None)


def line_of_toml(wrong: tomllib.TOMLDecodeError, text: str) -> int:
    """The line at which the TOML reader stopped in `text`: the last one where it missed something at the end."""
    found = re.search(r"at line (\d+)", str(wrong))
    return int(found[1]) if found else text.rstrip("\n").count("\n") + 1


def _question(row: Any, line: int, lessons: Collection[str], faults: Faults) -> Question | None:
    told = _Row(row if isinstance(row, dict) else {}, line, faults)
    key, kind, lesson = told.word("key"), told.word("kind"), told.word("lesson")
    if kind not in KINDS:
        told.wrong(f"kind phải là một trong {', '.join(KINDS)}", f"kind is one of {', '.join(KINDS)}")
        return None
    if not KEY.fullmatch(key):
        told.wrong("key gồm chữ thường, số và gạch nối", "key is made of small letters, digits and hyphens")
    if lesson not in lessons:
        told.wrong(f"không có bài học “{lesson}”", f"there is no lesson “{lesson}”")
    ask, why = told.text("ask"), told.text("why")
    choices, right, partners = _answers(told, kind)
    told.nothing_else({"key", "kind", "lesson", "ask", "why", _FIELD[kind]})
    if told.failed or ask is None or why is None:
        return None
    return Question(key, kind, lesson, ask, why, choices, right, partners)


_FIELD = {"one": "choices", "several": "choices", "truth": "truth", "order": "steps", "match": "pairs"}
_Answers = tuple[tuple[Choice, ...], tuple[str, ...], tuple[Choice, ...]]


def _answers(told: _Row, kind: str) -> _Answers:
    """Choices, right answer and partners, as `Question` holds them."""
    if kind == "truth":
        truth = told.row.get("truth")
        if not isinstance(truth, bool):
            told.wrong("thiếu truth = true hoặc false", "truth = true or false is missing")
        return TRUTH, (YES if truth else NO,), ()
    rows = told.rows(_FIELD[kind])
    choices = tuple(Choice(str(place), words) for place, words in enumerate(told.texts(rows), start=1))
    told.differ(choices)
    if kind == "order":
        spots = places(len(choices))
        return choices, tuple(one.key for one in spots), spots
    if kind == "match":
        partners = tuple(
            Choice(f"p{place}", words)
            for place, words in enumerate(told.texts([one.get("with") for one in rows]), start=1)
        )
        told.differ(partners)
        return choices, tuple(one.key for one in partners), partners
    right = tuple(str(place) for place, one in enumerate(rows, start=1) if one.get("right") is True)
    if kind == "one" and len(right) != 1:
        told.wrong("cần đúng một lựa chọn có right = true", "exactly one choice has right = true")
    if kind == "several" and not right:
        told.wrong("cần ít nhất một lựa chọn có right = true", "at least one choice has right = true")
    return choices, right, ()


class _Row:
    """One question as it stands in the file: gives its values and tells what is wrong with them."""

    def __init__(self, row: dict[str, Any], line: int, faults: Faults) -> None:
        self.row, self._line, self._faults, self.failed = row, line, faults, False

    def wrong(self, vi: str, en: str) -> None:
        self.failed = True
        named = self.row.get("key")
        about = f"“{named}”: " if isinstance(named, str) else ""
        self._faults.add(PATH, self._line, about + vi, about + en)

    def word(self, name: str) -> str:
        value = self.row.get(name)
        return value if isinstance(value, str) else ""

    def text(self, name: str) -> Text | None:
        found = _text(self.row.get(name))
        if found is None:
            self.wrong(f"{name} cần cả vi và en", f"{name} needs both vi and en")
        return found

    def texts(self, rows: list[Any]) -> list[Text]:
        found = [_text(one) for one in rows]
        if None in found:
            self.wrong("mỗi lựa chọn cần cả vi và en", "each choice needs both vi and en")
        return [one for one in found if one is not None]

    def rows(self, name: str) -> list[dict[str, Any]]:
        value = self.row.get(name)
        rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if not FEWEST_CHOICES <= len(rows) <= MOST_CHOICES:
            few, most = FEWEST_CHOICES, MOST_CHOICES
            self.wrong(f"{name} cần từ {few} đến {most} dòng", f"{name} needs {few} to {most} entries")
        return rows

    def differ(self, choices: tuple[Choice, ...]) -> None:
        if any(len({one.text.to(language) for one in choices}) < len(choices) for language in ("vi", "en")):
            self.wrong("hai lựa chọn giống nhau", "two choices say the same")

    def nothing_else(self, known: set[str]) -> None:
        if set(self.row) - known:
            names = ", ".join(sorted(set(self.row) - known))
            self.wrong(f"không hiểu: {names}", f"not understood: {names}")


def _text(value: Any) -> Text | None:
    if not isinstance(value, dict):
        return None
    vi, en = value.get("vi"), value.get("en")
    if not (isinstance(vi, str) and isinstance(en, str) and vi.strip() and en.strip()):
        return None
    return Text(vi.strip(), en.strip()) if max(len(vi), len(en)) <= LONGEST else None
