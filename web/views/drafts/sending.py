"""Sending a draft off by a route, giving it up, and taking it up again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.queries import form as checked
from eoffice.services import drafting, sending_round
from eoffice.services.choosing_route import ways
from web import auth, undo, work
from web.forms.drafts import SendForm
from web.guards import needs
from web.views.document_words import PURPOSES
from web.views.drafts.frame import REFUSALS, moment, page_of, pages, part_words, refused, rules, tell, type_words


@pages.get("/drafts/<int:draft_id>/send")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def send(draft_id: int) -> str | Response:
    """The routes it can take, each with the people who would have it; the likeliest is chosen."""
    page = page_of(draft_id)
    if not page.can_change:
        return redirect(url_for("documents.document", draft_id=draft_id), 303)
    return _page(draft_id, SendForm(formdata=None))


@pages.post("/drafts/<int:draft_id>/send")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def send_off(draft_id: int) -> Response | tuple[str, int]:
    """Send it; a moment later the first of them has it among what waits."""
    page_of(draft_id)
    form = SendForm()
    if not form.validate() or form.route.data is None:
        form.route.errors = [_("Choose a route")]
        return _page(draft_id, form), 422
    try:
        with work.session().begin_nested():
            sending_round.submit(
                work.session(), auth.required(), draft_id=draft_id, template_id=form.route.data,
                seen_revision=form.seen_revision.data, moment=moment(),
            )  # fmt: skip
    except REFUSALS as wrong:
        form.route.errors = [refused(wrong)]
        return _page(draft_id, form), 422
    back = url_for("documents.pull_back", draft_id=draft_id)
    undo.offer(_("Sent. You can pull it back until somebody has opened it."), back)
    return redirect(url_for("documents.document", draft_id=draft_id), 303)


@pages.post("/drafts/<int:draft_id>/withdraw")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def withdraw(draft_id: int) -> Response:
    """Give it up; it can be taken up again."""
    page_of(draft_id)
    try:
        with work.session().begin_nested():
            sending_round.withdraw(work.session(), auth.required(), draft_id=draft_id, moment=moment())
        undo.offer(_("The draft is given up; what was written is kept."), url_for("drafts.take_up", draft_id=draft_id))
    except REFUSALS as wrong:
        tell(refused(wrong))
    return redirect(url_for("drafts.drafts"), 303)


@pages.post("/drafts/<int:draft_id>/take-up")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def take_up(draft_id: int) -> Response:
    """Go on with a draft that was given up."""
    drafting.take_up(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return redirect(url_for("drafts.write", draft_id=draft_id), 303)


def _page(draft_id: int, form: SendForm) -> str:
    page = page_of(draft_id)
    draft, _writer = drafting.changeable(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    found = ways(work.session(), draft, moment=moment())
    faults = len(checked.findings_in_text(page.text, rules())) if page.source == "text" else 0
    unfilled = checked.unfilled(page.text, rules()) if page.source == "text" else ()
    chosen = form.route.data or (found[0].template_id if found else None)
    return render_template(
        "draft_send.html", page=page, form=form, ways=found, chosen=chosen, purposes=PURPOSES, faults=faults,
        unfilled=[part_words(one) for one in unfilled],
        type_words=type_words,
    )  # fmt: skip
