"""The steps of a log-in after its password: a code, a passkey or a recovery code; a new password; a first factor.

Nobody is logged in here yet: what these pages know is who has just given the right password (`web.halfway`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.errors import FactorError, PasswordError
from core.directory.passwords import SHORTEST
from core.directory.queries.factors import Factor, Step, factors_of
from core.directory.services import factors
from core.errors import InputError
from web import devices, factor_pages, halfway, passkey_site, work
from web.addresses import safe_next
from web.forms.factors import CodeForm, NewPasskeyForm, PasskeyForm, RecoveryCodeForm
from web.forms.password import NewPasswordForm
from web.guards import public
from web.halfway import HalfWay
from web.language import language

pages = Blueprint("second_step", __name__)
NOBODY_YET = "the password was right, and nobody is logged in yet"
View = TypeVar("View", bound=Callable[..., Any])


def at(step: Step) -> Callable[[View], View]:
    """Let the view be called with the log-in that is half-way, where this very step is due; else send elsewhere.

    So no step can be taken before the one that is due, nor by who has not given the password.
    """

    def wrapped(view: View) -> View:
        @wraps(view)
        def stepped() -> Any:
            here = halfway.present()
            if here is None:
                return redirect(url_for("session.log_in", next=request.args.get("next")), 303)
            due = here.step
            if due is not step:
                return halfway.go_on(here, wanted=_wanted())
            return view(here)

        return stepped  # type: ignore[return-value]

    return wrapped


@pages.get("/log-in/second")
@public(NOBODY_YET)
@at(Step.PROVE)
def prove(here: HalfWay) -> str:
    """The second step: whatever of code, passkey and recovery code the account has."""
    return _prove_page(here, CodeForm(formdata=None), RecoveryCodeForm(formdata=None))


@pages.post("/log-in/second/code")
@public(NOBODY_YET)
@at(Step.PROVE)
def code(here: HalfWay) -> Response | tuple[str, int]:
    """A code of the app. The same answer for a wrong one, one that was used, and a pause after too many."""
    form = CodeForm()
    if form.validate():
        if factors.prove_by_code(
            work.session(),
            account_id=here.account.id,
            code=form.code.data or "",
            address=request.remote_addr,
            device=devices.token(),
            now=utc_now(),
        ):
            return halfway.go_on(HalfWay(here.account, Factor.APP), wanted=_wanted())
        form.code.errors = [factor_pages.wrong_code()]
    return _prove_page(here, form, RecoveryCodeForm(formdata=None)), 422


@pages.post("/log-in/second/recovery-code")
@public(NOBODY_YET)
@at(Step.PROVE)
def recovery_code(here: HalfWay) -> Response | tuple[str, int]:
    """A recovery code, which is used up by this."""
    form = RecoveryCodeForm()
    if form.validate():
        if factors.prove_by_recovery_code(
            work.session(),
            account_id=here.account.id,
            code=form.recovery_code.data or "",
            address=request.remote_addr,
            device=devices.token(),
            now=utc_now(),
        ):
            return halfway.go_on(HalfWay(here.account, Factor.RECOVERY_CODE), wanted=_wanted())
        form.recovery_code.errors = [
            _("This code is not right, or was used before. After several wrong attempts there is a pause.")
        ]
    return _prove_page(here, CodeForm(formdata=None), form), 422


@pages.get("/log-in/second/passkey/options")
@public(NOBODY_YET)
@at(Step.PROVE)
def passkey_options(here: HalfWay) -> Response:
    """What the browser asks the passkey, as JSON."""
    site = passkey_site.required()
    return factor_pages.as_json(factors.request_options(work.session(), account=here.account, site=site, now=utc_now()))


@pages.post("/log-in/second/passkey")
@public(NOBODY_YET)
@at(Step.PROVE)
def passkey(here: HalfWay) -> Response | tuple[str, int]:
    """A passkey's answer."""
    form = PasskeyForm()
    if form.validate() and factors.prove_by_passkey(
        work.session(),
        account_id=here.account.id,
        answer=form.answer.data or "",
        site=passkey_site.required(),
        now=utc_now(),
    ):
        return halfway.go_on(HalfWay(here.account, Factor.PASSKEY), wanted=_wanted())
    page = _prove_page(here, CodeForm(formdata=None), RecoveryCodeForm(formdata=None), refused=True)
    return page, 422


@pages.get("/log-in/new-password")
@public(NOBODY_YET)
@at(Step.RENEW)
def renew(here: HalfWay) -> str:
    """The password was handed over: choose another."""
    return _renew_page(here, NewPasswordForm(formdata=None))


@pages.post("/log-in/new-password")
@public(NOBODY_YET)
@at(Step.RENEW)
def try_renew(here: HalfWay) -> Response | tuple[str, int]:
    """Take the new password, and go on."""
    form = NewPasswordForm()
    if not form.validate():
        return _renew_page(here, form), 422
    try:
        account = factors.renew_password(
            work.session(), account_id=here.account.id, new=form.new.data or "", now=utc_now()
        )
    except PasswordError as refused:
        form.new.errors = [refused.message.to(language())]
        return _renew_page(here, form), 422
    if account is None:
        return redirect(url_for("session.log_in"), 303)
    return halfway.go_on(HalfWay(account, here.proved), wanted=_wanted())


@pages.get("/log-in/add")
@public(NOBODY_YET)
@at(Step.ENROL)
def enrol(here: HalfWay) -> str:
    """The account may not be without a second factor: add one."""
    return _enrol_page(here, CodeForm(formdata=None), NewPasskeyForm(formdata=None))


@pages.post("/log-in/add/app")
@public(NOBODY_YET)
@at(Step.ENROL)
def enrol_app(here: HalfWay) -> Response | str | tuple[str, int]:
    """The first code of the app that was set up: the log-in is complete."""
    form = CodeForm()
    if form.validate():
        try:
            codes = factors.confirm_app(work.session(), here.actor, code=form.code.data or "", now=utc_now())
        except FactorError as refused:
            form.code.errors = [refused.message.to(language())]
            codes = None
        if codes is not None:
            return _enrolled(here, Factor.APP, codes)
        form.code.errors = form.code.errors or [factor_pages.wrong_first_code()]
    return _enrol_page(here, form, NewPasskeyForm(formdata=None)), 422


@pages.get("/log-in/add/passkey/options")
@public(NOBODY_YET)
@at(Step.ENROL)
def enrol_passkey_options(here: HalfWay) -> Response:
    """What the browser needs to make a passkey, as JSON."""
    site = passkey_site.required()
    return factor_pages.as_json(factors.creation_options(work.session(), here.actor, site=site, now=utc_now()))


@pages.post("/log-in/add/passkey")
@public(NOBODY_YET)
@at(Step.ENROL)
def enrol_passkey(here: HalfWay) -> Response | str | tuple[str, int]:
    """The passkey that was made: the log-in is complete."""
    form = NewPasskeyForm()
    if form.validate():
        try:
            codes = factors.add_passkey(
                work.session(),
                here.actor,
                answer=form.answer.data or "",
                name=form.name.data or "",
                site=passkey_site.required(),
                now=utc_now(),
            )
        except InputError as refused:
            form.name.errors = [refused.message.to(language())]
        else:
            return _enrolled(here, Factor.PASSKEY, codes)
    return _enrol_page(here, CodeForm(formdata=None), form), 422


def _wanted() -> str:
    return safe_next(request.args.get("next"))


def _enrolled(here: HalfWay, factor: Factor, codes: list[str]) -> Response | str:
    """Into the session; new recovery codes are shown once, on the way."""
    halfway.finish(HalfWay(here.account, factor))
    return factor_pages.codes_page(codes, onward=_wanted()) if codes else redirect(_wanted(), 303)


def _prove_page(here: HalfWay, form: CodeForm, recovery: RecoveryCodeForm, *, refused: bool = False) -> str:
    own = factors_of(work.session(), here.account)
    site = passkey_site.site()
    return render_template(
        "second_step.html",
        form=form,
        recovery=recovery,
        passkey=PasskeyForm(formdata=None),
        own=own,
        usable=site is not None and any(key.site == site.name for key in own.passkeys),
        refused=refused,
        wanted=request.args.get("next"),
    )


def _renew_page(here: HalfWay, form: NewPasswordForm) -> str:
    wanted = request.args.get("next")
    return render_template(
        "second_step_password.html", form=form, account=here.account, shortest=SHORTEST, wanted=wanted
    )


def _enrol_page(here: HalfWay, form: CodeForm, passkey: NewPasskeyForm) -> str:
    secret = factor_pages.secret_again(here.actor) or factor_pages.new_secret(here.actor)
    return render_template(
        "second_step_add.html",
        form=form,
        passkey=passkey,
        offer=factor_pages.offer(secret, here.account.name),
        has_site=passkey_site.site() is not None,
        wanted=request.args.get("next"),
    )
