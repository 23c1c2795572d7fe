"""Setting a paper by typst: PDF/A-2b, with the fonts that typst brings along, and nothing anybody wrote as markup."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from typing import Any, Literal

import typst

from core.words import Language, day_words

_NO_GLYPH = re.compile("[^\x20-\x7e\xa0-\u036f\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u2190-\u22ff\ufffd]")
"""Signs that the fonts may not have; PDF/A refuses a paper with even one of them."""
STANDARD: Literal["a-2b"] = "a-2b"


def as_pdf(template: str, data: dict[str, Any], *, dated: date, language: Language, **beside: bytes) -> bytes:
    """The paper of a template with its data, as the bytes of a PDF/A-2b file.

    `dated` is what the file says of its making, so that the same paper is the same file every day. `beside` are files
    that the template reads, by name without the `.svg`.
    """
    told = {**data, "language": language, "dated": {"year": dated.year, "month": dated.month, "day": dated.day}}
    sources: Any = {
        "main.typ": files("training.papers").joinpath("templates", template).read_bytes(),
        "data.json": json.dumps(_shown(told), ensure_ascii=False).encode(),
        **{f"{name}.svg": content for name, content in beside.items()},
    }
    paper = typst.Compiler(sources, ignore_system_fonts=True).compile(format="pdf", pdf_standards=STANDARD)
    if not isinstance(paper, bytes):
        raise TypeError(type(paper))
    return paper


def written_day(day: date, language: Language) -> str:
    """A day as it stands on a paper."""
    return day_words(day).to(language)


def _shown(value: Any) -> Any:
    """The same data with every sign that has no glyph replaced."""
    if isinstance(value, str):
        return _NO_GLYPH.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list) else value
