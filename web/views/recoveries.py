"""An account whose owner lost password or second factor: recovered by somebody else, with a reason, in the trail."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.queries.factors import factors_of
from core.directory.services import factors, granting
from core.directory.services.factors.recovering import HANDED_OVER_FOR
from core.errors import InputError
from core.permissions import Permission
from web import auth, work
from web.forms.factors import RecoverForm
from web.guards import needs
from web.language import language

pages = Blueprint("recoveries", __name__)


@pages.get("/accounts/<name>/recover")
@needs(Permission.CORE_ACCOUNT_RECOVER)
def recover(name: str) -> str:
    """What recovering does, and the reason for it."""
    return _page(name, RecoverForm(formdata=None))


@pages.post("/accounts/<name>/recover")
@needs(Permission.CORE_ACCOUNT_RECOVER)
def try_recover(name: str) -> Response | str | tuple[str, int]:
    """Recover the account; the password to hand over is shown once."""
    form = RecoverForm()
    if not form.validate():
        return _page(name, form), 422
    try:
        password = factors.recover_account(
            work.session(),
            auth.required(),
            name=name,
            reason=form.reason.data or "",
            second_for=work.options().second_for,
            now=utc_now(),
        )
    except InputError as refused:
        form.reason.errors = [refused.message.to(language())]
        return _page(name, form), 422
    return render_template("recovered.html", name=name, password=password, days=HANDED_OVER_FOR.days)


def _page(name: str, form: RecoverForm) -> str:
    account = granting.account_acted_on(work.session(), auth.required(), Permission.CORE_ACCOUNT_RECOVER, name=name)
    own = factors_of(work.session(), account)
    title = _("Recover the account %(name)s", name=account.name)
    return render_template("recover.html", form=form, account=account, own=own, title=title)
