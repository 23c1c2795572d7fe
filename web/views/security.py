"""The second step of one's own account: what there is, and adding, replacing and removing it.

Every change asks for the password again, ends every session of the account, and goes on in a new one.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.models import Account
from core.directory.queries import the_account
from core.directory.queries.factors import Factor, factors_of
from core.directory.services import factors
from core.directory.services.factors.passkeys import own_passkey
from core.errors import InputError
from core.permissions import Permission
from web import asked_again, auth, factor_pages, halfway, passkey_site, work
from web.forms.factors import AskedAgainForm, CodeForm, NewPasskeyAskedAgainForm
from web.guards import needs
from web.language import language

pages = Blueprint("security", __name__)


@pages.get("/account/security")
@needs(Permission.CORE_ACCOUNT_OWN)
def security() -> str:
    """What the account has, each with how it is taken away, and what may be added."""
    return render_template(
        "security.html",
        own=factors_of(work.session(), _account()),
        demanded=halfway.demanded(),
        has_site=passkey_site.site() is not None,
    )


@pages.get("/account/security/app")
@needs(Permission.CORE_ACCOUNT_OWN)
def app() -> str:
    """Before the QR code: the password once more."""
    return _ask(asked_again.without_password(AskedAgainForm(formdata=None)), _app_words())


@pages.post("/account/security/app")
@needs(Permission.CORE_ACCOUNT_OWN)
def show_app() -> str | tuple[str, int]:
    """The QR code of a new secret, and where its first code is typed."""
    form = asked_again.without_password(AskedAgainForm())
    if not asked_again.confirmed(form):
        return _ask(form, _app_words()), 422
    return _app_page(CodeForm(formdata=None), factor_pages.new_secret(auth.required()))


@pages.post("/account/security/app/code")
@needs(Permission.CORE_ACCOUNT_OWN)
def confirm_app() -> Response | str | tuple[str, int]:
    """The first code: from now on the app is asked for. Without a QR code that was shown here, the password is due."""
    form, secret = CodeForm(), factor_pages.secret_again(auth.required())
    if secret is None:
        flash(_("Please begin again: the QR code is too old, or was shown elsewhere."))
        return redirect(url_for("security.app"), 303)
    if form.validate():
        codes = factors.confirm_app(work.session(), auth.required(), code=form.code.data or "", now=utc_now())
        if codes is not None:
            return _added(Factor.APP, codes, _("The authenticator app is added. Elsewhere the account is logged out."))
        form.code.errors = [factor_pages.wrong_first_code()]
    return _app_page(form, secret), 422


@pages.get("/account/security/app/remove")
@needs(Permission.CORE_ACCOUNT_OWN)
def ask_remove_app() -> str:
    """Before the app goes: the password once more."""
    return _ask(asked_again.without_password(AskedAgainForm(formdata=None)), _remove_app_words())


@pages.post("/account/security/app/remove")
@needs(Permission.CORE_ACCOUNT_OWN)
def remove_app() -> Response | tuple[str, int]:
    """Take the app away."""
    form = asked_again.without_password(AskedAgainForm())
    if not asked_again.confirmed(form):
        return _ask(form, _remove_app_words()), 422
    if not factors.remove_app(work.session(), auth.required(), demanded=halfway.demanded()):
        return redirect(url_for("security.security"), 303)
    return _removed(_("The authenticator app is taken away. Elsewhere the account is logged out."))


@pages.get("/account/security/passkeys/new")
@needs(Permission.CORE_ACCOUNT_OWN)
def new_passkey() -> str:
    """A name for a new passkey, and the password once more."""
    return _passkey_page(asked_again.without_password(NewPasskeyAskedAgainForm(formdata=None)))


@pages.get("/account/security/passkeys/options")
@needs(Permission.CORE_ACCOUNT_OWN)
def passkey_options() -> Response:
    """What the browser needs to make a passkey, as JSON."""
    site = passkey_site.required()
    return factor_pages.as_json(factors.creation_options(work.session(), auth.required(), site=site, now=utc_now()))


@pages.post("/account/security/passkeys/new")
@needs(Permission.CORE_ACCOUNT_OWN)
def add_passkey() -> Response | str | tuple[str, int]:
    """Take the passkey that the browser made."""
    form = asked_again.without_password(NewPasskeyAskedAgainForm())
    if not asked_again.confirmed(form):
        return _passkey_page(form), 422
    try:
        codes = factors.add_passkey(
            work.session(),
            auth.required(),
            answer=form.answer.data or "",
            name=form.name.data or "",
            site=passkey_site.required(),
            now=utc_now(),
        )
    except InputError as refused:
        form.name.errors = [refused.message.to(language())]
        return _passkey_page(form), 422
    return _added(Factor.PASSKEY, codes, _("The passkey is added. Elsewhere the account is logged out."))


@pages.get("/account/security/passkeys/<int:passkey_id>/remove")
@needs(Permission.CORE_ACCOUNT_OWN)
def ask_remove_passkey(passkey_id: int) -> str:
    """Before a passkey goes: the password once more."""
    return _ask(asked_again.without_password(AskedAgainForm(formdata=None)), _remove_passkey_words(passkey_id))


@pages.post("/account/security/passkeys/<int:passkey_id>/remove")
@needs(Permission.CORE_ACCOUNT_OWN)
def remove_passkey(passkey_id: int) -> Response | tuple[str, int]:
    """Take a passkey away."""
    words, form = _remove_passkey_words(passkey_id), asked_again.without_password(AskedAgainForm())
    if not asked_again.confirmed(form):
        return _ask(form, words), 422
    demanded = halfway.demanded()
    name = factors.remove_passkey(work.session(), auth.required(), passkey_id=passkey_id, demanded=demanded)
    return _removed(_("The passkey “%(name)s” is taken away. Elsewhere the account is logged out.", name=name))


@pages.get("/account/security/recovery-codes")
@needs(Permission.CORE_ACCOUNT_OWN)
def codes() -> str:
    """Before new recovery codes: the password once more."""
    return _ask(asked_again.without_password(AskedAgainForm(formdata=None)), _codes_words())


@pages.post("/account/security/recovery-codes")
@needs(Permission.CORE_ACCOUNT_OWN)
def make_codes() -> str | tuple[str, int]:
    """New recovery codes, shown once."""
    form = asked_again.without_password(AskedAgainForm())
    if not asked_again.confirmed(form):
        return _ask(form, _codes_words()), 422
    made = factors.make_codes(work.session(), auth.required(), now=utc_now())
    return factor_pages.codes_page(made, onward=url_for("security.security"))


def _account() -> Account:
    return the_account(work.session(), auth.required().name)


def _added(factor: Factor, made: list[str], said: str) -> Response | str:
    """The present session goes on under a new token; recovery codes are shown once."""
    auth.log_in(_account(), factor=factor)
    flash(said)
    onward = url_for("security.security")
    return factor_pages.codes_page(made, onward=onward) if made else redirect(onward, 303)


def _removed(said: str) -> Response:
    present, account = auth.present(), _account()
    kept = present.factor if present is not None and factors_of(work.session(), account).any else None
    auth.log_in(account, factor=kept)
    flash(said)
    return redirect(url_for("security.security"), 303)


def _ask(form: AskedAgainForm, words: dict[str, Any]) -> str:
    """The page that asks for the password before `words["heading"]` is done."""
    return render_template("security_ask.html", form=form, **words)


def _app_words() -> dict[str, Any]:
    return {
        "heading": _("Add an authenticator app"),
        "sentences": [
            _("You need a telephone with an app such as Google Authenticator, Microsoft Authenticator or FreeOTP."),
            _("After your password, a code comes next: you scan it with the app. An app added before is replaced."),
        ],
        "button": _("Show the QR code"),
        "address": url_for("security.show_app"),
    }


def _remove_app_words() -> dict[str, Any]:
    return {
        "heading": _("Take the authenticator app away"),
        "sentences": [_("Its codes are no longer asked for, and no longer good. It can be added again at any time.")],
        "button": _("Take it away"),
        "address": url_for("security.remove_app"),
    }


def _remove_passkey_words(passkey_id: int) -> dict[str, Any]:
    key = own_passkey(work.session(), _account(), passkey_id)
    return {
        "heading": _("Take the passkey “%(name)s” away", name=key.name),
        "sentences": [_("Nobody logs in with it any more. Please delete it on the device as well.")],
        "button": _("Take it away"),
        "address": url_for("security.remove_passkey", passkey_id=passkey_id),
    }


def _codes_words() -> dict[str, Any]:
    return {
        "heading": _("New recovery codes"),
        "sentences": [
            _("You get ten codes, shown once, to print or write down. Codes of before are no longer good."),
        ],
        "button": _("Make new codes"),
        "address": url_for("security.make_codes"),
    }


def _app_page(form: CodeForm, secret: str) -> str:
    offer = factor_pages.offer(secret, auth.required().name)
    return render_template("security_app.html", form=form, offer=offer)


def _passkey_page(form: NewPasskeyAskedAgainForm) -> str:
    return render_template("security_passkey.html", form=form, has_site=passkey_site.site() is not None)
