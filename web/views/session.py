"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import services
from web import auth, devices, halfway, work
from web.addresses import safe_next
from web.doors import came_by, log_in_page
from web.forms.log_in import LogInForm
from web.guards import public

pages = Blueprint("session", __name__)


@pages.get("/log-in")
@public("nobody is logged in yet")
def log_in() -> str | Response:
    """The log-in page; who is logged in already goes on."""
    wanted = safe_next(request.args.get("next"))
    if auth.actor() is not None:
        return redirect(wanted)
    return log_in_page(LogInForm(), wanted, left=request.args.get("left"))


@pages.post("/log-in")
@public("nobody is logged in yet")
def try_log_in() -> Response | tuple[str, int]:
    """Check name and password. The same answer for an unknown name, a wrong password and a pause after too many."""
    form = LogInForm()
    wanted = safe_next(request.args.get("next"))
    if not form.validate():
        return log_in_page(form, wanted), 422
    account = services.verify_log_in(
        work.session(),
        name=form.name.data or "",
        password=form.password.data or "",
        address=request.remote_addr,
        device=devices.token(),
        second_for=work.options().second_for,
    )
    if account is None:
        form.password.errors = [
            _("Name or password is not right. After several wrong attempts there is a pause of some minutes.")
        ]
        return log_in_page(form, wanted), 422
    return halfway.first_factor_done(account, wanted=wanted)


@pages.post("/log-out")
@public("an ended session must be able to end")
def log_out() -> Response:
    """End the session; who came from a provider may log out there too."""
    left = came_by()
    auth.log_out()
    return redirect(url_for("session.log_in", left=left), 303)
