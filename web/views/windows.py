"""Who acted in the last 7, 30, 90 and 180 days, unit by unit, back from any day: as Microsoft's reports count."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit.queries import windows as reading
from web import auth, work
from web.guards import needs
from web.views.asked import day_of, flag, offset

pages = Blueprint("windows", __name__)
EARLIEST = date(2000, 1, 1)
LIMIT = 50


@pages.get("/audits/<int:audit_id>/windows")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def windows(audit_id: int) -> str:
    """The windows that end on the day that the address names, or on the audit's last."""
    asked = day_of(request.args.get("day"))
    with_all, first = flag(request.args.get("all")), offset(request.args.get("offset"))
    found = reading.windows(
        work.session(),
        audit_id,
        asked if asked is not None and asked >= EARLIEST else None,
        reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ),
        tops_only=not with_all,
        offset=first,
        limit=LIMIT,
    )

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {"day": found.day.isoformat(), "all": 1 if with_all else None}
        return url_for("windows.windows", audit_id=audit_id, **(kept | changed))

    return render_template(
        "windows.html",
        found=found,
        summary=found.summary,
        rows=found.units,
        with_all=with_all,
        total=found.every if with_all else found.tops,
        offset=first,
        limit=LIMIT,
        address=address,
        known=[one.days for one in found.city.leaders if one.using is not None],
    )
