"""The whole story of a document: on one page, and as a paper that can be filed."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, render_template, send_file
from werkzeug.wrappers import Response

from core.permissions import Permission
from core.words import LANGUAGES
from eoffice.queries.story import story
from eoffice.services import looking
from eoffice.story import Story, as_pdf
from web import auth, work
from web.guards import needs
from web.language import language
from web.views.document_words import STATES, moment, type_words

pages = Blueprint("stories", __name__)


@pages.get("/documents/<int:draft_id>/story")
@needs(Permission.EOFFICE_DRAFT_READ)
def of_document(draft_id: int) -> str:
    """Everything that happened to it, the first first."""
    return render_template(
        "story.html", story=_story(draft_id), type_words=type_words, states=STATES, language=language()
    )


@pages.get("/documents/<int:draft_id>/story/<chosen>.pdf")
@needs(Permission.EOFFICE_DRAFT_READ)
def paper(draft_id: int, chosen: str) -> Response:
    """The same as PDF/A, in one of the languages."""
    if chosen not in LANGUAGES:
        abort(404)
    found = _story(draft_id)
    made = as_pdf.render(found, type_words=type_words(found.type), zone=work.settings().timezone, language=chosen)
    name = f"vanthu-{draft_id}-{chosen}.pdf"
    return send_file(BytesIO(made), mimetype="application/pdf", as_attachment=True, download_name=name)


def _story(draft_id: int) -> Story:
    looking.note_read(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return story(work.session(), auth.required(), draft_id=draft_id, today=moment().today)
