"""Text in the two languages of the suite, kept together so that neither can be forgotten; and what may be shown.

Names come from directories and files, hosts from logs: control characters would drive a terminal, direction marks
would turn a line round, and the lone surrogates of a badly named file cannot be written as UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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


def day_words(day: date) -> Text:
    """A day: 01/10/2026, or 1 October 2026. In English the month is a word, since 03/12 is read in two ways."""
    return Text(f"{day:%d/%m/%Y}", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def short_day_words(day: date) -> Text:
    """A day without its year, where there is little room: 01/10, or 1 Oct."""
    return Text(f"{day:%d/%m}", f"{day.day} {_MONTHS[day.month - 1][:3]}")


def span_words(first: date, last: date) -> Text:
    """The days from one to another: 01/10/2026 – 05/10/2026, or 1 October 2026 – 5 October 2026."""
    return Text(
        f"{day_words(first).vi} – {day_words(last).vi}",
        f"{day_words(first).en} – {day_words(last).en}",
    )


def month_words(day: date) -> Text:
    """The month of a day: 10/2026 (after the word "tháng"), or October 2026."""
    return Text(f"{day:%m/%Y}", f"{_MONTHS[day.month - 1]} {day.year}")


def moment_words(there: datetime) -> Text:
    """A day and the time of day, as the clocks stand to which `there` was brought: 01/10/2026 14:05, or 14:05 on …."""
    day = day_words(there)
    return Text(f"{day.vi} {there:%H:%M}", f"{there:%H:%M} on {day.en}")


def inert(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula.

    As OWASP's page on CSV injection advises, and past spaces that spreadsheets trim before they look.
    """
    return f"'{text}" if text.lstrip(" \u00a0\ufffd").startswith(_FORMULA_STARTS) else text
