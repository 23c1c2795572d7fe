"""Exceptions on record: the list, a new one, its last day, and taking one back."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import queries as directory
from core.permissions import Permission
from mail_audit.errors import ExceptionInputError
from mail_audit.queries import exceptions as reading
from mail_audit.queries.exceptions import Standing
from mail_audit.services.exceptions import end_exception, record_exception, withdraw_exception
from mail_audit.usage.exceptions import Kind
from web import auth, looks, work
from web.forms.exceptions import EndForm, ExceptionForm, WithdrawForm
from web.guards import needs
from web.language import language
from web.views.asked import offset, optional

pages = Blueprint("exceptions", __name__)
LIMIT = 50
LONGEST_TEXT = 100
STATES = ("standing", "ended", "withdrawn")


def kind_words(kind: Kind) -> str:
    """What is known, in a few words."""
    words: dict[Kind, str] = {
        "leave": _("leave"),
        "sickness": _("sickness"),
        "shared_station": _("shared station"),
        "agreed_delegate": _("agreed delegate"),
    }
    return words[kind]


def standing_words(state: Standing) -> str:
    """Where an exception stands."""
    words: dict[Standing, str] = {"standing": _("standing"), "ended": _("ended"), "withdrawn": _("withdrawn")}
    return words[state]


def today() -> date:
    """The day in the offices' time zone."""
    return work.today()


@pages.get("/exceptions")
@needs(Permission.MAIL_AUDIT_EXCEPTION_READ)
def exceptions() -> str:
    """Everything on record, the newest first; of one state, or of one person."""
    given = request.args
    state = cast("Standing | None", optional(given.get("state"), STATES))
    text, first = (given.get("text") or "").strip()[:LONGEST_TEXT], offset(given.get("offset"))

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {"state": state, "text": text or None}
        return url_for("exceptions.exceptions", **(kept | changed))

    found = reading.exceptions(
        work.session(),
        today=today(),
        state=state,
        text=text,
        offset=first,
        limit=LIMIT,
        reach=auth.required().reach(Permission.MAIL_AUDIT_EXCEPTION_READ),
    )
    if found.rows:
        looks.at_exceptions()
    return render_template(
        "exceptions.html",
        exceptions=found,
        state=state,
        text=text,
        offset=first,
        limit=LIMIT,
        address=address,
        kind_words=kind_words,
        standing_words=standing_words,
        may_record=auth.required().may(Permission.MAIL_AUDIT_EXCEPTION_RECORD),
        state_choices=[{"value": "", "text": _("all")}]
        + [{"value": one, "text": standing_words(cast("Standing", one))} for one in STATES],
    )


@pages.get("/exceptions/new")
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def new() -> str:
    """The form; an address may name the official."""
    return _form_page(ExceptionForm(formdata=None, data={"official_id": (request.args.get("official") or "")[:64]}))


@pages.post("/exceptions")
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def record() -> Response | tuple[str, int]:
    """Put it on record; a form that cannot be used comes back with its reasons."""
    form = ExceptionForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        exception_id = record_exception(
            work.session(),
            auth.required(),
            official_id=form.official_id.data or "",
            kind=form.kind.data,
            first=form.first.data,
            last=form.last.data,
            note=form.note.data or "",
            address=form.address.data,
            delegate=form.delegate.data,
        )
    except ExceptionInputError as wrong:
        form.official_id.errors = [wrong.message.to(language())]
        return _form_page(form), 422
    flash(_("It is on record. Reports made from now on take it into account; earlier ones stay as they are."))
    return redirect(url_for("exceptions.exception", exception_id=exception_id), 303)


@pages.get("/exceptions/<int:exception_id>")
@needs(Permission.MAIL_AUDIT_EXCEPTION_READ)
def exception(exception_id: int) -> str:
    """One exception with its trail, and the forms that end it or take it back."""
    return _page(exception_id, EndForm(formdata=None), WithdrawForm(formdata=None))


@pages.post("/exceptions/<int:exception_id>/end")
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def end(exception_id: int) -> Response | tuple[str, int]:
    """Set the last day."""
    form = EndForm()
    if not form.validate():
        return _page(exception_id, form, WithdrawForm(formdata=None)), 422
    try:
        end_exception(work.session(), auth.required(), exception_id=exception_id, last=form.last.data)
    except ExceptionInputError as wrong:
        form.last.errors = [wrong.message.to(language())]
        return _page(exception_id, form, WithdrawForm(formdata=None)), 422
    flash(_("The last day is set."))
    return redirect(url_for("exceptions.exception", exception_id=exception_id), 303)


@pages.post("/exceptions/<int:exception_id>/withdraw")
@needs(Permission.MAIL_AUDIT_EXCEPTION_RECORD)
def withdraw(exception_id: int) -> Response | tuple[str, int]:
    """Take it back; it stays readable."""
    form = WithdrawForm()
    if not form.validate():
        return _page(exception_id, EndForm(formdata=None), form), 422
    withdraw_exception(work.session(), auth.required(), exception_id=exception_id, why=form.why.data or "")
    flash(_("It is withdrawn. Reports made from now on do without it."))
    return redirect(url_for("exceptions.exception", exception_id=exception_id), 303)


def _form_page(form: ExceptionForm) -> str:
    """The form, with the name of the official it is about where there is one of that number."""
    official = directory.official_row(work.session(), form.official_id.data or "")
    return render_template("exception_new.html", form=form, official=official)


def _page(exception_id: int, end_form: EndForm, withdraw_form: WithdrawForm) -> str:
    return render_template(
        "exception.html",
        exception=reading.exception(
            work.session(),
            exception_id,
            today=today(),
            reach=auth.required().reach(Permission.MAIL_AUDIT_EXCEPTION_READ),
        ),
        end_form=end_form,
        withdraw_form=withdraw_form,
        kind_words=kind_words,
        standing_words=standing_words,
    )
