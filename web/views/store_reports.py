"""Reports of what was collected: asked for by their days, and the manifest of one."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from core.db import utc_now
from core.errors import InputError
from core.permissions import Permission
from mail_audit import queries
from mail_audit.services import standing
from mail_audit.services.standing.mornings import today
from mail_audit.standing.manifest import manifest_of
from web import auth, work
from web.forms.store_report import StoreReportForm
from web.guards import needs
from web.language import language

pages = Blueprint("store_reports", __name__)


@pages.get("/audits/from-store")
@needs(Permission.MAIL_AUDIT_AUDIT_START)
def new_report() -> str:
    """The form, filled in for the month that yesterday belongs to."""
    last = today(work.settings(), utc_now()) - timedelta(days=1)
    return _form_page(StoreReportForm(data={"first": last.replace(day=1), "last": last}))


@pages.post("/audits/from-store")
@needs(Permission.MAIL_AUDIT_AUDIT_START)
def ask_report() -> Answer | tuple[str, int]:
    """Have the report made; what cannot be asked comes back with its reason."""
    form = StoreReportForm()
    if not form.validate() or form.first.data is None or form.last.data is None:
        return _form_page(form), 422
    try:
        audit_id, _ = standing.ask_report(
            work.session(),
            auth.required(),
            timezone=work.settings().timezone,
            first=form.first.data,
            last=form.last.data,
        )
    except InputError as wrong:
        form.last.errors = [*form.last.errors, wrong.message.to(language())]
        return _form_page(form), 422
    return redirect(url_for("audits.audit", audit_id=audit_id), 303)


@pages.get("/audits/<int:audit_id>/manifest.json")
@needs(Permission.MAIL_AUDIT_REPORT_READ)
def manifest(audit_id: int) -> Response:
    """What a report was made from, to make it again; 404 for an audit of files."""
    text = manifest_of(queries.manifest(work.session(), audit_id)).text()
    answer = Response(text, mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"vanthu-manifest-{audit_id}.json")
    return answer


def _form_page(form: StoreReportForm) -> str:
    return render_template("store_report.html", form=form, timezone=work.settings().timezone)
