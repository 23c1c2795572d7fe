"""Rolling lines: the share of a unit's leaders and staff who acted in the last 7 and 30 days, day by day."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from core.permissions import Permission
from mail_audit.queries import windows
from mail_audit.queries.unit_lines import top_of, units_of
from mail_audit.weeks import ancestors
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
    session, reach = work.session(), auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    line = windows.rolling(session, audit_id, unit, days=int(length), reach=reach)
    return render_template(
        "trends.html",
        line=line,
        summary=line.summary,
        units=around(units_of(session, audit_id, reach=reach), unit),
        rolling=windows.ROLLING,
        length=length,
        lengths=LENGTHS,
    )


def around(units: dict[str, str | None], unit: str | None) -> list[str]:
    """The units to choose from: the topmost ones, and of the chosen one those above, those beside and those below it.

    A city has thousands; from any of them the next ones below are reached.
    """
    tops, above = set(top_of(units)), {unit, *(ancestors(unit, units) if unit is not None else ())}
    return [
        one
        for one, parent in units.items()
        if one in tops or one in above or (unit is not None and parent in {unit, units.get(unit)})
    ]
