"""Every saved state of a draft, and the difference between any two: above all, since one looked."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.permissions import Permission
from eoffice.queries import revisions as stored
from web import auth, work
from web.guards import needs
from web.views.asked import number
from web.views.drafts.frame import moment, page_of, pages, part_words, type_words


@pages.get("/drafts/<int:draft_id>/revisions")
@needs(Permission.EOFFICE_DRAFT_READ)
def revisions(draft_id: int) -> str | Response:
    """All revisions, the last first; two are chosen to be compared."""
    old, new = number(request.args.get("old")), number(request.args.get("new"))
    if old and new:
        first, last = sorted((old, new))
        return redirect(url_for("drafts.difference", draft_id=draft_id, old=first, new=last))
    page = page_of(draft_id)
    lines = stored.revisions(work.session(), auth.required(), draft_id=draft_id, today=moment().today)
    return render_template("draft_revisions.html", page=page, lines=lines, type_words=type_words)


@pages.get("/drafts/<int:draft_id>/revisions/<int:old>..<int:new>")
@needs(Permission.EOFFICE_DRAFT_READ)
def difference(draft_id: int, old: int, new: int) -> str:
    """What was added and taken out from one revision to another; what stayed only where something near it changed."""
    page, session, actor, today = page_of(draft_id), work.session(), auth.required(), moment().today
    changed = stored.difference(session, actor, draft_id=draft_id, old=old, new=new, today=today)
    lines = {one.number: one for one in stored.revisions(session, actor, draft_id=draft_id, today=today)}
    return render_template(
        "draft_difference.html", page=page, changed=changed, old=lines[old], new=lines[new], part_words=part_words,
        whole=request.args.get("whole") == "1",
    )  # fmt: skip
