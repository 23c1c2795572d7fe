"""The API's document as a page a person can read, in both languages."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, render_template

from core.directory.scopes import SCOPES
from core.words import Language
from web import work
from web.api.document import document
from web.api.reading import Chapter, read
from web.guards import public
from web.language import language

pages = Blueprint("api_guide", __name__)


@pages.get("/api")
@public("the same in every installation, as the document that it is made of")
def guide() -> str:
    """How to ask, and every operation with what it takes and gives."""
    return render_template(
        "api_guide.html",
        sections=_chapters(language()),
        scopes=SCOPES.values(),
        most=work.options().api_requests_a_minute,
    )


@cache
def _chapters(chosen: Language) -> list[Chapter]:
    """The document as the page shows it; made once a process and language, for anybody may ask."""
    return read(document(chosen))
