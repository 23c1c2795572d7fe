"""Logging in by another door: to a provider and back, or with the name and password of a directory server.

A log-in at a provider begins with a link, not with a form: browsers hold where a form leads against the page's policy,
and the policy knows this site only.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import unit_of_work, utc_now
from core.directory.doors.errors import DoorError, ProviderAwayError, StaleLogInError, stale
from core.directory.doors.ldap.binding import LdapDoor, normal
from core.directory.doors.oidc.flow import OidcDoor, new_handle
from core.directory.doors.presented import Presented
from core.directory.services import doors as entering
from core.directory.services.doors import Refusal
from core.errors import VanthuError
from core.log import get_logger
from web import auth, border, devices, doors, halfway, work
from web.addresses import HOME, safe_next
from web.forms.log_in import LogInForm
from web.guards import public
from web.language import language

pages = Blueprint("doors", __name__)
BEGUN = "doors"
"""The session's entry of log-ins that were begun and did not come back yet."""
AT_ONCE = 3
"""So many may be under way in one browser: the same person in several tabs."""
LASTS_SECONDS = 900
LONGEST_NEXT = 500
_log = get_logger("vanthu.web")


@pages.get("/log-in/with/<key>")
@public("nobody is logged in yet")
def begin(key: str) -> Response | str | tuple[str, int]:
    """To the provider; or the form of a directory server."""
    wanted, directory = safe_next(request.args.get("next")), doors.installed().ldap.get(key)
    door, handle = None if directory else _provider(key), new_handle()
    if auth.actor() is not None:
        return redirect(wanted)
    if directory is not None or door is None:
        return _form(directory or abort(404), LogInForm(formdata=None), wanted)
    try:
        address = door.begin(handle, back=_back(door))
    except VanthuError as failed:
        return _failed(failed)
    begun = _begun()[-(AT_ONCE - 1) :]
    kept = wanted if len(wanted) <= LONGEST_NEXT else HOME
    session[BEGUN] = [*begun, [handle, key, int(time.time()), kept]]
    return redirect(address)


@pages.get("/log-in/with/<key>/back")
@public("nobody is logged in yet")
def back(key: str) -> Response | tuple[str, int]:
    """Back from the provider, with a code or a refusal."""
    door = _provider(key)
    answer = {name: values[0] for name, values in request.args.lists() if len(values) == 1}
    try:
        handle, wanted = _taken(key, door, answer)
        if not _may_try(key, None):
            abort(429)
        presented = door.finish(handle, answer, back=_back(door))
    except VanthuError as failed:
        if isinstance(failed, DoorError):
            _note(entering.note_wrong, key, None)
        return _failed(failed)
    return _enter(presented, None, wanted)


@pages.post("/log-in/with/<key>")
@public("nobody is logged in yet")
def bind(key: str) -> Response | tuple[str, int]:
    """Try name and password at a directory server. The same answer for an unknown name and a wrong password."""
    door = doors.installed().ldap.get(key) or abort(404)
    form, wanted = LogInForm(), safe_next(request.args.get("next"))
    if not form.validate():
        return _form(door, form, wanted), 422
    name = normal(form.name.data or "").lower()
    try:
        presented = _tried(door, name, form.password.data or "")
    except VanthuError as failed:
        return _failed(failed)
    if presented is None:
        form.password.errors = [
            _("Name or password is not right. After several wrong attempts there is a pause of some minutes.")
        ]
        return _form(door, form, wanted), 422
    return _enter(presented, name, wanted)


@pages.get("/log-out/with/<key>")
@public("whoever asks is logged out here already")
def log_out(key: str) -> Response | tuple[str, int]:
    """On to the provider's own log-out, from where somebody comes back to the log-in page."""
    door = _provider(key)
    try:
        address = door.log_out_address(back=door.options.address.rstrip("/") + url_for("session.log_in"))
    except VanthuError as failed:
        return _failed(failed)
    if address is None:
        problem = _("That system cannot be left from here. Please close the browser.")
        return doors.log_in_page(LogInForm(formdata=None), HOME, problem=problem), 404
    return redirect(address)


def _form(door: LdapDoor, form: LogInForm, wanted: str) -> str:
    label = doors.label(door.options.key)
    return render_template("log_in_ldap.html", form=form, wanted=wanted, label=label, key=door.options.key)


def _provider(key: str) -> OidcDoor:
    return doors.installed().oidc.get(key) or abort(404)


def _back(door: OidcDoor) -> str:
    """Our address that the provider sends people back to: as the settings say, never as the request does."""
    return door.options.address.rstrip("/") + url_for("doors.back", key=door.options.key)


def _begun() -> list[list[Any]]:
    kept = session.get(BEGUN)
    return [one for one in kept if isinstance(one, list) and len(one) == 4] if isinstance(kept, list) else []


def _taken(key: str, door: OidcDoor, answer: dict[str, str]) -> tuple[str, str]:
    """Handle and next page of the log-in that this answers; it is over with that, whatever comes of it.

    Raises `StaleLogInError` where none was begun here, at that provider, not too long ago.
    """
    kept = _begun()
    found = [one for one in kept if one[1] == key and door.is_answer_to(str(one[0]), answer)]
    session[BEGUN] = [one for one in kept if one not in found]
    if not found or time.time() - found[0][2] > LASTS_SECONDS:
        raise stale(f"no log-in at {key} was begun in this browser with that state")
    return str(found[0][0]), safe_next(found[0][3])


def _tried(door: LdapDoor, name: str, password: str) -> Presented | None:
    """Who bears name and password. Counted before the server is asked, in a transaction that does not wait for it."""
    key = door.options.key
    if not _may_try(key, name):
        return None
    try:
        presented = door.verify(name, password)
    except ProviderAwayError:
        _note(entering.note_unanswered, key, name)
        raise
    if presented is None:
        _note(entering.note_wrong, key, name)
    return presented


def _may_try(key: str, name: str | None) -> bool:
    with unit_of_work(work.settings()) as own:
        return entering.begin_try(
            own, door=key, name=name, address=request.remote_addr, device=devices.token(), now=utc_now()
        )


def _note(what: Any, key: str, name: str | None) -> None:
    with unit_of_work(work.settings()) as own:
        what(own, door=key, name=name, address=request.remote_addr, device=devices.token(), now=utc_now())


def _enter(presented: Presented, login: str | None, wanted: str) -> Response | tuple[str, int]:
    """Let in whoever has an account, or say why not."""
    found = entering.enter(
        work.session(),
        presented,
        address=request.remote_addr,
        device=devices.known() if login is not None else None,
        login=login,
        now=utc_now(),
        second_for=work.options().second_for,
    )
    if isinstance(found, Refusal):
        label = doors.label(presented.door)
        number = border.number_to_quote()
        _log.info("refused", number=number, door=presented.door, why=found.value, subject=presented.subject)
        return doors.log_in_page(LogInForm(formdata=None), HOME, problem=_reason(found, label), number=number), 403
    if found.complete:
        auth.log_in(found.account, factor="provider" if presented.had_second_factor else None)
        answer = redirect(wanted, 303)
    else:
        answer = halfway.first_factor_done(found.account, wanted=wanted)
    if presented.door in doors.installed().oidc:
        session[doors.CAME_BY] = presented.door
    return answer


def _reason(refusal: Refusal, label: str) -> str:
    words = {
        Refusal.CLOSED: _("Your account here is closed. If you need it for your work, please ask the IT department."),
        Refusal.TIED: _("Your account here belongs to another user of %(label)s. Please ask IT.", label=label),
        Refusal.STRANGER: _("%(label)s knows you, but no account here is yours. Please ask IT for one.", label=label),
    }
    return str(words[refusal])


def _failed(failed: VanthuError) -> tuple[str, int]:
    """The log-in page with what went wrong; the reason for the log only."""
    number = border.number_to_quote()
    log = _log.info if isinstance(failed, StaleLogInError) else _log.warning
    log("refused", number=number, status=failed.http_status, error=str(failed), path=request.path)
    problem = failed.message.to(language())
    return doors.log_in_page(LogInForm(formdata=None), HOME, problem=problem, number=number), failed.http_status
