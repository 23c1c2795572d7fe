"""What the logs cover and what they cannot tell."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from core.permissions import Permission
from mail_audit import queries
from web import auth, work
from web.guards import needs

pages = Blueprint("coverage", __name__)


@pages.get("/audits/<int:audit_id>/coverage")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def coverage(audit_id: int) -> str:
    """Days, servers, files and broken lines of one audit."""
    actor = auth.required()
    audit = queries.audit(work.session(), audit_id, reach=actor.reach(Permission.MAIL_AUDIT_AUDIT_READ))
    if audit.coverage is None:
        abort(404)
    return render_template(
        "coverage.html",
        audit=audit,
        summary=audit.summary,
        coverage=audit.coverage,
        may_see_sources=actor.may(Permission.MAIL_AUDIT_SOURCE_READ),
    )
