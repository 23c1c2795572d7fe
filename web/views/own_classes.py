"""An official's own classes: what there is, asking for a seat, giving it back, and being there.

The code on the screen is scanned by a telephone whose owner may not be logged in. What the code proved is kept in a
cookie for ten minutes (`training.presence`), so that it is not lost while they log in; nothing is recorded before they
have, and press the button.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.db import utc_now
from core.permissions import Actor, Permission
from training import presence
from training.errors import CheckInError, SeatError
from training.queries import class_calendars
from training.queries import classes as queries
from training.queries.class_people import own_taken_back
from training.queries.classes import OwnClass
from training.services import classes as services
from training.services.classes.attending import Shown, session_of
from web import auth, formats, waiting, work
from web.forms.classes import HereForm
from web.guards import needs, public
from web.headers import cookie_name
from web.language import language
from web.views.classes import span
from web.views.learning import moment

pages = Blueprint("own_classes", __name__)
CALENDAR = "text/calendar; charset=utf-8"
COOKIE = "vanthu_here"
SOON = timedelta(days=7)
ATTEND = Permission.TRAINING_CLASS_ATTEND


def offered(session: Session, actor: Actor, now: datetime) -> waiting.Offer | None:
    """Classes of the coming week in which the actor has a seat, and those they teach, for the home page."""
    if actor.official_id is None or not actor.may(ATTEND):
        return None
    own = [one.line for one in queries.own_classes(session, actor, now=now) if one.state == "seated"]
    coming = [one for one in own if one.starts_at < now + SOON and one.ends_at > now and not one.cancelled]
    kind = str(_("Class"))
    things = [
        waiting.Waiting(
            kind=kind,
            title=f"{formats.text(one.title)}: {span(one.starts_at, one.ends_at)}",
            address=url_for("own_classes.one", class_id=one.class_id),
            who=one.room,
            due=formats.local(one.starts_at).date(),
            keep=True,
        )
        for one in coming
    ]
    return waiting.Offer.of(things, words=_("Classes of this week"), address=url_for("own_classes.own_classes"))


@pages.get("/learning/classes", endpoint="own_classes")
@needs(ATTEND)
def all_of_them() -> str:
    """Those on whose list one is, those one could come to, and those one teaches."""
    session, actor, now = work.session(), auth.required(), utc_now()
    own = queries.own_classes(session, actor, now=now)
    return render_template(
        "own_classes.html",
        coming=[one for one in own if one.line.ends_at > now],
        past=[one for one in reversed(own) if one.line.ends_at <= now],
        taught=queries.taught_classes(session, actor, now=now),
        span=span,
        state_words=state_words,
    )


@pages.get("/learning/classes/<int:class_id>")
@needs(ATTEND)
def one(class_id: int) -> str:
    """One class: when and where, and the seat."""
    return _page(class_id)


@pages.post("/learning/classes/<int:class_id>/ask")
@needs(ATTEND)
def ask(class_id: int) -> Response | tuple[str, int]:
    """Ask for a seat."""
    try:
        services.ask_seat(work.session(), auth.required(), class_id=class_id, moment=moment())
    except SeatError as refused:
        return _page(class_id, refused.message.to(language())), 409
    return redirect(url_for("own_classes.one", class_id=class_id), 303)


@pages.post("/learning/classes/<int:class_id>/leave")
@needs(ATTEND)
def leave(class_id: int) -> Response | tuple[str, int]:
    """Give the seat back; whoever wants it again asks again."""
    try:
        services.leave_seat(work.session(), auth.required(), class_id=class_id, moment=moment())
    except SeatError as refused:
        return _page(class_id, refused.message.to(language())), 409
    flash(_("You are off the list. Who waited first has the seat now."))
    return redirect(url_for("own_classes.own_classes"), 303)


@pages.get("/classes/<int:class_id>/here/<code>")
@public("a telephone scans the code before its owner has logged in; it only learns whether the code is good")
def scanned(class_id: int, code: str) -> Response:
    """Where the code on the screen leads: what it proves is kept, then the page with the button is shown."""
    row, now, key = queries.the_class(work.session(), class_id), utc_now(), work.settings().secret_key
    answer = redirect(url_for("own_classes.here", class_id=class_id), 303)
    if row is not None and presence.is_good(key, session_of(row), code, now):
        answer.set_cookie(
            _cookie(),
            f"{class_id}.{presence.ticket(key, session_of(row), now)}",
            max_age=presence.TICKET_GOOD,
            path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return answer


@pages.get("/learning/classes/<int:class_id>/here")
@needs(ATTEND)
def here(class_id: int) -> str:
    """The button, or what is on record, or why not yet: always as the record has it."""
    return _here_page(class_id, HereForm(formdata=None))


@pages.post("/learning/classes/<int:class_id>/here")
@needs(ATTEND)
def check_in(class_id: int) -> Response | tuple[str, int]:
    """Be there. What is shown afterwards is read from the record."""
    form = HereForm()
    if not form.validate():
        return _here_page(class_id, form), 422
    shown = Shown(code=form.code.data or "", ticket=_ticket(class_id))
    try:
        services.check_in(work.session(), auth.required(), class_id=class_id, shown=shown, moment=moment())
    except CheckInError as refused:
        form.code.errors = [refused.message.to(language())]
        return _here_page(class_id, form), 409
    answer = redirect(url_for("own_classes.here", class_id=class_id), 303)
    answer.delete_cookie(_cookie(), path="/", secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), httponly=True)
    return answer


@pages.get("/learning/classes/<int:class_id>/class.ics")
@needs(ATTEND)
def calendar(class_id: int) -> Response:
    """The class for one's calendar: the event that was sent by e-mail, so that it never stands there twice."""
    made = class_calendars.own_calendar(
        work.session(), auth.required(), class_id=class_id, language=language(), now=utc_now()
    )
    answer = make_response(made)
    answer.headers["Content-Type"] = CALENDAR
    answer.headers["Content-Disposition"] = f"attachment; filename=class-{class_id}.ics"
    return answer


def state_words(own: OwnClass) -> str:
    """Where somebody stands with a class."""
    if own.line.cancelled:
        return str(_("cancelled"))
    words = {
        "present": _("you were there"),
        "seated": _("you have a seat"),
        "waiting": _("place %(place)s on the waiting list", place=own.place_in_line),
        "absent": _("you are not on record as present"),
        "none": _("not on the list"),
    }
    return str(words[own.state])


def _page(class_id: int, refused: str = "") -> str:
    actor, now = auth.required(), utc_now()
    own = queries.own_class(work.session(), actor, class_id=class_id, now=now)
    wrongly = own_taken_back(work.session(), actor, class_id=class_id)
    return render_template(
        "own_class.html", own=own, span=span, state_words=state_words, refused=refused, begun=own.line.starts_at <= now,
        when=_when(own), now=now, taken_back=wrongly,
    )  # fmt: skip


def _here_page(class_id: int, form: HereForm) -> str:
    now = utc_now()
    own = queries.own_class(work.session(), auth.required(), class_id=class_id, now=now)
    row = queries.the_class(work.session(), class_id)
    key = work.settings().secret_key
    proved = row is not None and presence.is_good_ticket(key, session_of(row), _ticket(class_id), now)
    return render_template(
        "own_class_here.html", own=own, span=span, form=form, proved=proved, when=_when(own), now=now
    )  # fmt: skip


def _when(own: OwnClass) -> presence.Session:
    return presence.Session("", own.line.starts_at, own.line.ends_at, cancelled=own.line.cancelled)


def _ticket(class_id: int) -> str:
    """What this browser was given for this class; empty where it was given nothing, or for another class."""
    kept, _dot, ticket = (request.cookies.get(_cookie()) or "")[:200].partition(".")
    return ticket if kept == str(class_id) else ""


def _cookie() -> str:
    return cookie_name(COOKIE, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
