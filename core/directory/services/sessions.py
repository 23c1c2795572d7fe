"""Sessions of accounts: begun at a log-in, ended by their owner, an administrator, a new password or a closed account.

A session is known by a random token of which the database holds the digest only. Time-outs are a matter of reading
(`queries.open_session`): nothing has to run for a session to be over.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory import origins
from core.directory.models import Account, AccountSession
from core.directory.queries import the_account
from core.directory.services import granting
from core.errors import NotFoundError
from core.permissions import Actor, Permission
from core.words import Text

REMEMBERED = timedelta(days=30)
"""So long after its last sign of life a session's row is kept; it is removed with a later log-in of the account."""
SEEN_EVERY = timedelta(minutes=1)
"""A session's last sign of life is true to so much: not every page is worth a write."""


class SessionAction(StrEnum):
    """What the trail says of sessions; their begin is the log-in itself."""

    END = "core:session:end"
    LOG_OUT = "core:session:log_out"


def begin_session(
    session: Session,
    account: Account,
    *,
    address: str | None,
    browser: str,
    factor: str | None = None,
    now: datetime | None = None,
) -> str:
    """A new session of `account`, all steps of whose log-in were just taken (that is in the trail already); its token.

    `address` is kept shortened; `browser` is in plain words; `factor` is what proved it besides the password.
    """
    moment, token = now or utc_now(), secrets.token_urlsafe(32)
    old = (AccountSession.account == account.id, AccountSession.seen_at < moment - REMEMBERED)
    session.execute(delete(AccountSession).where(*old))
    begun = AccountSession(
        token_digest=digest(token),
        account=account.id,
        created_at=moment,
        seen_at=moment,
        address=origins.shortened(address),
        browser=browser,
        factor=factor,
    )
    session.add(begun)
    session.flush()
    return token


def note_seen(session: Session, *, session_id: int, now: datetime | None = None) -> None:
    """Note a sign of life, once a minute at most. No entry in the trail: it would drown what people did."""
    moment = now or utc_now()
    session.execute(
        update(AccountSession)
        .where(
            AccountSession.id == session_id,
            AccountSession.ended_at.is_(None),
            AccountSession.seen_at <= moment - SEEN_EVERY,
        )
        .values(seen_at=moment)
    )


def log_out(session: Session, actor: Actor, *, session_id: int) -> None:
    """End the actor's present session; nothing where it is over already."""
    account = session.scalars(select(Account).where(Account.name == actor.name)).one_or_none()
    if account is not None and _end(session, account, by=actor.name, only=session_id):
        audit.record(session, actor=actor.name, action=SessionAction.LOG_OUT, subject=f"account:{account.name}")


def end_session(session: Session, actor: Actor, *, name: str, session_id: int) -> None:
    """End one session of the account `name`; nothing where it is over already.

    Raises `NotFoundError` where that account has no such session, `ForbiddenError`.
    """
    account = _account(session, actor, name)
    wanted = (AccountSession.id == session_id, AccountSession.account == account.id)
    if session.scalar(select(AccountSession.id).where(*wanted)) is None:
        raise NotFoundError(Text("Không có phiên làm việc này.", "There is no such session."))
    if _end(session, account, by=actor.name, only=session_id):
        _record(session, actor, account, 1)


def end_sessions(session: Session, actor: Actor, *, name: str, but: int | None = None) -> int:
    """End every session of the account `name`, except `but`; how many were open. Raises as `end_session`."""
    account = _account(session, actor, name)
    ended = _end(session, account, by=actor.name, but=but)
    if ended:
        _record(session, actor, account, ended)
    return ended


def end_all(session: Session, account: Account, *, by: str) -> int:
    """End every session of `account` as a part of another change, which makes the entry; how many were open."""
    return _end(session, account, by=by)


def digest(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _account(session: Session, actor: Actor, name: str) -> Account:
    if name.strip().lower() == actor.name:
        return the_account(session, name)
    return granting.account_acted_on(session, actor, Permission.CORE_SESSION_END, name=name)


def _end(session: Session, account: Account, *, by: str, only: int | None = None, but: int | None = None) -> int:
    ending = update(AccountSession).where(AccountSession.account == account.id, AccountSession.ended_at.is_(None))
    if only is not None:
        ending = ending.where(AccountSession.id == only)
    if but is not None:
        ending = ending.where(AccountSession.id != but)
    done = session.execute(ending.values(ended_at=utc_now(), ended_by=by))
    return cast("CursorResult[Any]", done).rowcount


def _record(session: Session, actor: Actor, account: Account, ended: int) -> None:
    facts = {"sessions": ended}
    audit.record(session, actor=actor.name, action=SessionAction.END, subject=f"account:{account.name}", facts=facts)
