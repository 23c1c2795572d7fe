"""What every change of an account's second factors has in common: whose they are, the trail, and that sessions end."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import audit
from core.directory.errors import FactorError
from core.directory.models.accounts import Account
from core.directory.models.factors import RecoveryCode
from core.directory.queries.accounts import the_account
from core.directory.queries.factors import factors_of, renewal_of
from core.directory.services import sessions
from core.permissions import Actor
from core.words import Text

MOST_PASSKEYS = 10


class FactorAction(StrEnum):
    """What the trail says of second factors."""

    APP_ADDED = "core:factor:app_added"
    APP_REMOVED = "core:factor:app_removed"
    CODES_MADE = "core:factor:codes_made"
    CODE_USED = "core:factor:code_used"
    PASSKEY_ADDED = "core:factor:passkey_added"
    PASSKEY_REMOVED = "core:factor:passkey_removed"
    REFUSE = "core:factor:refuse"


def own_account(session: Session, actor: Actor) -> Account:
    """The actor's own account, its row locked: nobody changes the second factors of anybody else."""
    return the_account(session, actor.name, for_update=True)


def note(session: Session, account: Account, action: FactorAction, facts: dict[str, Any] | None = None) -> None:
    """One entry in the trail, of the account about itself."""
    audit.record(session, actor=account.name, action=action, subject=f"account:{account.name}", facts=facts)


def after_added(session: Session, account: Account) -> None:
    """Every session of before ends, for it was begun without this; what a recovery asked for is done."""
    renewal = renewal_of(session, account)
    if renewal is not None:
        if renewal.password_due:
            renewal.factor_due = False
        else:
            session.delete(renewal)
    sessions.end_all(session, account, by=account.name)
    session.flush()


def require_another(session: Session, account: Account, *, demanded: bool) -> None:
    """Raises `FactorError` where the last factor would go and the account's role may not be without one."""
    if demanded and factors_of(session, account).count <= 1:
        raise FactorError(
            Text(
                "Vai trò của tài khoản này bắt buộc đăng nhập hai bước. Hãy thêm cách khác trước khi bỏ cách này.",
                "The role of this account asks for a second step at the log-in. Add another one before this one goes.",
            )
        )


def after_removed(session: Session, account: Account) -> None:
    """Sessions end; with the last factor its recovery codes go as well."""
    session.flush()
    if not factors_of(session, account).any:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account == account.id))
    sessions.end_all(session, account, by=account.name)
    session.flush()
