"""The own account: its password, and where it is logged in."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory import queries, services
from core.directory.errors import PasswordError
from core.directory.passwords import SHORTEST
from core.directory.queries import the_account
from core.directory.services.identities import identities_of
from core.permissions import Permission
from web import auth, devices, doors, work
from web.forms.password import PasswordForm
from web.guards import needs
from web.language import language

pages = Blueprint("account", __name__)


@pages.get("/account")
@needs(Permission.CORE_ACCOUNT_OWN)
def account() -> str:
    """The own account, whatever its role."""
    return _page(PasswordForm(formdata=None))


@pages.post("/account/password")
@needs(Permission.CORE_ACCOUNT_OWN)
def change_password() -> Response | tuple[str, int]:
    """Change the own password; every other session of the account ends, this one goes on under the new password."""
    form = PasswordForm()
    if not form.validate():
        return _page(form), 422
    present = auth.present()
    try:
        changed = services.change_own_password(
            work.session(),
            auth.required(),
            old=form.old.data or "",
            new=form.new.data or "",
            address=request.remote_addr,
            device=devices.token(),
        )
    except PasswordError as refused:
        form.new.errors = [refused.message.to(language())]
        return _page(form), 422
    if changed is None:
        form.old.errors = [
            _("That is not the present password. After several wrong attempts there is a pause of some minutes.")
        ]
        return _page(form), 422
    auth.log_in(changed, factor=None if present is None else present.factor)
    flash(_("The password is changed. Wherever else this account was logged in, it is logged out now."))
    return redirect(url_for("account.account"), 303)


@pages.post("/account/sessions/<int:session_id>/end")
@needs(Permission.CORE_ACCOUNT_OWN)
def end_session(session_id: int) -> Response:
    """End one session of the own account; the present one too."""
    services.end_session(work.session(), auth.required(), name=auth.required().name, session_id=session_id)
    flash(_("That session is over."))
    return redirect(url_for("account.account"), 303)


@pages.post("/account/sessions/end")
@needs(Permission.CORE_ACCOUNT_OWN)
def end_others() -> Response:
    """End every session of the own account but the present one."""
    present = auth.present()
    services.end_sessions(
        work.session(), auth.required(), name=auth.required().name, but=None if present is None else present.id
    )
    flash(_("Every other session is over."))
    return redirect(url_for("account.account"), 303)


def _ways() -> list[tuple[str, datetime]]:
    """By which other doors the account is entered: the door's name and since when."""
    names = {doors.installed().provider_of(key): label for key, label in doors.labels().items()}
    tied = identities_of(work.session(), auth.required().name)
    return [(names.get(one.provider, one.provider), one.linked_at) for one in tied]


def _page(form: PasswordForm) -> str:
    present = auth.present()
    return render_template(
        "account.html",
        form=form,
        shortest=SHORTEST,
        sessions=queries.open_sessions(work.session(), name=auth.required().name, times=auth.times(), now=utc_now()),
        present=None if present is None else present.id,
        options=work.options(),
        has_password=bool(the_account(work.session(), auth.required().name).password_hash),
        ways=_ways(),
    )
