"""A document's story as a paper that can be filed: PDF/A-2b, set by typst.

Everything that people wrote reaches typst as a JSON file beside the template, never as part of its markup. Only fonts
that typst brings along are used; a sign they do not have is shown as U+FFFD.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

import typst

from core.words import Language, day_words
from eoffice.story.model import Happening, Somebody, Story
from eoffice.story.words import HEADINGS, STATES

_NO_GLYPH = re.compile("[^\x20-\x7e\xa0-\u036f\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u2190-\u22ff\ufffd]")
"""Signs that the fonts may not have; PDF/A refuses a paper with even one of them."""
STANDARD: Literal["a-2b"] = "a-2b"


def render(story: Story, *, type_words: str, zone: str, language: Language = "vi") -> bytes:
    """The story as the bytes of a PDF/A-2b file; times are those of `zone` (an IANA name).

    The same story is the same file: the paper is dated by its last happening and not by the clock.
    """
    template = files("eoffice.story").joinpath("templates", "story.typ").read_bytes()
    data = _shown(_data(story, type_words, ZoneInfo(zone), language))
    sources: Any = {"main.typ": template, "data.json": json.dumps(data, ensure_ascii=False).encode()}
    paper = typst.Compiler(sources, ignore_system_fonts=True).compile(format="pdf", pdf_standards=STANDARD)
    if not isinstance(paper, bytes):
        raise TypeError(type(paper))
    return paper


def _data(story: Story, type_words: str, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    last = story.happenings[-1].at.astimezone(zone)
    answers = {"content_by": story.content_by, "form_by": story.form_by, "approved_by": story.approved_by}
    rows = {
        "type": type_words,
        "unit": story.unit,
        "drafter": str(story.drafter),
        "state": STATES[story.state].to(language),
        **{name: _named(one, language) for name, one in answers.items()},
    }
    return {
        "language": language,
        "title": story.title,
        "head": {name: words.to(language) for name, words in HEADINGS.items()},
        "rows": [[HEADINGS[name].to(language), value] for name, value in rows.items()],
        "happenings": [_row(one, zone, language) for one in story.happenings],
        "dated": {"year": last.year, "month": last.month, "day": last.day},
    }


def _named(one: Somebody | None, language: Language) -> str:
    return HEADINGS["none"].to(language) if one is None else str(one)


def _row(one: Happening, zone: ZoneInfo, language: Language) -> dict[str, str]:
    there = one.at.astimezone(zone)
    at = f"{there:%H:%M} {day_words(there).to(language)}"
    return {"at": at, "who": one.names(language), "what": one.sentence(language), "said": one.said}


def _shown(value: Any) -> Any:
    """The same data with every sign that has no glyph replaced; lines of a remark stay lines."""
    if isinstance(value, str):
        return "\n".join(_NO_GLYPH.sub("\ufffd", line) for line in value.splitlines())
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list) else value
