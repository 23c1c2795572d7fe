"""Outgoing mail for whoever looks after the server: what waits, what was refused and why, and another try."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.mail import queries
from core.mail.kinds import name_of
from core.mail.models import MailState
from core.mail.options import MailOptions
from core.mail.retrying import retry as try_again
from core.permissions import Permission
from web import auth, work
from web.guards import needs
from web.language import language
from web.views.asked import offset, optional

pages = Blueprint("mail", __name__)
LIMIT = 50


def state_words(state: str) -> str:
    """Where a message is, in a word or two."""
    words: dict[MailState, str] = {
        MailState.WAITING: _("waiting"),
        MailState.SENT: _("sent"),
        MailState.REFUSED: _("refused"),
        MailState.GIVEN_UP: _("given up"),
    }
    return words[MailState(state)]


@pages.get("/mail")
@needs(Permission.CORE_MAIL_READ)
def mail() -> str:
    """The newest messages, without their texts, which nobody keeps."""
    first = offset(request.args.get("offset"))
    state = optional(request.args.get("state"), tuple(MailState))
    options = MailOptions.of(work.settings())
    rows = queries.messages(work.session(), state=state, offset=first, limit=LIMIT + 1)
    return render_template(
        "mail.html",
        counts=queries.counts(work.session()),
        rows=rows[:LIMIT],
        has_more=len(rows) > LIMIT,
        first=first,
        limit=LIMIT,
        state=state,
        states=tuple(MailState),
        state_words=state_words,
        kind_words=lambda kind: name_of(kind).to(language()),
        options=options,
        owned=queries.is_somebodys(work.session(), options),
    )


@pages.post("/mail/retry")
@needs(Permission.CORE_MAIL_RETRY)
def retry() -> Response:
    """Have everything that was refused or given up tried again."""
    count = try_again(work.session(), auth.required(), now=utc_now())
    flash(_("%(count)s messages are tried again.", count=count))
    return redirect(url_for("mail.mail"), 303)
