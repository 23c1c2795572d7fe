"""Use of the e-office beside that of e-mail: on the pages of an audit, by unit and person, and as files."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast, get_args

from flask import Blueprint, abort, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from core.db import utc_now
from core.errors import NotFoundError
from core.permissions import NOTHING, Permission
from eoffice.queries.use import (
    UseCoverage,
    UsePeriod,
    UseSort,
    official_use,
    officials_use,
    units_part,
    units_use,
    use_coverage,
    whole_use,
    words,
)
from eoffice.services.exporting_use import Ending, What, export_use
from eoffice.services.keeping_use import want
from mail_audit.queries import AuditSummary
from web import auth, looks, work
from web.guards import needs
from web.views.asked import offset, one_of
from web.views.audits import summary_with_figures

pages = Blueprint("use", __name__)
LIMIT = 20
UNITS = 50
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def period_of(summary: AuditSummary) -> UsePeriod | None:
    """The days of an audit, as they stand now; None where it has none, or more than a year."""
    if summary.period is None or (summary.period.last - summary.period.first).days >= 366:
        return None
    return UsePeriod(summary.period.first, summary.period.last, work.settings().timezone, utc_now())


def coverage_of(period: UsePeriod) -> UseCoverage | None:
    """What figures of the period rest on; where there are any, they are kept from now on."""
    found = use_coverage(work.session(), period)
    if found is not None:
        want(work.session(), period=period, today=work.today())
    return found


def of_unit(summary: AuditSummary, unit_key: str | None) -> dict[str, Any] | None:
    """What the page of a unit (None: of all that is reached) says of use; None where there was no document yet."""
    period, actor, session = period_of(summary), auth.required(), work.session()
    if period is None or actor.reach(Permission.EOFFICE_USE_READ) == NOTHING:
        return None
    coverage = coverage_of(period)
    if coverage is None:
        return None
    if unit_key is None:
        figures = whole_use(session, actor, period=period)
    else:
        found = units_use(session, actor, period=period, unit_key=unit_key)
        if not found:
            return None
        figures = found[0]
    return {"coverage": coverage, "figures": figures, "words": words}


def of_official(summary: AuditSummary, official_id: str) -> dict[str, Any] | None:
    """What an official's page says of use; None where there was no document yet, or no post in the directory."""
    period, actor, session = period_of(summary), auth.required(), work.session()
    coverage = None if period is None else coverage_of(period)
    if period is None or coverage is None:
        return None
    try:
        figures = official_use(session, actor, official_id=official_id, period=period)
    except NotFoundError:
        return None
    return {"coverage": coverage, "figures": figures, "words": words}


@pages.get("/audits/<int:audit_id>/use")
@needs(Permission.EOFFICE_USE_READ)
def use(audit_id: int) -> str:
    """Use of the e-office in the days of an audit: the units, and the officials, those who leave most first."""
    summary, period = _asked(audit_id)
    session, actor, first = work.session(), auth.required(), offset(request.args.get("offset"))
    first_unit = offset(request.args.get("units"))
    sort = cast("UseSort", one_of(request.args.get("sort"), get_args(UseSort), "left"))
    officials, total = officials_use(session, actor, period=period, sort=sort, offset=first, limit=LIMIT)
    if officials:
        looks.at_use(period)

    def address(**changed: Any) -> str:
        kept = {"sort": sort, "offset": first or None, "units": first_unit or None}
        return url_for("use.use", audit_id=audit_id, **(kept | changed))

    units, number = units_part(session, actor, period=period, told=True, offset=first_unit, limit=UNITS)
    return render_template(
        "use.html",
        summary=summary,
        coverage=coverage_of(period),
        whole=whole_use(session, actor, period=period),
        units=units,
        units_total=number,
        units_offset=first_unit,
        units_limit=UNITS,
        officials=officials,
        total=total,
        offset=first,
        limit=LIMIT,
        sort=sort,
        words=words,
        address=address,
    )


@pages.get("/audits/<int:audit_id>/use/<any(officials, units):what>.<any(csv, json):ending>")
@needs(Permission.EOFFICE_USE_READ)
def file(audit_id: int, what: What, ending: Ending) -> Response:
    """The same figures as a file."""
    _, period = _asked(audit_id)
    content = export_use(work.session(), auth.required(), what=what, ending=ending, period=period)
    name = f"vanthu-use-{what}-{period.first.isoformat()}-{period.last.isoformat()}.{ending}"
    return send_file(BytesIO(content), mimetype=TYPES[ending], as_attachment=True, download_name=name)


def _asked(audit_id: int) -> tuple[AuditSummary, UsePeriod]:
    """The audit and its days; 404 for whoever reaches nobody's figures."""
    if auth.required().reach(Permission.EOFFICE_USE_READ) == NOTHING:
        abort(404)
    summary = summary_with_figures(work.session(), audit_id)
    period = period_of(summary)
    if period is None:
        abort(404)
    return summary, period
