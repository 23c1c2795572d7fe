"""Units: the sortable table of all, and the picture of one."""

from __future__ import annotations

from typing import Any, cast, get_args

from flask import Blueprint, render_template, request, url_for

from core.permissions import Permission
from mail_audit import queries
from mail_audit.queries import UnitSort
from web import work
from web.guards import needs
from web.views.asked import flag, one_of
from web.views.audits import summary_with_figures
from web.views.pictures import period_words, picture_page

pages = Blueprint("units", __name__)


@pages.get("/audits/<int:audit_id>/units")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def units(audit_id: int) -> str:
    """Every unit with leaders and staff side by side, sorted by the address's `sort` and `descending`."""
    session = work.session()
    sort = cast("UnitSort", one_of(request.args.get("sort"), get_args(UnitSort), "unit"))
    descending = flag(request.args.get("descending"))

    def address(**changed: Any) -> str:
        return url_for("units.units", audit_id=audit_id, **changed)

    summary = summary_with_figures(session, audit_id)
    return render_template(
        "units.html",
        summary=summary,
        period_words=period_words(summary),
        rows=queries.units(session, audit_id, sort=sort, descending=descending),
        sort=sort,
        descending=descending,
        address=address,
    )


@pages.get("/audits/<int:audit_id>/units/<path:unit_key>")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def unit(audit_id: int, unit_key: str) -> str:
    """One unit with what lies below it."""
    return picture_page(queries.unit(work.session(), audit_id, unit_key))
