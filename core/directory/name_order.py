"""Sorting keys in the order of the Vietnamese alphabet, made of ASCII letters and digits only; text for searching.

Databases sort Vietnamese differently (SQLite by code point, PostgreSQL by its collation); a stored key of plain ASCII
sorts the same everywhere and can be indexed. Letters come before tones, syllable by syllable, as in TCVN dictionaries:
a, ă, â, ... d, đ, e, ê ...; level, huyền, hỏi, ngã, sắc, nặng. Numbers inside sort by value.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_SYLLABLES = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_NUMBER_WIDTH = 9


def person_order(name: str) -> str:
    """Key of a person's name: the given name (last in Vietnamese) first, then the family and middle names."""
    syllables = _SYLLABLES.findall(unicodedata.normalize("NFD", name))
    return _key(syllables[-1:] + syllables[:-1])


def text_order(text: str) -> str:
    """Key of any other text, from left to right."""
    return _key(_SYLLABLES.findall(unicodedata.normalize("NFD", text)))


def folded(text: str) -> str:
    """Text for searching: small letters without Vietnamese marks, so that `nguyen van an` finds Nguyễn Văn Ân."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return bare.casefold().replace("đ", "d")


def _key(syllables: list[str]) -> str:
    return "".join(_number(syllable) if syllable.isdecimal() else _syllable(syllable) for syllable in syllables)


def _number(digits: str) -> str:
    value = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return "0" + value.zfill(_NUMBER_WIDTH)[:_NUMBER_WIDTH]


def _syllable(syllable: str) -> str:
    """Two signs a letter (the letter, and which of its Vietnamese forms), then the tone of the syllable."""
    letters: list[str] = []
    tone = "0"
    for sign in syllable.lower():
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign in (_BREVE, _CIRCUMFLEX, _HORN) and letters:
            letters[-1] = letters[-1][0] + _form(letters[-1][0], sign)
        elif sign == "đ":
            letters.append("d1")
        elif not unicodedata.combining(sign):
            letters.append(sign + "0" if sign.isascii() else f"z9{ord(sign):06x}")
    return "".join(letters) + tone


def _form(letter: str, mark: str) -> str:
    """The vowels a ă â, o ô ơ, e ê, u ư: which place the marked letter has after the plain one."""
    if letter == "a":
        return "1" if mark == _BREVE else "2"
    if letter == "o":
        return "1" if mark == _CIRCUMFLEX else "2"
    return "1"
