"""Documents for decision: what each is, what changed, what others say, the text, three choices; and what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.permissions import Actor, Permission
from eoffice.errors import MoveError, SecretError
from eoffice.queries import DraftPage, WaitingTask, colleagues, draft_page, tasks_waiting
from eoffice.services import deciding, looking, sending_round
from training.queries.practice import exercise_with
from web import ahead, auth, formats, sittings, undo, waiting, work
from web.forms.documents import AskForm, DecisionForm
from web.guards import needs
from web.language import language
from web.views.document_words import PURPOSES, STATES, URGENCIES, marked, moment, type_words

pages = Blueprint("documents", __name__)


def offered(session: Session, actor: Actor, now: datetime) -> waiting.Offer | None:
    """The documents that wait for the actor, for the home page."""
    if actor.official_id is None or not actor.may(Permission.EOFFICE_DRAFT_DECIDE):
        return None
    tasks = tasks_waiting(session, actor, today=formats.local(now).date())
    things = [
        waiting.Waiting(
            kind=_kind(one),
            title=one.title,
            address=url_for("documents.document", draft_id=one.draft_id),
            who=_who(one),
            since=one.since,
            due=one.due,
            keep=True,
            at_once=True,
        )
        for one in tasks[: waiting.SHOWN]
    ]
    words, address = _("Documents that wait"), url_for("documents.documents")
    return waiting.Offer.of(things, total=len(tasks), words=words, address=address)


@pages.get("/documents")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def documents() -> str:
    """Everything that waits for the actor; what is routine can be agreed to together."""
    tasks = tasks_waiting(work.session(), auth.required(), today=moment().today)
    return render_template(
        "documents.html", tasks=tasks, kind=_kind, who=_who, type_words=type_words, today=moment().today
    )


@pages.post("/documents")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def agree_to_some() -> Response:
    """Agree to the documents that were ticked, each as it was shown in the list; what changed since stays."""
    agreed = left = 0
    for ticked in request.form.getlist("tick")[:50]:
        numbers = ticked.split("-")
        if len(numbers) != 3 or not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in numbers):
            continue
        draft_id, position, revision = map(int, numbers)
        try:
            with work.session().begin_nested():
                deciding.approve(
                    work.session(), auth.required(), draft_id=draft_id, seen_revision=revision, position=position,
                    moment=moment(),
                )  # fmt: skip
            agreed += 1
        except deciding.REFUSALS:
            left += 1
    flash(_("Agreed: %(agreed)s. Left as they are: %(left)s.", agreed=agreed, left=left))
    return redirect(url_for("documents.documents"), 303)


@pages.get("/documents/<int:draft_id>")
@needs(Permission.EOFFICE_DRAFT_READ)
def document(draft_id: int) -> str:
    """One document, as the actor may see it; seen from now on, unless the page was only fetched ahead."""
    page = _page(draft_id)
    if ahead.is_fetched_ahead():
        looking.note_fetched(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    else:
        sittings.note(page)
        looking.look(work.session(), auth.required(), draft_id=draft_id, moment=moment(), shown=page.newest)
    return _render(page, DecisionForm())


@pages.post("/documents/<int:draft_id>/agree")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def agree(draft_id: int) -> Response | tuple[str, int]:
    """Agree at the step whose turn it is."""
    return _decide(draft_id, deciding.approve, _("You agreed."))


@pages.post("/documents/<int:draft_id>/opinion")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def opinion(draft_id: int) -> Response | tuple[str, int]:
    """Give the opinion that was asked for."""
    return _decide(draft_id, deciding.give_opinion, _("Your opinion was sent."))


@pages.post("/documents/<int:draft_id>/return")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def send_back(draft_id: int) -> Response | tuple[str, int]:
    """Return it with remarks: to its author, or to an earlier step."""
    to = request.form.get("to", "")
    chosen = {"to": int(to)} if to.isascii() and to.isdecimal() and len(to) < 4 else {}
    return _decide(draft_id, deciding.return_to, _("You returned it with remarks."), **chosen)


@pages.get("/documents/<int:draft_id>/ask")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def ask(draft_id: int) -> str:
    """Whom to ask: people of the own unit, or those found by name."""
    return _ask_page(_page(draft_id), AskForm())


@pages.post("/documents/<int:draft_id>/ask")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def send_question(draft_id: int) -> Response | tuple[str, int]:
    """Ask them; the document goes on waiting for the actor meanwhile."""
    page, form = _page(draft_id), AskForm()
    if not form.validate():
        return _ask_page(page, form), 422
    try:
        deciding.ask_opinion(
            work.session(), auth.required(), draft_id=draft_id, whom=form.whom.data or [], position=form.position.data,
            question=form.comment.data or "", moment=moment(),
        )  # fmt: skip
    except SecretError as refused:
        form.comment.errors = [refused.message.to(language())]
        return _ask_page(page, form), 422
    except MoveError as refused:
        form.whom.errors = [refused.message.to(language())]
        return _ask_page(page, form), 422
    flash(_("They were asked. The document goes on waiting for you; you can decide before they answer."))
    return redirect(url_for("documents.document", draft_id=draft_id), 303)


@pages.post("/documents/<int:draft_id>/undo")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def take_back(draft_id: int) -> Response:
    """Take the own decision back within a minute."""
    position = request.form.get("position", "")
    at = int(position) if position.isascii() and position.isdecimal() and len(position) < 4 else -1
    deciding.undo(work.session(), auth.required(), draft_id=draft_id, position=at, moment=moment())
    flash(_("Your decision was taken back."))
    return redirect(url_for("documents.document", draft_id=draft_id), 303)


@pages.post("/documents/<int:draft_id>/pull-back")
@needs(Permission.EOFFICE_DRAFT_DECIDE)
def pull_back(draft_id: int) -> Response:
    """The author takes it back to work on it, as long as nobody opened it."""
    sending_round.pull_back(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    flash(_("You have the document back and can change it."))
    return redirect(url_for("documents.document", draft_id=draft_id), 303)


def _decide(draft_id: int, service: Any, sentence: str, **more: Any) -> Response | tuple[str, int]:
    """Call the service with what the page showed; remarks that are missing bring the page back."""
    form = DecisionForm()
    page = _page(draft_id)
    if not form.validate():
        return _render(page, form), 422
    try:
        with work.session().begin_nested():
            done = service(
                work.session(), auth.required(), draft_id=draft_id, seen_revision=form.seen_revision.data,
                position=form.position.data, comment=form.comment.data or "", moment=moment(), **more,
            )  # fmt: skip
    except (MoveError, SecretError) as refused:
        form.comment.errors = [refused.message.to(language())]
        return _render(page, form), 422
    address = url_for("documents.take_back", draft_id=draft_id)
    undo.offer(sentence, address, {"position": str(done.position)})
    return redirect(url_for("documents.document", draft_id=draft_id), 303)


def _page(draft_id: int) -> DraftPage:
    return draft_page(
        work.session(), auth.required(), draft_id=draft_id, today=moment().today, seen=sittings.seen_before(draft_id)
    )


def _render(page: DraftPage, form: DecisionForm) -> str:
    turn = page.waiting[0] if page.waiting else None
    earlier = [one for one in page.steps if one.state == "done" and one.asked_by is None]
    return render_template(
        "document.html",
        page=page,
        turn=turn,
        form=form,
        following=page.following,
        earlier=earlier,
        passages=marked(page),
        purposes=PURPOSES,
        states=STATES,
        urgencies=URGENCIES,
        type_words=type_words(page.type),
        today=moment().today,
        undoable=None if undo.is_offered() else _undoable(page),
        exercise=exercise_with(work.session(), auth.required(), page.draft_id),
    )


def _undoable(page: DraftPage) -> int | None:
    """The step where the reader decided a moment ago (by e-mail, or together with others); None: there is none."""
    earliest = moment().now - deciding.UNDO
    return next((position for position, at in page.own_decisions if at >= earliest), None)


def _ask_page(page: DraftPage, form: AskForm) -> str:
    question = " ".join((request.args.get("q") or request.form.get("q") or "").split())[:100]
    found = colleagues(work.session(), auth.required(), question=question)
    turn = page.waiting[0] if page.waiting else None
    return render_template(
        "document_ask.html", page=page, turn=turn, form=form, people=found, sought=question, purposes=PURPOSES
    )


def _kind(one: WaitingTask) -> str:
    urgent = {"urgent": _("Urgent"), "very_urgent": _("Very urgent"), "express": _("Express")}.get(one.urgency)
    words = f"{type_words(one.type)} · {PURPOSES[one.purpose]}"
    return f"{urgent} · {words}" if urgent else words


def _who(one: WaitingTask) -> str:
    return _("%(by)s, for %(whom)s", by=one.by, whom=one.for_whom) if one.acting else one.by
