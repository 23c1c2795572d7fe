"""A page for machines: does the process answer, and does its database."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import text
from werkzeug.wrappers import Response

from web import work
from web.guards import public

pages = Blueprint("health", __name__)


@pages.get("/health")
@public("load balancers and monitors have no account; it says nothing but that it runs")
def health() -> Response | tuple[dict[str, str], int]:
    """200 with `{"status": "ok"}` when the database answers; otherwise the border says 503 or 500."""
    work.session().execute(text("SELECT 1"))
    return {"status": "ok"}, 200
