"""The picture of the whole city: the first page after log-in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.permissions import Permission
from mail_audit import queries
from web import auth, work
from web.guards import needs
from web.views.pictures import picture_page

pages = Blueprint("city", __name__)


@pages.get("/")
@needs(Permission.MAIL_AUDIT_AUDIT_READ, Permission.MAIL_AUDIT_EVIDENCE_READ)
def home() -> str | Response:
    """The latest audit with figures; before there is one, the way to the first. An official's is the own page."""
    if auth.required().official_id is not None:
        return redirect(url_for("own.own"))
    latest = queries.latest_audit(work.session())
    if latest is None:
        return render_template("start.html", audits=queries.audits(work.session()))
    return picture_page(queries.city(work.session(), latest.audit_id))


@pages.get("/audits/<int:audit_id>/city")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def city(audit_id: int) -> str:
    """The city as one particular audit found it."""
    return picture_page(queries.city(work.session(), audit_id))


@pages.get("/<any(units, officials, coverage, trends, windows):noun>")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def of_latest(noun: str) -> Response:
    """Short addresses of the latest audit's pages."""
    latest = queries.latest_audit(work.session())
    if latest is None:
        return redirect(url_for("city.home"))
    return redirect(url_for(f"{noun}.{noun}", audit_id=latest.audit_id))
