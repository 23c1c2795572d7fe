"""The API's door: whose token it is, and how often it may knock. Cookies are not looked at here, so none can be abused.

A use is counted in a transaction of its own, before the work begins: a request that is refused or fails has counted all
the same, and the count waits for nobody's work.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Response, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized

from core.db import unit_of_work, utc_now
from core.directory.services import tokens
from core.directory.services.tokens import Use
from core.permissions import Actor
from web import work

PREFIX = "/api/v1"
SCIM = "/scim/v2"
_REALM = "vanthu"


def is_asked() -> bool:
    """Whether this request is for the API, or for SCIM, which has the same door."""
    return request.path.startswith((f"{PREFIX}/", f"{SCIM}/"))


def is_scim() -> bool:
    """Whether this request is for SCIM: only a service's token opens that."""
    return request.path.startswith(f"{SCIM}/")


def actor() -> Actor | None:
    """Whoever the token stands for, None where none was sent. Raises 401 for one that opens nothing, and 429."""
    given = request.headers.get("Authorization")
    if given is None:
        return None
    scheme, _, token = given.partition(" ")
    now = utc_now()
    with unit_of_work(work.settings()) as own:  # nothing is raised in it: what is refused has counted
        used = tokens.use_token(own, token=token.strip(), now=now, most=work.options().api_requests_a_minute)
        stands_for = None if used is None else tokens.actor_of_token(own, used, today=_today(now))
    if scheme.lower() != "bearer" or used is None:
        raise unauthorized(error="invalid_token")
    g.token_use = used
    if used.left < 0:
        raise TooManyRequests(retry_after=used.seconds)
    if is_scim() and used.account is not None:
        raise Forbidden
    return stands_for


def use() -> Use | None:
    """The use of a token that this request is."""
    return cast("Use | None", g.get("token_use"))


def unauthorized(*, error: str | None = None) -> Unauthorized:
    """401 as RFC 6750 wants it: without an error where no token was sent."""
    values: dict[str, str | None] = {"realm": _REALM}
    if error is not None:
        values["error"] = error
    return Unauthorized(www_authenticate=WWWAuthenticate("bearer", values))


def tell_what_is_left(response: Response) -> Response:
    """The headers that say how many requests are free until when (draft-ietf-httpapi-ratelimit-headers)."""
    used = use()
    if used is not None:
        most = work.options().api_requests_a_minute
        response.headers["RateLimit-Policy"] = f'"minute";q={most};w=60'
        response.headers["RateLimit"] = f'"minute";r={max(used.left, 0)};t={used.seconds}'
    return response


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(work.settings().timezone)).date()
