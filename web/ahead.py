"""Pages that a browser may keep to be read without a network, and who decides that.

Nothing is kept unless the person asked for it on this very device (a cookie): a page of this suite may name people, and
not every computer is its user's own. A page that may be kept says whose it is by a mark that tells two log-ins apart
and nothing else; the service worker keeps pages of one mark only and drops them when another comes, at log-out, and at
the end of the day.
"""

from __future__ import annotations

import hashlib

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from web import auth
from web.headers import cookie_name

COOKIE = "vanthu_keep"
MARK = "Vanthu-Keep"
AHEAD = "Vanthu-Ahead"
"""A header of the service worker's own requests, for pages that nobody has opened yet."""


def is_fetched_ahead() -> bool:
    """Whether nobody looks at the page now: the browser keeps it for later."""
    return request.headers.get(AHEAD) == "1"


def is_kept_here() -> bool:
    """Whether the person asked this device to keep pages."""
    return request.cookies.get(kept_cookie()) == "1"


def kept_cookie() -> str:
    """The name of the cookie."""
    return cookie_name(COOKIE, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))


def install(app: Flask) -> None:
    """Mark the pages that may be kept; tell the browser to drop everything at log-out."""

    @app.after_request
    def mark(response: Response) -> Response:
        if (request.endpoint or "").endswith(".log_out"):
            response.headers["Clear-Site-Data"] = '"storage"'
        session = auth.present() if auth.known() is not None else None
        if session is not None and is_kept_here() and response.status_code == 200 and response.mimetype == "text/html":
            response.headers[MARK] = hashlib.sha256(f"{session.id}/{session.account.name}".encode()).hexdigest()[:16]
        return response
