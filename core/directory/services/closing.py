"""Accounts closed and opened again: nothing of them is removed, for reports and the trail name them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory.errors import AccountError
from core.directory.permissions import can_close_account
from core.directory.services import granting, sessions
from core.directory.services.ways_in import end_links
from core.permissions import Actor, Permission, require
from core.words import Text


class ClosingAction(StrEnum):
    """What the trail says of accounts that are closed and opened again."""

    CLOSE = "core:account:close"
    REOPEN = "core:account:reopen"


def close_account(session: Session, actor: Actor, *, name: str) -> bool:
    """Nobody logs in with the account `name` any more, and its sessions are over at once; False if it was closed.

    Raises `NotFoundError`, `LastAdministratorError`, `AccountError` for the actor's own account, `ForbiddenError`.
    """
    name = _allowed(actor, name)
    remaining = granting.lasting_administrators(session, today=granting.today_of(session))
    account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_CLOSE, name=name, for_update=True)
    if account.closed_at is not None:
        return False
    granting.keep_an_administrator(remaining, [account.id])
    account.closed_at, account.closed_by = utc_now(), actor.name
    end_links(session, account, now=account.closed_at)
    facts = {"sessions": sessions.end_all(session, account, by=actor.name)}
    audit.record(session, actor=actor.name, action=ClosingAction.CLOSE, subject=f"account:{name}", facts=facts)
    return True


def reopen_account(session: Session, actor: Actor, *, name: str) -> bool:
    """The account `name` may log in again, with the password it had; False if it was open. Raises as closing does."""
    name = _allowed(actor, name)
    account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_CLOSE, name=name, for_update=True)
    if account.closed_at is None:
        return False
    account.closed_at, account.closed_by = None, None
    account.failed, account.failed_at = 0, None
    audit.record(session, actor=actor.name, action=ClosingAction.REOPEN, subject=f"account:{name}")
    return True


def _allowed(actor: Actor, name: str) -> str:
    """The name as it is kept. Raises where the actor may not close it."""
    name = name.strip().lower()
    if not can_close_account(actor, name):
        require(actor, Permission.CORE_ACCOUNT_CLOSE)
        raise AccountError(
            Text(
                "Không thể tự đóng hoặc mở lại tài khoản của chính mình.",
                "Nobody closes or reopens the own account.",
            )
        )
    return name
