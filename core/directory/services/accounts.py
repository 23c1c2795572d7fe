"""Accounts that may log in: made, given a new password, let in or refused."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory import passwords, queries
from core.directory.errors import AccountError, PasswordError
from core.directory.models import Account, OfficialRow, Renewal
from core.directory.permissions import can_create_account
from core.directory.queries import account_by_name, factors, official_row, the_account, words_of_account
from core.directory.services import granting, sessions, throttling
from core.directory.services.ways_in import close_ways_in, end_links
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import SCHEDULER, Actor, Permission, Role, require
from core.words import Text

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_hasher = PasswordHasher()


class AccountAction(StrEnum):
    """What the trail says of accounts."""

    CREATE = "core:account:create"
    LOG_IN = "core:account:log_in"
    PASSWORD = "core:account:password"  # noqa: S105 - the name of an action
    PASSWORD_RIGHT = "core:account:password_right"  # noqa: S105 - the name of an action
    REFUSE = "core:account:refuse"


def create_account(
    session: Session,
    actor: Actor,
    *,
    name: str,
    password: str | None,
    official_id: str | None = None,
    role: str | None = None,
    unit_key: str | None = None,
) -> Account:
    """An account under `name` (lower-cased), of the official `official_id`, with `role` for a unit or the whole city.

    Without an official and without a role it is an administrator's: the first account of an installation is. Without a
    `password` it is entered by another door only (`services.doors`).

    Raises `InputError` for a name or a `PasswordError` for a password that will not do, `AccountError` when the name is
    taken or the official has an account, `NotFoundError` for an official who is not in the directory, `ForbiddenError`;
    for the role as `grant_role` does.
    """
    require(actor, Permission.CORE_ACCOUNT_CREATE)
    name = _free_name(session, name)
    official = _without_account(session, actor, official_id) if official_id is not None else None
    if official is None and not can_create_account(actor):
        raise ForbiddenError(
            Text(
                "Chỉ được tạo tài khoản cho cán bộ thuộc đơn vị mình phụ trách.",
                "Only accounts of officials of the units in your reach may be made.",
            )
        )
    now = utc_now()
    words = [name, *words_of_account(session, None if official is None else official.id)]
    account = Account(
        name=name,
        password_hash="" if password is None else _hasher.hash(passwords.accepted(password, words=words)),
        official=None if official is None else official.id,
        created_at=now,
        password_changed_at=now,
        failed=0,
    )
    session.add(account)
    session.flush()
    facts: dict[str, str | None] = {} if official is None else {"official": official.official_id}
    given = role or (Role.ADMINISTRATOR if official is None else None)
    if given is not None:
        since = granting.today_of(session)
        granting.give(session, actor, account, role=given, unit_key=unit_key, since=since, until=None)
        facts |= {"role": given, "unit": unit_key}
    audit.record(session, actor=actor.in_trail, action=AccountAction.CREATE, subject=f"account:{name}", facts=facts)
    return account


def _free_name(session: Session, written: str) -> str:
    """The name as it is kept; raises where it will not do or is taken."""
    name = written.strip().lower()
    if not NAME.fullmatch(name):
        raise InputError(
            Text(
                "Tên tài khoản cần 2 đến 64 ký tự: chữ không dấu, số, dấu chấm, gạch, @.",
                "An account's name needs 2 to 64 signs: letters a to z, digits, dot, hyphen, underscore, @.",
            )
        )
    if name == SCHEDULER.name or account_by_name(session, name) is not None:
        raise AccountError(Text(f"Đã có tài khoản {name}.", f"There is an account {name} already."))
    return name


def _without_account(session: Session, actor: Actor, official_id: str) -> OfficialRow:
    """The official of that number, in the directory now and without an account yet."""
    official = official_row(session, official_id.strip())
    if (
        official is None
        or official.gone_at is not None
        or not can_create_account(actor, queries.unit_keys_of(session, official.id))
    ):
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
    """Sets the password of the account `name`; its sessions and log-in links are over, and another's tokens.

    Raises `NotFoundError`, `PasswordError`, `ForbiddenError`.
    """
    name = name.strip().lower()
    facts: dict[str, int] = {}
    if name == actor.name:
        account = the_account(session, name)
        set_password(session, account, password, by=actor.name)
        end_links(session, account, now=utc_now())
    else:
        account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_PASSWORD, name=name)
        set_password(session, account, password, by=actor.name)
        facts["tokens"] = close_ways_in(session, account, by=actor.name, now=utc_now())
    audit.record(session, actor=actor.name, action=AccountAction.PASSWORD, subject=f"account:{name}", facts=facts)


def change_own_password(
    session: Session,
    actor: Actor,
    *,
    old: str,
    new: str,
    address: str | None = None,
    device: str | None = None,
    now: datetime | None = None,
) -> Account | None:
    """Sets the password of the actor's own account; its sessions are over. None where `old` is not the password.

    Commit in either case: a wrong `old` counts as a wrong log-in, and the account may have to wait as there. Raises
    `PasswordError` for a new one that will not do or is the old one, `NotFoundError`.
    """
    account = the_account(session, actor.name, for_update=True)
    if not _let_in(session, account, old, address, device, now or utc_now()):
        return None
    if passwords.normal(old) == passwords.normal(new):
        raise PasswordError(
            Text("Mật khẩu mới phải khác mật khẩu cũ.", "The new password must differ from the old one.")
        )
    set_password(session, account, new, by=actor.name)
    end_links(session, account, now=now or utc_now())
    facts = {"own": True}
    audit.record(
        session, actor=actor.name, action=AccountAction.PASSWORD, subject=f"account:{account.name}", facts=facts
    )
    return account


def confirm_own_password(
    session: Session,
    actor: Actor,
    *,
    password: str,
    address: str | None = None,
    device: str | None = None,
    now: datetime | None = None,
) -> bool:
    """Whether this is the password of the actor's own account: asked again before a change that matters.

    Commit in either case: a wrong one counts as a wrong log-in, and the account may have to wait as there.
    """
    account = the_account(session, actor.name, for_update=True)
    return _let_in(session, account, password, address, device, now or utc_now())


def is_password_of(account: Account, password: str) -> bool:
    """Whether it is the account's password; nothing is counted: for who has shown to know it."""
    return _is_right(account.password_hash, password)


def set_password(session: Session, account: Account, password: str, *, by: str) -> None:
    """Set the password as a part of another change, which makes the entry; the account's sessions are over.

    Raises `PasswordError`.
    """
    words = [account.name, *words_of_account(session, account.official)]
    account.password_hash = _hasher.hash(passwords.accepted(password, words=words))
    account.password_changed_at = utc_now()
    sessions.end_all(session, account, by=by)
    account.failed, account.failed_at = 0, None
    renewal = factors.renewal_of(session, account)
    if renewal is not None:
        # one that the owner chose renews it; one that somebody else set no longer ends with what was handed over
        _renewed(session, renewal, own=by == account.name)


def _renewed(session: Session, renewal: Renewal, *, own: bool) -> None:
    renewal.ends_at = None
    if own and renewal.factor_due:
        renewal.password_due = False
    elif own:
        session.delete(renewal)
    session.flush()


def verify_log_in(
    session: Session,
    *,
    name: str,
    password: str,
    address: str | None = None,
    device: str | None = None,
    now: datetime | None = None,
    second_for: frozenset[str] = frozenset(),
) -> Account | None:
    """The account, when the password is right, the account open, and it need not wait (`throttling`); None otherwise.

    Commit in either case: the failed tries are counted. A name nobody bears costs as much time as one that exists.
    Where a second step follows (`queries.factors.next_step`; `second_for`: roles that may not be without one), the
    trail has only that the password was right.
    """
    moment = now or utc_now()
    wanted = select(Account).where(Account.name == name.strip().lower()).with_for_update()
    account = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        _is_right(_nobodys_hash(), password)
        tries = throttling.origin(session, None, address=address, moment=moment)
        if tries.waits_until(moment) <= moment:
            tries.note_failure(moment)
        return None
    if not _let_in(session, account, password, address, device, moment):
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(passwords.normal(password))
    throttling.forget_unused(session, moment)
    demanded = bool(second_for & granting.roles_of(session, account))
    step = factors.next_step(session, account, proved=False, demanded=demanded)
    action = AccountAction.LOG_IN if step is None else AccountAction.PASSWORD_RIGHT
    audit.record(session, actor=account.name, action=action, subject=f"account:{account.name}")
    return account


def _let_in(
    session: Session, account: Account, password: str, address: str | None, device: str | None, moment: datetime
) -> bool:
    """Whether the password is right and nobody need wait; counts what was wrong."""
    right = _is_right(account.password_hash, password) and account.closed_at is None
    right = right and not factors.is_outdated(session, account, moment)
    tries = throttling.origin(session, account, address=address, device=device, moment=moment)
    if moment < tries.waits_until(moment):
        return False
    if right:
        tries.note_success(moment)
        return True
    facts = {"failed": tries.note_failure(moment)} | ({} if account.closed_at is None else {"closed": True})
    audit.record(
        session, actor=account.name, action=AccountAction.REFUSE, subject=f"account:{account.name}", facts=facts
    )
    return False


def _is_right(kept: str, password: str) -> bool:
    """Whether it is the password behind the hash; no hash is nobody's, and costs as much time as one."""
    if not kept:
        _is_right(_nobodys_hash(), password)
        return False
    try:
        return _hasher.verify(kept, passwords.normal(password[: 4 * passwords.LONGEST])[: 2 * passwords.LONGEST])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("a password that belongs to nobody")
