"""Tokens by which programs ask the API: the own ones, and (for who may give them) those of services and everybody's."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.errors import TokenError
from core.directory.queries.tokens import all_tokens, tokens_of
from core.directory.scopes import SCOPES
from core.directory.services.tokens import give_personal_token, give_service_token, offered, revoke_token
from core.permissions import Permission
from web import asked_again, auth, work
from web.forms.tokens import ServiceTokenForm, TokenForm
from web.guards import needs
from web.language import language
from web.views.asked import offset

pages = Blueprint("tokens", __name__)
LIMIT = 50


@pages.get("/account/tokens")
@needs(Permission.CORE_ACCOUNT_OWN)
def own() -> str:
    """The own tokens, and the form for one more."""
    return _own_page(asked_again.without_password(TokenForm(formdata=None)))


@pages.post("/account/tokens")
@needs(Permission.CORE_ACCOUNT_OWN)
def make() -> str | tuple[str, int]:
    """Make one; it is shown this once."""
    form = asked_again.without_password(TokenForm())
    if not asked_again.confirmed(form):  # a token goes past the second step
        return _own_page(form), 422
    try:
        given = give_personal_token(
            work.session(),
            auth.required(),
            name=form.name.data or "",
            scopes=form.scopes.data,
            days=int(form.days.data),
            now=utc_now(),
        )
    except TokenError as refused:
        form.name.errors = [refused.message.to(language())]
        return _own_page(form), 422
    return render_template("token_given.html", token=given.token, onward=url_for("tokens.own"))


@pages.post("/account/tokens/<int:token_id>/revoke")
@needs(Permission.CORE_ACCOUNT_OWN)
def revoke_own(token_id: int) -> Response:
    """Revoke one of the own tokens."""
    return _revoked(token_id, "tokens.own")


@pages.get("/tokens")
@needs(Permission.CORE_TOKEN_READ)
def tokens() -> str:
    """Every token, and the form for a service's."""
    return _page(asked_again.without_password(ServiceTokenForm(formdata=None)))


@pages.post("/tokens")
@needs(Permission.CORE_TOKEN_GIVE)
def give() -> str | tuple[str, int]:
    """Give a token to a service; it is shown this once."""
    form = asked_again.without_password(ServiceTokenForm())
    if not asked_again.confirmed(form):
        return _page(form), 422
    try:
        given = give_service_token(
            work.session(),
            auth.required(),
            service=form.name.data or "",
            scopes=form.scopes.data,
            days=int(form.days.data),
            now=utc_now(),
        )
    except TokenError as refused:
        form.name.errors = [refused.message.to(language())]
        return _page(form), 422
    return render_template("token_given.html", token=given.token, onward=url_for("tokens.tokens"))


@pages.post("/tokens/<int:token_id>/revoke")
@needs(Permission.CORE_TOKEN_GIVE)
def revoke(token_id: int) -> Response:
    """Revoke anybody's token."""
    return _revoked(token_id, "tokens.tokens")


def _revoked(token_id: int, onward: str) -> Response:
    revoke_token(work.session(), auth.required(), token_id=token_id, now=utc_now())
    flash(_("The token is revoked. Whatever used it is locked out from now on."))
    return redirect(url_for(onward), 303)


def _own_page(form: TokenForm) -> str:
    return render_template(
        "tokens.html",
        form=form,
        tokens=tokens_of(work.session(), auth.required().name, now=utc_now()),
        of_all=False,
        may_give=True,
        **_choices(offered(auth.required())),
    )


def _page(form: TokenForm) -> str:
    actor, first = auth.required(), offset(request.args.get("offset"))
    found = all_tokens(work.session(), now=utc_now(), offset=first, limit=LIMIT)
    return render_template(
        "tokens.html",
        form=form,
        tokens=found.rows,
        total=found.total,
        offset=first,
        limit=LIMIT,
        address=lambda **changed: url_for("tokens.tokens", **changed),
        of_all=True,
        may_give=actor.may(Permission.CORE_TOKEN_GIVE),
        **_choices(offered(actor)),
    )


def _choices(scopes: Collection[object]) -> dict[str, object]:
    return {"offered": scopes, "scopes": SCOPES}
