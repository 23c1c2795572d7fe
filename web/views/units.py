"""Units: the sortable table of all, and the picture of one."""

from __future__ import annotations

from typing import Any, cast, get_args

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit import queries
from mail_audit.queries import UnitSort
from web import auth, work
from web.guards import needs
from web.views.asked import flag, offset, one_of
from web.views.audits import summary_with_figures
from web.views.pictures import period_words, picture_page, units_part

pages = Blueprint("units", __name__)
LIMIT = 100


@pages.get("/audits/<int:audit_id>/units")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def units(audit_id: int) -> str:
    """Units with leaders and staff side by side, sorted by the address's `sort` and `descending`.

    First the departments and districts alone; with `all` every office below them too. A part at a time.
    """
    session = work.session()
    with_all = flag(request.args.get("all"))
    sort = cast("UnitSort", one_of(request.args.get("sort"), get_args(UnitSort), "unit"))
    descending = flag(request.args.get("descending"))

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {"sort": sort, "descending": int(descending), "all": 1 if with_all else None}
        return url_for("units.units", audit_id=audit_id, **(kept | changed))

    summary = summary_with_figures(session, audit_id)
    first = offset(request.args.get("offset"))
    found = queries.units(
        session,
        audit_id,
        sort=sort,
        descending=descending,
        reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ),
        tops_only=not with_all,
        offset=first,
        limit=LIMIT,
    )
    return render_template(
        "units.html",
        summary=summary,
        period_words=period_words(summary),
        rows=found.rows,
        total=found.every if with_all else found.tops,
        offset=first,
        limit=LIMIT,
        every=found.every,
        tops=found.tops,
        with_all=with_all,
        sort=sort,
        descending=descending,
        address=address,
    )


@pages.get("/audits/<int:audit_id>/units/<path:unit_key>")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def unit(audit_id: int, unit_key: str) -> str:
    """One unit with what lies below it."""
    reach = auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    return picture_page(queries.unit(work.session(), audit_id, unit_key, reach=reach, part=units_part()))
