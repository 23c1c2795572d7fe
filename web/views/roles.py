"""One account and what it may do: its roles, where and until when, granted and withdrawn here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import queries, services
from core.directory.errors import GrantError, LastAdministratorError
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import ROLE_WORDS, Permission
from web import auth, work
from web.forms.roles import GrantForm
from web.guards import needs
from web.language import language

pages = Blueprint("roles", __name__)


def unit_of(written: str | None) -> str | None:
    """The key of the unit that somebody wrote by key or name; None for nothing: the whole city."""
    return queries.unit_key(work.session(), written) if written else None


def role_words(role: str) -> str:
    """The name of a role."""
    return ROLE_WORDS[role].to(language())


@pages.get("/accounts/<name>")
@needs(Permission.CORE_ACCOUNT_READ)
def roles(name: str) -> str:
    """The roles of one account, those it had among them, and the form that grants one more."""
    return _page(name, GrantForm(formdata=None))


@pages.post("/accounts/<name>/roles")
@needs(Permission.CORE_GRANT_GIVE)
def grant(name: str) -> Response | tuple[str, int]:
    """Grant a role; a form that cannot be used comes back with its reasons."""
    form = GrantForm()
    queries.account_in_reach(work.session(), name, reach=auth.required().reach(Permission.CORE_GRANT_GIVE))
    if not form.validate():
        return _page(name, form), 422
    try:
        services.grant_role(
            work.session(),
            auth.required(),
            name=name,
            role=form.role.data,
            unit_key=unit_of(form.unit.data),
            until=form.until.data,
        )
    except (GrantError, ForbiddenError, InputError) as refused:
        (form.until if isinstance(refused, InputError) else form.role).errors = [refused.message.to(language())]
        return _page(name, form), 422
    except NotFoundError as refused:
        form.unit.errors = [refused.message.to(language())]
        return _page(name, form), 422
    flash(_("The role is granted; it holds from now on."))
    return redirect(url_for("roles.roles", name=name), 303)


@pages.post("/accounts/<name>/roles/<int:grant_id>/withdraw")
@needs(Permission.CORE_GRANT_GIVE)
def withdraw(name: str, grant_id: int) -> Response:
    """Take a role back; the last administrator's is refused."""
    try:
        services.withdraw_grant(work.session(), auth.required(), name=name, grant_id=grant_id)
    except LastAdministratorError as refused:
        flash(refused.message.to(language()))
    else:
        flash(_("The role is withdrawn; it holds no longer. It may be granted again here."))
    return redirect(url_for("roles.roles", name=name), 303)


def _page(name: str, form: GrantForm) -> str:
    session, actor = work.session(), auth.required()
    account, official = queries.account_in_reach(session, name, reach=actor.reach(Permission.CORE_ACCOUNT_READ))
    every = queries.grants(session, today=work.today(), name=account.name)
    return render_template(
        "roles.html",
        account=account,
        official=official,
        grants=[one for one in every if one.withdrawn_at is None and (one.until is None or one.until >= work.today())],
        earlier=[one for one in every if one.withdrawn_at is not None or (one.until and one.until < work.today())],
        form=form,
        role_words=role_words,
        may_grant=actor.may(Permission.CORE_GRANT_GIVE),
    )
