"""Accounts: who may log in, what each may do, and a new one: an official's, or one with a role, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory import queries, services
from core.directory.errors import AccountError, PasswordError
from core.directory.passwords import SHORTEST
from core.directory.queries import Grant
from core.errors import ForbiddenError, InputError, NotFoundError, VanthuError
from core.permissions import Permission
from web import auth, doors, undo, work
from web.forms.accounts import AccountForm
from web.guards import needs
from web.language import language
from web.views.asked import offset
from web.views.roles import role_words, unit_of

pages = Blueprint("accounts", __name__)
LIMIT = 50
LONGEST_TEXT = 100


@pages.get("/accounts")
@needs(Permission.CORE_ACCOUNT_READ)
def accounts() -> str:
    """A part of the accounts in reach with their roles, and the form for a new one."""
    return _page(AccountForm(formdata=None))


@pages.post("/accounts")
@needs(Permission.CORE_ACCOUNT_CREATE)
def create() -> Response | tuple[str, int]:
    """Make an account; a form that cannot be used comes back with its reasons."""
    form = AccountForm()
    if not form.validate():
        return _page(form), 422
    try:
        account = services.create_account(
            work.session(),
            auth.required(),
            name=form.name.data or "",
            password=form.password.data or None,
            official_id=form.official_id.data or None,
            role=form.role.data or None,
            unit_key=unit_of(form.unit.data),
        )
    except ForbiddenError as refused:
        form.role.errors = [refused.message.to(language())]
        return _page(form), 422
    except (InputError, AccountError, NotFoundError) as refused:
        _field_of(form, refused).errors = [refused.message.to(language())]
        return _page(form), 422
    flash(_("The account %(name)s is made.", name=account.name))
    return redirect(url_for("accounts.accounts"), 303)


@pages.post("/accounts/<name>/sessions/end")
@needs(Permission.CORE_SESSION_END)
def end_sessions(name: str) -> Response:
    """End every session of an account."""
    ended = services.end_sessions(work.session(), auth.required(), name=name)
    flash(_("%(count)s sessions of %(name)s are over.", count=ended, name=name))
    return redirect(url_for("accounts.accounts"), 303)


@pages.post("/accounts/<name>/close")
@needs(Permission.CORE_ACCOUNT_CLOSE)
def close(name: str) -> Response:
    """Close an account; what was open of it is over at once."""
    services.close_account(work.session(), auth.required(), name=name)
    undo.offer(_("The account %(name)s is closed.", name=name), url_for("accounts.reopen", name=name))
    return redirect(url_for("accounts.accounts"), 303)


@pages.post("/accounts/<name>/reopen")
@needs(Permission.CORE_ACCOUNT_CLOSE)
def reopen(name: str) -> Response:
    """Open a closed account again."""
    services.reopen_account(work.session(), auth.required(), name=name)
    undo.offer(
        _("The account %(name)s is open again, with the password it had.", name=name),
        url_for("accounts.close", name=name),
    )
    return redirect(url_for("accounts.accounts"), 303)


def _field_of(form: AccountForm, refused: VanthuError) -> Any:
    """The field that a refusal speaks of."""
    if isinstance(refused, PasswordError):
        return form.password
    return form.name if isinstance(refused, InputError) else form.official_id


def _roles_of(grants: Iterable[Grant]) -> dict[str, list[Grant]]:
    """Account -> the roles it has now."""
    found: dict[str, list[Grant]] = defaultdict(list)
    for one in grants:
        if one.in_force:
            found[one.account].append(one)
    return found


def _page(form: AccountForm) -> str:
    session, reach = work.session(), auth.required().reach(Permission.CORE_ACCOUNT_READ)
    text, first = (
        (request.args.get("q") or "").replace("\x00", "").strip()[:LONGEST_TEXT],
        offset(request.args.get("offset")),
    )
    found = queries.accounts(
        session, reach=reach, times=auth.times(), now=utc_now(), text=text, offset=first, limit=LIMIT
    )
    shown = [account.name for account, _official, _sessions in found.rows]

    def address(**changed: Any) -> str:
        return url_for("accounts.accounts", **({"q": text or None} | changed))

    return render_template(
        "accounts.html",
        form=form,
        accounts=found,
        text=text,
        offset=first,
        limit=LIMIT,
        address=address,
        roles_of=_roles_of(queries.grants(session, today=work.today(), names=shown)),
        shortest=SHORTEST,
        role_words=role_words,
        other_doors=doors.labels(),
    )
