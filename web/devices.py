"""The browser as one that an account was logged in with before: a random token in a cookie of its own.

It lets nobody in. It tells the tries of this browser from those of others behind the same address, so that nobody's
guessing elsewhere makes its owner wait (`core.directory.services.throttling`). It names no account, and outlives the
log-out: the next log-in is what it is for.
"""

from __future__ import annotations

import re
import secrets
from typing import cast

from flask import after_this_request, current_app, g, request
from werkzeug.wrappers import Response

from core.directory.services.throttling import KNOWN_FOR
from web.headers import cookie_name

COOKIE = "vanthu_device"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token() -> str | None:
    """The token that this browser brought; None for none, or what is none of ours."""
    found = request.cookies.get(_cookie(), "")
    return found if _TOKEN.fullmatch(found) else None


def known() -> str:
    """The token of this browser from now on: the one it brought, else a new one; kept as long as log-ins are known."""
    if "device" not in g:
        g.device = token() or secrets.token_urlsafe(32)
        after_this_request(_keep)
    return cast("str", g.device)


def _keep(answer: Response) -> Response:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    age = int(KNOWN_FOR.total_seconds())
    answer.set_cookie(_cookie(), known(), max_age=age, httponly=True, samesite="Lax", secure=secure)
    return answer


def _cookie() -> str:
    return cookie_name(COOKIE, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
