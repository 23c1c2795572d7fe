"""The home page: what waits for whoever is logged in, then the figures of those who have any."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template

from core.db import utc_now
from core.directory import queries as directory
from core.permissions import Permission
from mail_audit.queries.officials import periods_of
from web import auth, formats, waiting, work
from web.guards import needs
from web.views.city import picture_of_latest

pages = Blueprint("home", __name__)


@pages.get("/")
@needs(Permission.CORE_ACCOUNT_OWN)
def home() -> str:
    """A greeting with the date, what waits, the own figures in a sentence, and the picture where it may be seen."""
    actor, session, now = auth.required(), work.session(), utc_now()
    shown: dict[str, Any] = picture_of_latest(actor) or {}
    if actor.official_id is not None and actor.may_of(Permission.MAIL_AUDIT_EVIDENCE_READ, actor.official_id):
        shown["own"] = periods_of(session, actor.official_id, limit=1)
    return render_template(
        "home.html",
        greeted=_name(),
        today=formats.local(now).date(),
        desk=waiting.desk_of(session, actor, now, current_app.config["OFFERS"]),
        **shown,
    )


def _name() -> str:
    """Whom the page greets: the official by name, any other account by that of the account."""
    actor = auth.required()
    row = directory.official_row(work.session(), actor.official_id) if actor.official_id is not None else None
    return row.name if row is not None else actor.name
