"""Who is asking: the signed session cookie, and the account behind it.

The cookie holds the account's name and a stamp of its password: a changed password ends every session. Passwords,
counted failures and the pause after too many of them are the directory's business (`core.directory.services`).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import g, session

from core.directory import queries
from core.directory.models import Account
from core.permissions import Actor
from web import work

NAME = "account"
STAMP = "stamp"
SINCE = "since"
LONGEST = timedelta(hours=12)
"""A working day: after that the password is asked for again, used or not."""


def log_in(account: Account) -> None:
    """Begin a session for `account`; what was in an earlier one is thrown away."""
    session.clear()
    session[NAME] = account.name
    session[STAMP] = _stamp(account)
    session[SINCE] = datetime.now(UTC).timestamp()


def log_out() -> None:
    """End the session."""
    session.clear()


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


def _actor() -> Actor | None:
    name, stamp, since = session.get(NAME), session.get(STAMP), session.get(SINCE)
    if not isinstance(name, str) or not isinstance(stamp, str) or not isinstance(since, float):
        return None
    if datetime.now(UTC) - datetime.fromtimestamp(since, UTC) > LONGEST:
        return None
    account = queries.account_by_name(work.session(), name)
    if account is None or not hmac.compare_digest(_stamp(account), stamp):
        return None
    official = queries.official_of_account(work.session(), account)
    return Actor(account.name, frozenset({account.role}), official)


def _stamp(account: Account) -> str:
    """Tells one password from the next without telling anything of either."""
    key = work.settings().secret_key.encode()
    return hmac.new(key, account.password_hash.encode(), hashlib.sha256).hexdigest()[:32]
