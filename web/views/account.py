"""The own account: changing its password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import services
from core.directory.errors import PasswordError
from core.directory.passwords import SHORTEST
from core.permissions import Permission
from web import auth, work
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
    try:
        changed = services.change_own_password(
            work.session(), auth.required(), old=form.old.data or "", new=form.new.data or ""
        )
    except PasswordError as refused:
        form.new.errors = [refused.message.to(language())]
        return _page(form), 422
    if changed is None:
        form.old.errors = [
            _("That is not the present password. After several wrong attempts there is a pause of some minutes.")
        ]
        return _page(form), 422
    auth.log_in(changed)
    flash(_("The password is changed. Wherever else this account was logged in, it is logged out now."))
    return redirect(url_for("account.account"), 303)


def _page(form: PasswordForm) -> str:
    return render_template("account.html", form=form, shortest=SHORTEST)
