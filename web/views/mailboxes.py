"""Mailboxes that belong to nobody in the directory, and shared and service ones: listed, not hidden."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit import queries
from web import work
from web.guards import needs
from web.views.asked import offset
from web.views.audits import summary_with_figures

pages = Blueprint("mailboxes", __name__)
LIMIT = 100


@pages.get("/audits/<int:audit_id>/mailboxes")
@needs(Permission.MAIL_AUDIT_MAILBOX_READ)
def mailboxes(audit_id: int) -> str:
    """Mailboxes without an official, the busiest first."""
    session = work.session()
    first = offset(request.args.get("offset"))

    def address(**changed: Any) -> str:
        return url_for("mailboxes.mailboxes", audit_id=audit_id, **changed)

    return render_template(
        "mailboxes.html",
        summary=summary_with_figures(session, audit_id),
        mailboxes=queries.unassigned(session, audit_id, offset=first, limit=LIMIT),
        offset=first,
        limit=LIMIT,
        address=address,
    )
