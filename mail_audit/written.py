"""Texts that people write into the record (reasons, answers, notes): one spelling, no control signs, bounded."""

from __future__ import annotations

import unicodedata

LONGEST = 2000
"""Signs of a reason, an answer or a note: a page of handwriting."""


def cleaned(text: str) -> str:
    """`text` composed (NFC), its lines without space at their ends, control and direction signs taken out.

    Directions and invisible signs could make a text read otherwise than it is.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = [
        "".join(" " if sign == "\t" else sign for sign in line if sign == "\t" or _visible(sign)) for line in lines
    ]
    return "\n".join(line.rstrip() for line in shown).strip()


def _visible(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
