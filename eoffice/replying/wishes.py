"""What an answer means: its first words decide, the rest is the remark. Nothing is guessed.

"Đồng ý nếu…", "đồng ý một phần" and the like are no agreement that a program may record: whoever writes so is asked to
say one thing or the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.directory.name_order import folded

Meaning = Literal["agree", "return", "opinion", "unclear", "empty"]

BEGINNINGS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    ("agree", ("toi dong y", "dong y", "nhat tri", "i agree", "agreed", "agree", "approved", "approve")),
    ("return", ("tra lai", "returned", "return")),
    ("opinion", ("y kien gop y", "y kien", "gop y", "my opinion", "opinion", "comments", "comment")),
)
"""Words without marks, the longer before the shorter."""
CONDITIONS = (
    "mot phan", "voi dieu kien", "neu", "nhung", "tuy nhien", "ngoai tru", "tru ", "sau khi", "khi nao", "chua",
    "khong", "tra lai", "hay ", "partly", "in part", "provided", "if", "but", "except", "unless", "once", "when",
    "however", "to disagree",
)  # fmt: skip
"""What an agreement must not go on with in the same sentence."""
_SIGNS = re.compile(r"^[\s\W_]+")
_SENTENCE = re.compile(r"[.;\n]")
_PLAIN_OPENING = re.compile(r"^\s*[-–—:.,;!)\]\"”*]*\s*")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is meant, and the remark that goes with it."""

    meaning: Meaning
    remark: str


def wish_of(text: str) -> Wish:
    """What the own words of an answer (without what was quoted) mean."""
    said = text.strip()
    if not said:
        return Wish("empty", "")
    start = _SIGNS.match(said)
    body = said[start.end() :] if start else said
    if not body:
        return Wish("unclear", "")
    for meaning, beginnings in BEGINNINGS:
        for words in beginnings:
            length = _matched(body, words)
            if length is None:
                continue
            rest = body[length:]
            if "?" in _SENTENCE.split(rest, maxsplit=1)[0] or (meaning == "agree" and _conditional(rest)):
                return Wish("unclear", "")
            return Wish(meaning, _PLAIN_OPENING.sub("", rest, count=1).strip())
    return Wish("unclear", "")


def _matched(body: str, words: str) -> int | None:
    """How many signs of `body` are those words, whatever their marks and spaces; None where it begins otherwise."""
    expected = words.split(" ")
    at = 0
    for number, word in enumerate(expected):
        found = re.match(r"\s*" if number == 0 else r"\s+", body[at:])
        if found is None:
            return None
        at += found.end()
        letters = re.match(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*", body[at:])
        if letters is None or folded(letters.group()) != word:
            return None
        at += letters.end()
    return at


def _conditional(rest: str) -> bool:
    """Whether the sentence that began as an agreement takes it back or makes it depend on something."""
    sentence = _SENTENCE.split(rest.strip(), maxsplit=1)[0] if rest[:1] not in {".", "\n"} else ""
    plain = " ".join(re.findall(r"[^\W_]+", folded(sentence)))
    return any(f" {word.strip()} " in f" {plain} " for word in CONDITIONS)
