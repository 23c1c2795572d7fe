"""Who is asking: the token in the signed session cookie, and the session of an account behind it.

The cookie holds a token and nothing else of account or rights; what it stands for is in the database, so that a session
is over for every browser the moment it is ended. Passwords, counted failures and the pause after too many of them are
the directory's business (`core.directory.services`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import g, request, session

from core.db import utc_now
from core.directory import queries, services
from core.directory.models import Account
from core.directory.services import throttling
from core.directory.services.sessions import SEEN_EVERY, digest
from core.permissions import Actor
from web import browsers, devices, doors, work
from web.api import door

TOKEN = "token"  # noqa: S105 - the name of an entry


def log_in(account: Account, *, factor: str | None = None) -> None:
    """Begin a session for `account`; one that this browser had is over, and what was in it is thrown away.

    All steps of the log-in were taken (`web.halfway`); `factor` is what proved it besides the password.
    """
    end_earlier()
    browser = browsers.in_words(request.headers.get("User-Agent", ""))
    token = services.begin_session(work.session(), account, address=request.remote_addr, browser=browser, factor=factor)
    throttling.know(work.session(), account, device=devices.known(), factor=factor is not None, moment=utc_now())
    came_by = session.get(doors.CAME_BY)
    session.clear()
    g.pop("csrf_token", None)  # the form token of this request was of the session that is gone
    session[TOKEN] = token
    if came_by is not None:
        session[doors.CAME_BY] = came_by


def log_out() -> None:
    """End the session, here and in the database."""
    end_earlier()
    session.clear()


def end_earlier() -> None:
    """End the session that this request came with, in the database; nothing where there is none, or it is over."""
    found = present()
    if found is not None:
        services.log_out(work.session(), required(), session_id=found.id)


def actor() -> Actor | None:
    """The actor of this request; None for somebody who is not logged in, or not any more."""
    if "actor" not in g:
        g.actor = _actor()
    return cast("Actor | None", g.actor)


def known() -> Actor | None:
    """The actor as far as this request has asked for one already: safe on an error page, it reads no database."""
    return cast("Actor | None", g.get("actor"))


def required() -> Actor:
    """The actor of a view behind a guard."""
    found = actor()
    if found is None:
        raise RuntimeError("a view without a guard asked for its actor")
    return found


def present() -> queries.OpenSession | None:
    """The session of this request; None for somebody who is not logged in."""
    return cast("queries.OpenSession | None", g.get("open_session")) if actor() is not None else None


def note_seen() -> None:
    """Note that the session is in use; after the view, so that a long one does not keep others from writing."""
    found = cast("queries.OpenSession | None", g.get("open_session"))
    if found is not None and found.seen_at <= utc_now() - SEEN_EVERY:
        services.note_seen(work.session(), session_id=found.id)


def times() -> queries.TimeOuts:
    """The time-outs of this installation."""
    options = work.options()
    return queries.TimeOuts(timedelta(hours=options.session_hours), timedelta(minutes=options.idle_minutes))


def _actor() -> Actor | None:
    if door.is_asked():
        return door.actor()
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    found = queries.open_session(work.session(), token_digest=digest(token), times=times(), now=utc_now())
    g.open_session = found
    if found is None:
        return None
    return queries.actor_of(work.session(), found.account, found.official_id, today=work.today())
