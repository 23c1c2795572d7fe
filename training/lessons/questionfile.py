"""`questions.toml`: the bank of a course, each question checked, each fault with its line.

[[question]]
key = "who-reads"
kind = "one"                      # one, several, truth, order, match
lesson = "what-it-is"             # where it is taught
ask = { vi = "…", en = "…" }
why = { vi = "…", en = "…" }      # said with the result
retired = true                    # kept, and asked no more; left out else
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

from training.lessons.faults import Faults
from training.lessons.questionrow import read_question
from training.quizzes.model import Question

PATH = "questions.toml"
MOST = 300
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
    question, wrong = read_question(row, lessons)
    named = row.get("key") if isinstance(row, dict) else None
    about = f"“{named}”: " if isinstance(named, str) else ""
    for one in wrong:
        faults.add(PATH, line, about + one.in_file.vi, about + one.in_file.en)
    return question
