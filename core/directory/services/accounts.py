"""Accounts that may log in: made, given a new password, let in or refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory.errors import AccountError, PasswordError
from core.directory.models import Account, OfficialRow
from core.directory.permissions import can_change_password, can_create_account
from core.directory.queries import account_by_name, official_row
from core.errors import InputError, NotFoundError
from core.permissions import Actor, Permission, Role, require
from core.words import Text

SHORTEST = 10
LONGEST = 200
FREE_TRIES = 5
"""So many wrong passwords cost nothing; each further one doubles the wait, from half a minute to half an hour."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_hasher = PasswordHasher()


class AccountAction(StrEnum):
    """What the trail says of accounts."""

    CREATE = "core:account:create"
    LOG_IN = "core:account:log_in"
    PASSWORD = "core:account:password"  # noqa: S105 - the name of an action
    REFUSE = "core:account:refuse"


def create_account(
    session: Session, actor: Actor, *, name: str, password: str, official_id: str | None = None
) -> Account:
    """An account under `name` (lower-cased): an administrator's, or that of the official `official_id`.

    Raises `InputError` for a name or a `PasswordError` for a password that will not do, `AccountError` when the name is
    taken or the official has an account, `NotFoundError` for an official who is not in the directory, `ForbiddenError`.
    """
    if not can_create_account(actor):
        require(actor, Permission.CORE_ACCOUNT_CREATE)
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise InputError(
            Text(
                "Tên tài khoản cần 2 đến 64 ký tự: chữ không dấu, số, dấu chấm, gạch, @.",
                "An account's name needs 2 to 64 signs: letters a to z, digits, dot, hyphen, underscore, @.",
            )
        )
    if account_by_name(session, name) is not None:
        raise AccountError(Text(f"Đã có tài khoản {name}.", f"There is an account {name} already."))
    official = _without_account(session, official_id) if official_id is not None else None
    now = utc_now()
    account = Account(
        name=name,
        password_hash=_hasher.hash(_accepted(password, name)),
        role=(Role.ADMINISTRATOR if official is None else Role.OFFICIAL).value,
        official=None if official is None else official.id,
        created_at=now,
        password_changed_at=now,
        failed=0,
    )
    session.add(account)
    session.flush()
    facts = {} if official is None else {"official": official.official_id}
    audit.record(session, actor=actor.name, action=AccountAction.CREATE, subject=f"account:{name}", facts=facts)
    return account


def _without_account(session: Session, official_id: str) -> OfficialRow:
    """The official of that number, in the directory now and without an account yet."""
    official = official_row(session, official_id.strip())
    if official is None or official.gone_at is not None:
        raise NotFoundError(
            Text(
                f"Danh bạ không có cán bộ nào mang mã {official_id}.",
                f"There is no official with the number {official_id} in the directory.",
            )
        )
    taken = session.scalars(select(Account.name).where(Account.official == official.id)).one_or_none()
    if taken is not None:
        raise AccountError(
            Text(
                f"{official.name} đã có tài khoản {taken}.",
                f"{official.name} has the account {taken} already.",
            )
        )
    return official


def change_password(session: Session, actor: Actor, *, name: str, password: str) -> None:
    """Sets the password of the account `name`; its sessions are over.

    Raises `NotFoundError`, `PasswordError`, `ForbiddenError`.
    """
    name = name.strip().lower()
    if not can_change_password(actor, name):
        require(actor, Permission.CORE_ACCOUNT_PASSWORD)
    account = account_by_name(session, name)
    if account is None:
        raise NotFoundError(Text(f"Không có tài khoản {name}.", f"There is no account {name}."))
    account.password_hash = _hasher.hash(_accepted(password, name))
    account.password_changed_at = utc_now()
    account.failed, account.failed_at = 0, None
    audit.record(session, actor=actor.name, action=AccountAction.PASSWORD, subject=f"account:{name}")


def verify_log_in(session: Session, *, name: str, password: str, now: datetime | None = None) -> Account | None:
    """The account, when the password is right and it need not wait; None otherwise, after the same work.

    Commit in either case: the failed tries are counted. A name nobody bears costs as much time as one that exists.
    """
    moment = now or utc_now()
    wanted = select(Account).where(Account.name == name.strip().lower()).with_for_update()
    account = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    right = _is_right(account.password_hash if account else _nobodys_hash(), password)
    if account is None or moment < waits_until(account):
        return None
    if not right:
        account.failed, account.failed_at = account.failed + 1, moment
        facts = {"failed": account.failed}
        audit.record(
            session, actor=account.name, action=AccountAction.REFUSE, subject=f"account:{account.name}", facts=facts
        )
        return None
    account.failed, account.failed_at = 0, None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(_normal(password))
    audit.record(session, actor=account.name, action=AccountAction.LOG_IN, subject=f"account:{account.name}")
    return account


def waits_until(account: Account) -> datetime:
    """The moment from which the account may try again; in the past when it need not wait."""
    if account.failed_at is None or account.failed < FREE_TRIES:
        return account.created_at
    doublings = int(min(account.failed - FREE_TRIES, 16))
    return account.failed_at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _normal(password: str) -> str:
    """One spelling for what keyboards write in several: Vietnamese letters come composed or in parts."""
    return unicodedata.normalize("NFKC", password)


def _accepted(password: str, name: str) -> str:
    normal = _normal(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise PasswordError(
            Text(
                f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự.",
                f"A password needs {SHORTEST} to {LONGEST} characters.",
            )
        )
    if normal.lower() == name or len(set(normal)) < 4:
        raise PasswordError(Text("Mật khẩu này quá dễ đoán.", "That password is too easy to guess."))
    return normal


def _is_right(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, _normal(password)[: 2 * LONGEST])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("a password that belongs to nobody")
