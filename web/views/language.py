"""The switch between Vietnamese and English; the choice stays with the browser."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from core.words import LANGUAGES
from web.addresses import safe_next
from web.guards import public
from web.headers import YEAR, cookie_name
from web.language import COOKIE

pages = Blueprint("language", __name__)


@pages.get("/language/<chosen>")
@public("the log-in page has both languages")
def choose(chosen: str) -> Response:
    """Remember the language and go back to the page the visitor came from."""
    if chosen not in LANGUAGES:
        abort(404)
    answer = redirect(safe_next(request.args.get("next")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    name = cookie_name(COOKIE, secure=secure)
    answer.set_cookie(name, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer
