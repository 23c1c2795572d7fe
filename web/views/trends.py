"""Rolling lines: the share of a unit's leaders and staff who acted in the last 7 and 30 days, day by day."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from core.permissions import Permission
from mail_audit.queries import windows
from web import auth, work
from web.guards import needs
from web.views.asked import one_of

pages = Blueprint("trends", __name__)
LENGTHS = ("30", "90", "180", "365")


@pages.get("/audits/<int:audit_id>/trends")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def trends(audit_id: int) -> str:
    """The lines of the whole city, or of the unit that the address names, up to the audit's last day."""
    length = one_of(request.args.get("days"), LENGTHS, "90")
    unit = request.args.get("unit") or None
    line = windows.rolling(
        work.session(), audit_id, unit, days=int(length), reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    )
    return render_template(
        "trends.html",
        line=line,
        summary=line.summary,
        units=windows.units_of(work.session(), audit_id, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)),
        rolling=windows.ROLLING,
        length=length,
        lengths=LENGTHS,
    )
