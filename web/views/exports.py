"""Data to take away: choose a table, days and a form, and get a file."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from core.errors import InputError, NotFoundError
from core.permissions import Permission
from mail_audit import queries, services
from mail_audit.months import Month
from mail_audit.queries import sources
from web import auth, work
from web.forms.exports import ExportForm
from web.guards import needs
from web.language import language

pages = Blueprint("exports", __name__)
TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@pages.get("/exports")
@needs(Permission.MAIL_AUDIT_FACTS_EXPORT)
def exports() -> str:
    """The form, with the days of the latest audit; before there is any, with the newest month that is measured."""
    latest = queries.latest_audit(work.session(), reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    period = latest.period if latest is not None else None
    given = {"first": period.first, "last": period.last} if period is not None else _newest_month()
    return _page(ExportForm(formdata=None, data=given))


def _newest_month() -> dict[str, date]:
    measured = next((one for one in sources.months(work.session()) if one.measured_at), None)
    return {} if measured is None else {"first": measured.month, "last": Month.of(measured.month).last}


@pages.post("/exports")
@needs(Permission.MAIL_AUDIT_FACTS_EXPORT)
def export() -> Response | tuple[str, int]:
    """The file that was asked for; what cannot be had is said above the form."""
    form = ExportForm()
    if not form.validate():
        return _page(form), 422
    ending = str(form.ending.data)
    with tempfile.TemporaryDirectory(prefix="vanthu-") as folder:
        path = Path(folder) / f"table.{ending}"
        try:
            services.export(
                work.session(),
                auth.required(),
                what=form.what.data,
                first=form.first.data,
                last=form.last.data,
                path=path,
            )
        except (InputError, NotFoundError) as wrong:
            form.first.errors = [wrong.message.to(language())]
            return _page(form), 422
        stream = path.open("rb")  # outlives the folder: the file is gone when it has been sent
    name = f"vanthu-{form.what.data}-{form.first.data.isoformat()}-{form.last.data.isoformat()}.{ending}"
    return send_file(stream, mimetype=TYPES[ending], as_attachment=True, download_name=name)


def _page(form: ExportForm) -> str:
    session = work.session()
    reach = auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    audits = queries.audits_with_figures(session, reach=reach, limit=20).rows
    return render_template("exports.html", form=form, audits=audits)
