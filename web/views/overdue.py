"""What is overdue, unit by unit: a head sees it without asking, and finds it on the home page."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.permissions import Actor, Permission
from eoffice.queries.board import board, led_board
from web import auth, formats, looks, waiting, work
from web.guards import needs
from web.views.asked import offset
from web.views.document_words import PURPOSES, moment

pages = Blueprint("overdue", __name__)
LIMIT = 50


@pages.get("/overdue")
@needs(Permission.EOFFICE_BOARD_READ)
def overdue() -> str:
    """The units in reach where anything waits, the latest first."""
    units = board(work.session(), auth.required(), today=moment().today)
    looks.at_board(units)
    first = offset(request.args.get("offset"))
    return render_template(
        "overdue.html",
        units=units[first : first + LIMIT],
        late=sum(one.late for one in units),
        purposes=PURPOSES,
        total=len(units),
        offset=first,
        limit=LIMIT,
        address=lambda **changed: url_for("overdue.overdue", **changed),
    )


def offered(session: Session, actor: Actor, now: datetime) -> waiting.Offer | None:
    """The units that the actor leads in which something is overdue, for the home page."""
    if not actor.may(Permission.EOFFICE_BOARD_READ):
        return None
    kind, address = str(_("Overdue")), url_for("overdue.overdue")
    late = led_board(session, actor, today=formats.local(now).date())
    things = [
        waiting.Waiting(
            kind,
            str(ngettext("%(num)s document is overdue in %(unit)s", "%(num)s documents are overdue in %(unit)s",
                         one.late, unit=one.name)),
            address,
            who=str(ngettext("by up to %(num)s day", "by up to %(num)s days", one.longest)),
        )
        for one in late[: waiting.SHOWN]
    ]  # fmt: skip
    return waiting.Offer.of(things, total=len(late), words=kind, address=address)
