"""An account whose owner lost password or factors: an administrator recovers it, its owner renews what was lost.

Recovering takes everything of before away (sessions, factors, recovery codes, log-in links, personal tokens, password)
and hands a password over that lets in to choose another one, once and for three days. Whoever recovered an account
cannot be it unseen: the owner's own password no longer works, and the trail names both.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import audit
from core.directory.errors import PasswordError
from core.directory.models.accounts import Account
from core.directory.models.factors import OneTimeDevice, Passkey, RecoveryCode, Renewal
from core.directory.queries.factors import factors_of, renewal_of
from core.directory.services import accounts, granting, sessions
from core.directory.services.ways_in import close_ways_in
from core.errors import InputError
from core.permissions import Actor, Permission
from core.words import Text

HANDED_OVER_FOR = timedelta(days=3)
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
GROUPS, GROUP = 4, 4
LONGEST_REASON = 300


class RecoveryAction(StrEnum):
    """What the trail says of recoveries."""

    RECOVER = "core:account:recover"
    RENEW = "core:account:renew"


def recover_account(
    session: Session,
    actor: Actor,
    *,
    name: str,
    reason: str,
    second_for: frozenset[str] = frozenset(),
    now: datetime,
) -> str | None:
    """A password to hand over, with which the owner of the account `name` chooses another; all of before is gone.

    None for an account without a password of its own, whose owner comes by another door.

    The owner must set up a second factor as well, where there was one or a role is among `second_for`. `reason` says
    how the owner was known, and stands in the trail. Raises `InputError` without one, `NotFoundError`,
    `ForbiddenError`.
    """
    name, reason = _checked(actor, name, reason)
    account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_RECOVER, name=name, for_update=True)
    before = factors_of(session, account)
    old = renewal_of(session, account)
    factor_due = bool(before.any or second_for & granting.roles_of(session, account)) or (
        old is not None and old.factor_due
    )
    for table in (OneTimeDevice, Passkey, RecoveryCode, Renewal):
        session.execute(delete(table).where(table.account == account.id))
    session.expire_all()
    password = handed_over() if account.password_hash else None
    if password is None:
        sessions.end_all(session, account, by=actor.name)
    else:
        accounts.set_password(session, account, password, by=actor.name)
    if password is not None or factor_due:
        renewal = Renewal(account=account.id, begun_at=now, begun_by=actor.name, factor_due=factor_due)
        renewal.password_due = password is not None
        renewal.ends_at = None if password is None else now + HANDED_OVER_FOR
        session.add(renewal)
    session.flush()
    tokens = close_ways_in(session, account, by=actor.name, now=now)
    facts = {"reason": reason, "factors": before.count, "factor_due": factor_due, "tokens": tokens}
    audit.record(
        session, actor=actor.in_trail, action=RecoveryAction.RECOVER, subject=f"account:{account.name}", facts=facts
    )
    return password


def _checked(actor: Actor, name: str, reason: str) -> tuple[str, str]:
    """The name as it is kept, and the reason in one line."""
    name = name.strip().lower()
    if name == actor.name:
        raise InputError(
            Text(
                "Không thể tự khôi phục tài khoản của mình; hãy nhờ quản trị viên khác, hoặc dùng lệnh trên máy chủ.",
                "Nobody recovers the own account; ask another administrator, or use the command on the server.",
            )
        )
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise InputError(
            Text("Hãy ghi lý do và cách đã xác minh người đó.", "Write why, and how you made sure who is asking.")
        )
    return name, reason


def renew_password(session: Session, *, account_id: int, new: str, now: datetime) -> Account | None:
    """The owner's own password in place of the one that was handed over, which was just verified; sessions are over.

    None where nothing is to be renewed any more, or not in time. Raises `PasswordError` for one that will not do.
    """
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    renewal = None if account is None else renewal_of(session, account)
    if account is None or account.closed_at is not None or renewal is None or not renewal.password_due:
        return None
    if renewal.ends_at is not None and renewal.ends_at < now:
        return None
    if accounts.is_password_of(account, new):
        raise PasswordError(
            Text("Mật khẩu mới phải khác mật khẩu được trao.", "The new password must differ from the one handed over.")
        )
    accounts.set_password(session, account, new, by=account.name)
    audit.record(
        session, actor=account.name, action=RecoveryAction.RENEW, subject=f"account:{account.name}", facts={"own": True}
    )
    return account


def handed_over() -> str:
    """A password to be read out on the telephone and typed once: four groups of four, 78 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
