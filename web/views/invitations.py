"""Officials invited: one, a unit, or those of a file; each is mailed a link that leads to a password of their own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.services import invitees
from core.directory.services.inviting import MOST, Invited, invite
from core.errors import InputError, NotFoundError, UnavailableError
from core.mail.options import MailOptions
from core.permissions import Permission
from web import auth, work
from web.forms.invitations import InvitationForm
from web.guards import needs
from web.intake import takes_files
from web.language import language

pages = Blueprint("invitations", __name__)


@pages.get("/invitations")
@needs(Permission.CORE_ACCOUNT_CREATE)
def invitations() -> str:
    """The form."""
    return _page(InvitationForm(formdata=None))


@pages.post("/invitations")
@needs(Permission.CORE_ACCOUNT_CREATE)
@takes_files
def send() -> Response | str | tuple[str, int]:
    """Invite whoever was named; who could not be is listed with the reason."""
    form = InvitationForm()
    if not form.validate():
        return _page(form), 422
    try:
        done = invite(work.session(), auth.required(), official_ids=_wanted(form), now=utc_now())
    except (InputError, NotFoundError, UnavailableError) as refused:
        form.numbers.errors = [refused.message.to(language())]
        return _page(form), 422
    if done.left:
        return _page(InvitationForm(formdata=None), done)
    flash(_("Invited: %(made)s. Sent a new link: %(again)s.", made=done.made, again=done.again))
    return redirect(url_for("invitations.invitations"), 303)


def _wanted(form: InvitationForm) -> list[str]:
    """The numbers that were typed, those of the unit, and those in the file."""
    found = form.typed
    if form.unit.data:
        found += invitees.of_unit(work.session(), auth.required(), form.unit.data)
    file: Any = form.file.data
    if getattr(file, "filename", ""):
        found += invitees.of_file(file.stream.read(invitees.LARGEST + 1))
    return found


def _page(form: InvitationForm, done: Invited | None = None) -> str:
    return render_template(
        "invitations.html",
        form=form,
        done=done,
        most=MOST,
        options=MailOptions.of(work.settings()),
    )
