"""Signs of Vietnamese text: what looks alike, what is composed, and the encodings that older fonts pretend.

Fonts of TCVN 5712 (`.VnTime`) and VNI draw Vietnamese over the codes of other letters; such text is not Unicode
(TCVN 6909:2001), whatever it looks like. Only the *font* of a run tells: a font's name in a sentence is just words.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

Encoding = Literal["TCVN3", "VNI"]

_CYRILLIC = dict(zip("АВЕКМНОРСТУХасеорухіԁһІЈЅ", "ABEKMHOPCTYXaceopyxidhIJS", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονικ", "ABEZHIKMNOPTYXovik", strict=True))
_WIDE = {chr(code + 0xFEE0): chr(code) for code in (*range(48, 58), *range(65, 91), *range(97, 123))}
LOOK_ALIKES = MappingProxyType({**_CYRILLIC, **_GREEK, **_WIDE, "Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
"""Letter of another alphabet (or Icelandic eth) -> the Vietnamese letter it is taken for."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uf02d\uf0b7\u2022"
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
"""Soft hyphens, zero-width signs and direction marks: nobody sees them, every search trips over them."""
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_VNI_LETTERS = dict(zip("ñÑöÖôÔíÍìÌæÆóÓòÒîÎ", "dduuooiiiiiiiiiiyy", strict=True))


def encoding_of(font: str | None) -> Encoding | None:
    """The older encoding that a font of this name draws; None for a Unicode font."""
    name = (font or "").strip().casefold()
    if name.startswith((".vn", "vntime", "vnarial", ".tmc")):
        return "TCVN3"
    return "VNI" if name.startswith("vni-") or name == "vni" else None


def decoded(text: str, font: str | None) -> str:
    """The text as it looks in that font: Unicode for TCVN 5712; without marks for VNI, which is enough to recognise."""
    encoding = encoding_of(font)
    if encoding == "TCVN3":
        read = "".join(_TCVN3.get(sign, sign) for sign in text)
        return read.upper() if (font or "").endswith("H") else read
    if encoding == "VNI":
        return "".join(_VNI_LETTERS.get(sign, sign if sign.isascii() else "") for sign in text)
    return text


def skeleton(text: str) -> str:
    """The text in small letters without marks, look-alikes and invisible signs: to recognise it in spite of faults."""
    seen = "".join(LOOK_ALIKES.get(sign, sign) for sign in INVISIBLE.sub("", text))
    bare = "".join(sign for sign in unicodedata.normalize("NFD", seen) if not unicodedata.combining(sign))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    return _SPACES.sub(" ", "".join("-" if sign in DASHES else sign for sign in bare)).strip().casefold()


def foreign(text: str) -> list[tuple[int, int, str]]:
    """Words that mix alphabets: (start, end, in Vietnamese letters). A word wholly of another one is its own."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        strange = [sign for sign in word if sign in LOOK_ALIKES]
        others = [sign for sign in word if sign not in LOOK_ALIKES and sign.isalpha()]
        latin = [sign for sign in others if "LATIN" in unicodedata.name(sign, "")]
        eth = all(sign in "ÐðƉɖ" for sign in strange)
        if strange and len(latin) == len(others) and (latin or eth):
            found.append((match.start(), match.end(), "".join(LOOK_ALIKES.get(sign, sign) for sign in word)))
    return found


def apart(text: str) -> tuple[int, int] | None:
    """Where letters and their marks are separate signs (not NFC): from the first to past the last; None if nowhere."""
    if unicodedata.is_normalized("NFC", text):
        return None
    marks = [at for at, sign in enumerate(text) if unicodedata.normalize("NFC", sign) != sign or _joins(text, at)]
    if not marks:
        return (0, len(text))
    first, last = max(marks[0] - 1, 0), marks[-1] + 1
    while first and unicodedata.combining(text[first]):
        first -= 1
    return (first, last)


def _joins(text: str, at: int) -> bool:
    return bool(unicodedata.combining(text[at])) and at > 0


def composed(text: str) -> str:
    """The text in NFC, each letter one sign."""
    return unicodedata.normalize("NFC", text)


def is_capitals(text: str) -> bool:
    """Whether it has letters and all of them are capitals."""
    letters = [sign for sign in composed(text) if sign.isalpha()]
    return bool(letters) and all(not sign.islower() for sign in letters)


ROMAN = MappingProxyType({"I": 1, "V": 5, "X": 10, "L": 50, "C": 100})


def roman(text: str) -> int | None:
    """The value of a Roman number up to 399 written rightly; None for anything else."""
    if not text or set(text) - set(ROMAN):
        return None
    values = [ROMAN[sign] for sign in text]
    total = values[-1] + sum(-a if a < b else a for a, b in pairwise(values))
    return total if as_roman(total) == text else None


def as_roman(number: int) -> str:
    """1 -> I, 4 -> IV; up to 399."""
    found = ""
    for value, signs in (
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")
    ):  # fmt: skip
        found += signs * (number // value)
        number %= value
    return found


POINTS = (
    "a",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "v",
    "x",
    "y",
)
"""The letters of points, in the order of the Vietnamese alphabet; without ă, â, ê, ô, ơ and ư, as usage has it."""
