"""An exercise on the real system: what to do in plain words, the address to copy, how it stands, and why not yet."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.services import practice as documents
from eoffice.services.rounds import Moment as OfficeMoment
from training.queries import practice as queries
from training.services import practising
from web import work
from web.guards import needs
from web.views.learning import learner, moment

pages = Blueprint("practice", __name__)


@pages.get("/learning/<int:assignment_id>/practice/<kind>")
@needs(Permission.TRAINING_PRACTICE_TRY)
def exercise(assignment_id: int, kind: str) -> str:
    """One exercise of an own course."""
    page = queries.exercise_page(work.session(), learner(), assignment_id=assignment_id, kind=kind, moment=moment())
    return render_template("exercise.html", page=page)


@pages.post("/learning/<int:assignment_id>/practice/<kind>")
@needs(Permission.TRAINING_PRACTICE_TRY)
def begin(assignment_id: int, kind: str) -> Response:
    """Begin it, or begin it again; an exercise of the e-office gets its document with it."""
    begin_exercise(assignment_id, kind, again=request.form.get("again") == "yes")
    return redirect(_address(assignment_id, kind), 303)


@pages.post("/learning/<int:assignment_id>/practice/<kind>/look")
@needs(Permission.TRAINING_PRACTICE_TRY)
def look(assignment_id: int, kind: str) -> Response:
    """Look into what is known now, without waiting for the next round."""
    verdict = practising.look(work.session(), learner(), assignment_id=assignment_id, kind=kind, moment=moment())
    if verdict is not None and verdict.passed:
        flash(_("Done, and recorded."))
    return redirect(_address(assignment_id, kind), 303)


def begin_exercise(assignment_id: int, kind: str, *, again: bool) -> None:
    """Begin an exercise for the learner who asks, with the document that one of the e-office needs."""
    session, actor, now = work.session(), learner(), moment()
    practising.begin(session, actor, assignment_id=assignment_id, kind=kind, moment=now, again=again)
    page = queries.exercise_page(session, actor, assignment_id=assignment_id, kind=kind, moment=now)
    if page.mark is not None and page.draft_id is None:
        lay = documents.lay_before if page.kind.document == "laid" else documents.begin_own
        lay(session, actor, mark=page.mark, moment=OfficeMoment(now.now, now.today))


def _address(assignment_id: int, kind: str) -> str:
    return url_for("practice.exercise", assignment_id=assignment_id, kind=kind)
