"""Words to be found: as they are written, and without their marks, so that `nguyen` and `Nguyễn` find the same people.

A word is a run of letters and digits. What somebody types is cut into words the same way; each must be the beginning
of a word of what is looked for. Marks that were typed do not exclude anybody, they decide who comes first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.directory.name_order import folded

LONGEST_WORD = 60
MOST_TERMS = 8
"""Words of a question that are looked at; nobody's name has more that tell people apart."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A word without its marks (`ha`), and as it is written, in small letters (`hà`)."""

    bare: str
    marked: str


def words_of(*texts: str) -> frozenset[Word]:
    """The words of names, numbers and addresses; of an e-mail address the part before the @."""
    return frozenset(_words(text.partition("@")[0] for text in texts))


def terms_of(question: str) -> tuple[Word, ...]:
    """The words of what somebody typed, each once, at most `MOST_TERMS`; none where nothing can be looked for."""
    parts = (part.partition("@")[0] for part in question.split())
    return tuple(dict.fromkeys(_words(parts)))[:MOST_TERMS]


def _words(texts: Iterable[str]) -> Iterable[Word]:
    for text in texts:
        for found in _WORD.findall(unicodedata.normalize("NFC", text)):
            bare = folded(found)[:LONGEST_WORD]
            if bare:
                yield Word(bare, found.casefold()[:LONGEST_WORD])
