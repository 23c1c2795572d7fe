"""The picture of the whole city, as the latest audit found it or an earlier one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from core.permissions import Actor, Permission
from mail_audit import queries
from web import auth, work
from web.guards import needs
from web.views.pictures import picture_page, picture_values, units_part

pages = Blueprint("city", __name__)


def picture_of_latest(actor: Actor) -> dict[str, Any] | None:
    """What the home page shows of the latest audit; None for who may not see it, and while there are no figures."""
    latest = queries.latest_audit_id(work.session()) if actor.may(Permission.MAIL_AUDIT_AUDIT_READ) else None
    return None if latest is None else picture_values(_city(latest))


@pages.get("/audits/<int:audit_id>/city")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def city(audit_id: int) -> str:
    """The city as one particular audit found it."""
    return picture_page(_city(audit_id))


@pages.get("/<any(city, units, officials, coverage, trends, windows):noun>")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def of_latest(noun: str) -> Response:
    """Short addresses of the latest audit's pages."""
    latest = queries.latest_audit_id(work.session())
    if latest is None:
        return redirect(url_for("home.home"))
    return redirect(url_for(f"{noun}.{noun}", audit_id=latest))


def _city(audit_id: int) -> queries.UnitPicture:
    """The picture with the part of its units that the address asks for."""
    reach = auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)
    return queries.city(work.session(), audit_id, reach=reach, part=units_part())
