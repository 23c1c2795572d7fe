"""Who acted in the last 7, 30, 90 and 180 days, unit by unit, back from any day: as Microsoft's reports count."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from core.permissions import Permission
from mail_audit.queries import windows as reading
from web import auth, work
from web.guards import needs
from web.views.asked import day_of, flag

pages = Blueprint("windows", __name__)
EARLIEST = date(2000, 1, 1)


@pages.get("/audits/<int:audit_id>/windows")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def windows(audit_id: int) -> str:
    """The windows that end on the day that the address names, or on the audit's last."""
    asked = day_of(request.args.get("day"))
    found = reading.windows(
        work.session(),
        audit_id,
        asked if asked is not None and asked >= EARLIEST else None,
        reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ),
    )
    known = {unit.unit for unit in found.units}
    tops = [unit for unit in found.units if unit.parent not in known]
    if len(tops) == 1:
        tops = [unit for unit in found.units if unit.parent == tops[0].unit] or tops
    with_all = flag(request.args.get("all"))
    return render_template(
        "windows.html",
        found=found,
        summary=found.summary,
        rows=found.units if with_all else tops,
        with_all=with_all,
        every=len(found.units),
        tops=len(tops),
        known=[one.days for one in found.city.leaders if one.using is not None],
    )
