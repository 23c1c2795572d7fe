"""What a draft is: its type, subject, urgency and deadline, changed as long as it is with its author."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.services import describing
from web import auth, work
from web.forms.drafts import AboutForm
from web.guards import needs
from web.views.drafts.frame import REFUSALS, moment, page_of, pages, refused, tell
from web.views.drafts.listing import kinds


@pages.get("/drafts/<int:draft_id>/about")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def about(draft_id: int) -> str | Response:
    """What it is now; for whom it cannot be changed by now, the page where it is read."""
    page = page_of(draft_id)
    if not page.can_change:
        return redirect(url_for("documents.document", draft_id=draft_id), 303)
    known = {"kind": page.type, "title": page.title, "urgency": page.urgency, "due": page.due}
    return _page(draft_id, AboutForm(formdata=None, data=known))


@pages.post("/drafts/<int:draft_id>/about")
@needs(Permission.EOFFICE_DRAFT_CHANGE)
def describe(draft_id: int) -> Response | tuple[str, int]:
    """Change it, and go back to the text."""
    page_of(draft_id)
    form = AboutForm()
    form.kind.choices = kinds()
    if not form.validate():
        return _page(draft_id, form), 422
    try:
        with work.session().begin_nested():
            describing.describe(
                work.session(), auth.required(), draft_id=draft_id, kind=form.kind.data, title=form.title.data or "",
                urgency=form.urgency.data, due=form.due.data, moment=moment(),
                seen_title=request.form.get("title-base"),
            )  # fmt: skip
    except REFUSALS as wrong:
        form.title.errors = [refused(wrong)]
        return _page(draft_id, form), 422
    tell(_("Changed. What you had written is in the text."))
    return redirect(url_for("drafts.write", draft_id=draft_id), 303)


def _page(draft_id: int, form: AboutForm) -> str:
    form.kind.choices = kinds()
    page = page_of(draft_id)
    seen = request.form.get("title-base", page.title)
    return render_template("draft_about.html", page=page, form=form, title_base=seen)
