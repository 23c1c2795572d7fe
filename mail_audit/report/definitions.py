"""What the classes and rungs of a report mean, as rows, and dictionaries of words in one language."""

from __future__ import annotations

from collections.abc import Mapping

from core.words import Language, Text
from mail_audit.report.model import CLASSES
from mail_audit.report.picture import Row
from mail_audit.report.terms import CLASS_MEANINGS, CLASS_WORDS, RUNG_MEANINGS, RUNG_WORDS


def said(texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    """The same keys with their words in `language`, for a template."""
    return {key: text.to(language) for key, text in texts.items()}


def definitions(language: Language) -> dict[str, list[Row]]:
    """`classes` and `rungs`, each with what it means, for the foot of a report."""
    return {
        "classes": [Row(CLASS_WORDS[one].to(language), CLASS_MEANINGS[one].to(language)) for one in CLASSES],
        "rungs": [
            Row(f"{rung}: {words.to(language)}", RUNG_MEANINGS[rung].to(language)) for rung, words in RUNG_WORDS.items()
        ],
    }
