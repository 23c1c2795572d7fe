"""Asking for a review of a figure, the list of what waits, and the answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory import queries as directory
from core.permissions import Permission
from mail_audit import queries
from mail_audit.errors import ContestBusyError, ContestTextError
from mail_audit.figure_lines import FIGURES
from mail_audit.models.contests import ABOUT
from mail_audit.permissions import can_answer_contest_of, can_ask_contest_of, can_record_exception_of
from mail_audit.queries import contests as reading
from mail_audit.queries.contests import ContestState
from mail_audit.queries.reached import units_of_official
from mail_audit.services.answers import note_answer_read
from mail_audit.services.contests import answer_contest, ask_contest
from web import ahead, auth, formats, looks, work
from web.forms.contests import AnswerForm, ContestForm
from web.guards import needs
from web.language import language
from web.views.asked import day_of, number, offset, optional

pages = Blueprint("contests", __name__)
LIMIT = 50


def about_words(about: str, day: date | None) -> str:
    """What a contest is about: what is said on the whole, a day, or a figure by its name."""
    if about == "usage_class":
        return str(_("What is said on the whole"))
    if about == "day":
        return str(_("The day %(day)s", day=formats.day(day))) if day is not None else ""
    return FIGURES[about].title.to(language())


def state_words(state: ContestState) -> str:
    """Where a contest stands, in a few words."""
    words: dict[ContestState, str] = {
        "open": _("waiting for an answer"),
        "accepted": _("accepted"),
        "explained": _("explained"),
    }
    return words[state]


@pages.get("/contests")
@needs(Permission.MAIL_AUDIT_CONTEST_READ)
def contests() -> str:
    """What was asked, what waits first; an official sees the own."""
    given = request.args
    state = cast("Literal['open', 'answered'] | None", optional(given.get("state"), ("open", "answered")))
    audit_id, first = number(given.get("audit")), offset(given.get("offset"))

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {"state": state, "audit": audit_id}
        return url_for("contests.contests", **(kept | changed))

    found = reading.contests(work.session(), auth.required(), state=state, audit_id=audit_id, offset=first, limit=LIMIT)
    if found.rows:
        looks.at_contests()
    return render_template(
        "contests.html",
        contests=found,
        state=state,
        audit_id=audit_id,
        offset=first,
        limit=LIMIT,
        address=address,
        about_words=about_words,
        state_words=state_words,
    )


@pages.get("/contests/<int:contest_id>")
@needs(Permission.MAIL_AUDIT_CONTEST_READ)
def contest(contest_id: int) -> str:
    """One contest with its reason and its answer; whoever may answer finds the form here.

    Its official has read the answer then, unless the page was only fetched ahead, to be read without a network.
    """
    if not ahead.is_fetched_ahead():
        note_answer_read(work.session(), auth.required(), contest_id=contest_id, now=utc_now())
    return _contest_page(contest_id, AnswerForm())


@pages.post("/contests/<int:contest_id>/answer")
@needs(Permission.MAIL_AUDIT_CONTEST_ANSWER)
def answer(contest_id: int) -> Response | tuple[str, int]:
    """Answer it once; a form that cannot be used comes back with its reasons."""
    form = AnswerForm()
    if not form.validate():
        return _contest_page(contest_id, form), 422
    answer_contest(
        work.session(),
        auth.required(),
        contest_id=contest_id,
        verdict=form.verdict.data,
        answer=form.answer.data or "",
    )
    flash(_("The answer is stored; the official sees it."))
    return redirect(url_for("contests.contest", contest_id=contest_id), 303)


@pages.get("/audits/<int:audit_id>/contests/<about>/<path:official_id>")
@needs(Permission.MAIL_AUDIT_CONTEST_ASK)
def ask(audit_id: int, about: str, official_id: str) -> str:
    """The form: what the figure is, and the reason why it is not right."""
    return _ask_page(audit_id, about, official_id, ContestForm())


@pages.post("/audits/<int:audit_id>/contests/<about>/<path:official_id>")
@needs(Permission.MAIL_AUDIT_CONTEST_ASK)
def send(audit_id: int, about: str, official_id: str) -> Response | tuple[str, int]:
    """Take the contest in; one that cannot be used comes back with its reasons."""
    form = ContestForm()
    what, day = _what(about)
    if not form.validate():
        return _ask_page(audit_id, about, official_id, form), 422
    try:
        contest_id = ask_contest(
            work.session(),
            auth.required(),
            audit_id=audit_id,
            official_id=official_id,
            about=what,
            day=day,
            reason=form.reason.data or "",
        )
    except (ContestTextError, ContestBusyError) as refused:
        form.reason.errors = [refused.message.to(language())]
        return _ask_page(audit_id, about, official_id, form), 422
    flash(_("Your request was sent. The answer will stand on this page."))
    return redirect(url_for("contests.contest", contest_id=contest_id), 303)


def _what(about: str) -> tuple[str, date | None]:
    """What an address asks about: a day, or one of the figures; 404 for anything else."""
    day = day_of(about)
    if day is not None:
        return "day", day
    if about not in ABOUT or about == "day":
        abort(404)
    return about, None


def _ask_page(audit_id: int, about: str, official_id: str, form: ContestForm) -> str:
    what, day = _what(about)
    if not can_ask_contest_of(auth.required(), official_id, units_of_official(work.session(), audit_id, official_id)):
        abort(404)
    page = queries.official(work.session(), audit_id, official_id)
    square = next((one for one in page.days if one.day == day), None)
    if day is not None and square is None:
        abort(404)
    return render_template(
        "contest_ask.html",
        form=form,
        page=page,
        summary=page.summary,
        about=about,
        what=about_words(what, day),
        value=page.values.get(what),
        is_figure=what in FIGURES,
        square=square,
    )


def _contest_page(contest_id: int, form: AnswerForm) -> str:
    actor, session = auth.required(), work.session()
    found = reading.contest(session, actor, contest_id)
    units = directory.units_of_official(session, found.official_id)
    return render_template(
        "contest.html",
        contest=found,
        form=form,
        may_answer=can_answer_contest_of(actor, found.official_id, units),
        may_record=can_record_exception_of(actor, found.official_id, units),
        figures=FIGURES,
        about_words=about_words,
        state_words=state_words,
    )
