"""Exemptions from learning: who, until when and why; a new one, an end. And a course given or taken back by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from training.errors import AlreadyAssignedError, AssigningError
from training.queries.exemptions import exemptions as recorded
from training.queries.names import course_names
from training.services import assigning, exempting
from training.services.showing import show_exemptions
from web import auth, work
from web.forms.rules import AssignForm, ExemptionForm, WhyForm
from web.guards import needs
from web.language import language
from web.views.asked import offset
from web.views.learning import moment

pages = Blueprint("exemptions", __name__)
LIMIT = 50


@pages.get("/training/exemptions")
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def exemptions() -> str:
    """Who is exempt, and the form of a new exemption."""
    return _page(ExemptionForm(formdata=None, data={"official_id": (request.args.get("official") or "")[:64]}))


@pages.post("/training/exemptions")
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def record() -> Response | tuple[str, int]:
    """Exempt somebody."""
    form = ExemptionForm()
    form.offer(_courses())
    if not form.validate():
        return _page(form), 422
    try:
        exempting.record_exemption(
            work.session(), auth.required(), official_id=form.official_id.data or "",
            course_key=form.course_key.data or None, reason=form.reason.data or "", first=form.first.data,
            last=form.last.data, moment=moment(),
        )  # fmt: skip
    except AssigningError as wrong:
        form.official_id.errors = [wrong.message.to(language())]
        return _page(form), 422
    flash(_("It is on record. What they had still to do of it is excused."))
    return redirect(url_for("exemptions.exemptions"), 303)


@pages.post("/training/exemptions/<int:exemption_id>/end")
@needs(Permission.TRAINING_EXEMPTION_RECORD)
def end(exemption_id: int) -> Response:
    """Let it hold no more."""
    exempting.end_exemption(work.session(), auth.required(), exemption_id=exemption_id, moment=moment())
    flash(_("The exemption is ended. Rules may pick this official again."))
    return redirect(url_for("exemptions.exemptions"), 303)


@pages.get("/training/assign")
@needs(Permission.TRAINING_RULE_CHANGE)
def assign_form() -> str:
    """The form of a course given by hand."""
    return _assign_page(AssignForm(formdata=None, data={"official_id": (request.args.get("official") or "")[:64]}))


@pages.post("/training/assign")
@needs(Permission.TRAINING_RULE_CHANGE)
def assign() -> Response | tuple[str, int]:
    """Give one official a course."""
    form = AssignForm()
    form.offer(_courses())
    if not form.validate():
        return _assign_page(form), 422
    try:
        assigning.assign_by_hand(
            work.session(), auth.required(), official_id=form.official_id.data or "", course_key=form.course_key.data,
            due_on=form.due_on.data, reason=form.reason.data or "", moment=moment(),
        )  # fmt: skip
    except (AssigningError, AlreadyAssignedError) as wrong:
        form.official_id.errors = [wrong.message.to(language())]
        return _assign_page(form), 422
    flash(_("The course is assigned."))
    return redirect(url_for("following.following", text=form.official_id.data), 303)


@pages.post("/training/assignments/<int:assignment_id>/withdraw")
@needs(Permission.TRAINING_RULE_CHANGE)
def withdraw(assignment_id: int) -> Response | tuple[str, int]:
    """Take an assignment back."""
    form = WhyForm()
    why = (form.why.data or "") if form.validate() else ""
    assigning.withdraw_assignment(
        work.session(), auth.required(), assignment_id=assignment_id, why=why, moment=moment()
    )
    flash(_("The course is taken back."))
    return redirect(url_for("following.following"), 303)


def _courses() -> dict[str, str]:
    spoken = language()
    return {key: title.to(spoken) for key, title in course_names(work.session(), taught=True).items()}


def _page(form: ExemptionForm) -> str:
    form.offer(_courses())
    first = offset(request.args.get("offset"))
    found, total = recorded(work.session(), auth.required(), today=work.today(), offset=first, limit=LIMIT)
    if found:
        show_exemptions(work.session(), auth.required(), day=work.today())

    def address(**changed: Any) -> str:
        return url_for("exemptions.exemptions", **changed)

    return render_template(
        "exemptions.html", form=form, exemptions=found, total=total, offset=first, limit=LIMIT, address=address
    )


def _assign_page(form: AssignForm) -> str:
    form.offer(_courses())
    return render_template("assign.html", form=form)
