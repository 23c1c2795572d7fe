"""Logging in with a passkey and nothing else: no name, no password; the device has known its owner."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.queries.factors import Factor
from core.directory.services import factors
from web import factor_pages, halfway, passkey_site, work
from web.addresses import safe_next
from web.doors import log_in_page
from web.forms.factors import PasskeyForm
from web.forms.log_in import LogInForm
from web.guards import public

pages = Blueprint("passkey_log_in", __name__)


@pages.get("/log-in/passkey/options")
@public("nobody is logged in yet")
def options() -> Response:
    """What the browser asks any passkey for these pages, as JSON."""
    site = passkey_site.required()
    return factor_pages.as_json(factors.request_options(work.session(), account=None, site=site, now=utc_now()))


@pages.post("/log-in/passkey")
@public("nobody is logged in yet")
def enter() -> Response | tuple[str, int]:
    """A passkey's answer. The same refusal for one of nobody, a closed account, and one without PIN, finger or face."""
    wanted, form = safe_next(request.args.get("next")), PasskeyForm()
    account = None
    if form.validate():
        account = factors.enter_by_passkey(
            work.session(), answer=form.answer.data or "", site=passkey_site.required(), now=utc_now()
        )
    if account is None:
        problem = _("The passkey was not accepted. Please log in with name and password.")
        return log_in_page(LogInForm(formdata=None), wanted, problem=problem), 422
    return halfway.go_on(halfway.HalfWay(account, Factor.PASSKEY), wanted=wanted)
