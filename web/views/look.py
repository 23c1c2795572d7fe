"""The choice between light and dark pages; it stays with the browser, like the language."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from web.addresses import safe_next
from web.guards import public
from web.headers import YEAR, cookie_name

pages = Blueprint("look", __name__)
COOKIE = "vanthu_look"
LOOKS = ("device", "light", "dark")
"""`device`: as the device is set."""


@pages.get("/look/<chosen>")
@public("how bright the log-in page is, too, is the visitor's choice")
def choose(chosen: str) -> Response:
    """Remember the look and go back to the page the visitor came from."""
    if chosen not in LOOKS:
        abort(404)
    answer = redirect(safe_next(request.args.get("next")))
    answer.set_cookie(_cookie(), chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=_secure())
    return answer


def look() -> str:
    """The look of this visitor's pages: as chosen, else as the device is set."""
    chosen = request.cookies.get(_cookie(), "")
    return chosen if chosen in LOOKS else "device"


def _cookie() -> str:
    return cookie_name(COOKIE, secure=_secure())


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
