"""Text in the two languages of the suite, kept together so that neither can be forgotten; and what may be shown.

Names come from directories and files, hosts from logs: control characters would drive a terminal, direction marks
would turn a line round, and the lone surrogates of a badly named file cannot be written as UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def showable(text: str) -> str:
    """One line of text with every character that no page and no terminal can show replaced by U+FFFD."""
    return text if text.isprintable() else _UNSHOWABLE.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Vietnamese and in English."""

    vi: str
    en: str

    def to(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.vi if language == "vi" else self.en


def inert(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula.

    As OWASP's page on CSV injection advises, and past spaces that spreadsheets trim before they look.
    """
    return f"'{text}" if text.lstrip(" \u00a0\ufffd").startswith(_FORMULA_STARTS) else text
