"""Downloads of an audit's report in every format and both languages."""

from __future__ import annotations

from flask import Blueprint, abort, send_file
from werkzeug.wrappers import Response

from core.permissions import Permission
from core.words import LANGUAGES
from mail_audit.services.looking import take_report
from web import auth, work
from web.guards import needs

pages = Blueprint("reports", __name__)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.get("/audits/<int:audit_id>/reports/<chosen>.<ending>")
@needs(Permission.MAIL_AUDIT_REPORT_READ)
def report(audit_id: int, chosen: str, ending: str) -> Response:
    """One rendered report, always as a file to keep (its HTML has its own style, which this site's policy forbids)."""
    if chosen not in LANGUAGES or ending not in TYPES:
        abort(404)
    path = take_report(
        work.session(),
        auth.required(),
        audit_id=audit_id,
        language=chosen,
        ending=ending,
        store=work.settings().store,
    )
    name = f"vanthu-{audit_id}-{chosen}.{ending}"
    return send_file(path, mimetype=TYPES[ending], as_attachment=True, download_name=name)
