"""An official's own first page: the periods that were looked at, and what was asked about them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from core.directory import queries as directory
from core.permissions import Permission
from mail_audit.queries import contests
from mail_audit.queries.officials import periods_of
from web import auth, work
from web.guards import needs
from web.views.contests import about_words, state_words

pages = Blueprint("own", __name__)
MOST_CONTESTS = 5


@pages.get("/mine")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def own() -> str:
    """The own figures, the latest period first; whoever is tied to no official has no such page."""
    actor, session = auth.required(), work.session()
    if actor.official_id is None:
        abort(404)
    official = directory.official_row(session, actor.official_id)
    return render_template(
        "own.html",
        official_id=actor.official_id,
        name=official.name if official is not None else actor.name,
        periods=periods_of(session, actor.official_id),
        contests=contests.contests(session, actor, limit=MOST_CONTESTS),
        about_words=about_words,
        state_words=state_words,
    )
