"""What an answer means: its first words decide, the rest is the remark. Nothing is guessed.

"Đồng ý nếu…", "đồng ý, cần sửa mục 3" and the like are no agreement that a program may record: whoever writes so is
asked to say one thing or the other. Asking once too often costs a minute, an approval that nobody gave costs more; so
what takes an agreement back is looked for beyond its sentence too, as far as the closing words and the notes that an
office's server puts below each message let it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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
BESIDE = (
    "khong", "hay", "tru", "ngoai tru", "khi nao", "sau khi", "once", "when", "after", "until", "exception",
)  # fmt: skip
"""What an agreement must not go on with in the same sentence."""
CONDITIONS = (
    "mot phan", "co ban", "nguyen tac", "ve chu truong", "voi dieu kien", "neu", "chua", "tra lai", "partly", "in part",
    "in principle", "if", "provided", "subject to", "pending", "unless", "except", "to disagree", "wait", "don t",
)  # fmt: skip
"""Nor in the same paragraph."""
RESERVATIONS = (
    "nhung", "tuy nhien", "tuy vay", "but", "however", "can sua", "sua lai", "sua loi", "sua theo", "sua muc",
    "sua doan", "sua dieu", "chinh sua", "bo sung them", "bo sung can cu", "can bo sung", "de nghi bo", "de nghi sua",
    "dieu chinh", "dinh chinh", "xem lai", "lam lai", "viet lai", "changes", "amend", "amended", "amendment",
    "amendments", "please change", "please correct", "correct the",
)  # fmt: skip
"""Nor anywhere: who wants something changed has not agreed to this text."""
HARMLESS = (
    "khong co y kien", "khong con y kien", "khong co gi", "khong sua", "khong can", "khong thay doi", "khong chinh sua",
    "neu can", "neu co gi", "if you need", "if you have", "if needed", "no change", "no changes", "without change",
    "without changes", "no amendment", "no amendments",
)  # fmt: skip
"""What says the same as the agreement, or belongs to any letter."""
_OTHER_MARKS = re.compile(r"\b(hãy|những|trụ)\b", re.IGNORECASE)
"""What would be “or”, “but” and “except” without its marks; who writes without any is asked rather than guessed at."""
_SIGNS = re.compile(r"^[\s\W_]+")
_SENTENCE = re.compile(r"[.;\n]")
_WORD = re.compile(r"[^\W_]+")
_PARAGRAPH = re.compile(r"(?<=.)\n[^\S\n]*\n", re.DOTALL)
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
    """Whether what follows the words of agreement takes them back or makes them depend on something."""
    text = _OTHER_MARKS.sub(" ", unicodedata.normalize("NFC", rest))
    paragraph = _PARAGRAPH.split(text, maxsplit=1)[0]
    sentence = _SENTENCE.split(paragraph, maxsplit=1)[0]
    return _has(sentence, BESIDE) or _has(paragraph, CONDITIONS) or _has(text, RESERVATIONS)


def _has(text: str, phrases: Iterable[str]) -> bool:
    plain = " ".join(["", *_WORD.findall(folded(text)), ""])
    for words in HARMLESS:
        plain = plain.replace(f" {words} ", " | ")
    return any(f" {words} " in plain for words in phrases)
