"""The second step of a log-in by something typed: a code of the app, or one of the recovery codes.

Who calls these has verified the password of the account before, and commits in either case: wrong codes are counted, as
wrong passwords are (`services.throttling`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.factors import one_time, recovery_codes
from core.directory.models.accounts import Account
from core.directory.models.factors import OneTimeDevice
from core.directory.queries.factors import Factor, unused_codes
from core.directory.services import throttling
from core.directory.services.accounts import AccountAction
from core.directory.services.factors.app import secret_of
from core.directory.services.factors.changing import FactorAction, note
from core.directory.services.throttling import Guessed, Origin


def prove_by_code(
    session: Session, *, account_id: int, code: str, address: str | None, now: datetime, device: str | None = None
) -> bool:
    """Whether `code` is one of the account's app that was not used yet; it is used now. Raises `SealError`."""
    account = _locked(session, account_id)
    if account is None:
        return False
    tries = throttling.origin(session, account, address=address, device=device, moment=now, guessed=Guessed.CODE)
    return _counted(session, account, Guessed.CODE, tries, now, lambda: _use_code(session, account, code, now))


def prove_by_recovery_code(
    session: Session, *, account_id: int, code: str, address: str | None, now: datetime, device: str | None = None
) -> bool:
    """Whether `code` is one of the account's recovery codes that was not used yet; it is used now."""
    account = _locked(session, account_id)
    if account is None:
        return False
    tries = throttling.origin(
        session, account, address=address, device=device, moment=now, guessed=Guessed.RECOVERY_CODE
    )
    return _counted(
        session, account, Guessed.RECOVERY_CODE, tries, now, lambda: _use_recovery_code(session, account, code, now)
    )


def note_log_in(session: Session, account: Account, *, factor: Factor | None) -> None:
    """The entry of a log-in that asked for more than its password, when all of it was given."""
    facts = {} if factor is None else {"second": factor.value}
    audit.record(
        session, actor=account.name, action=AccountAction.LOG_IN, subject=f"account:{account.name}", facts=facts
    )


def _locked(session: Session, account_id: int) -> Account | None:
    """The account, its row locked so that two with the same code come one after the other; None for a closed one."""
    wanted = select(Account).where(Account.id == account_id, Account.closed_at.is_(None)).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _counted(
    session: Session, account: Account, guessed: Guessed, tries: Origin, now: datetime, use: Callable[[], bool]
) -> bool:
    """Ask `use` unless somebody must wait; count what was wrong."""
    if now < tries.waits_until(now):
        return False
    if use():
        tries.note_success(now)
        return True
    note(session, account, FactorAction.REFUSE, {"second": guessed.value, "failed": tries.note_failure(now)})
    return False


def _use_code(session: Session, account: Account, code: str, now: datetime) -> bool:
    device, digits = session.get(OneTimeDevice, account.id, populate_existing=True), one_time.typed(code)
    secret = None if device is None else secret_of(session, account, device)
    if device is None or secret is None or digits is None:
        return False
    step = one_time.matching_step(secret, digits, moment=now, after=device.used_step)
    if step is None:
        return False
    device.used_step, device.used_at = step, now
    session.flush()
    return True


def _use_recovery_code(session: Session, account: Account, code: str, now: datetime) -> bool:
    unused, signs = unused_codes(session, account), recovery_codes.typed(code)
    if signs is None or not unused:
        return False
    hashes = {
        recovery_codes.sheet_of(one.digest): recovery_codes.hash_like(one.digest, signs)
        for one in {recovery_codes.sheet_of(kept.digest): kept for kept in unused}.values()
    }
    for one in unused:
        if hmac.compare_digest(hashes[recovery_codes.sheet_of(one.digest)], one.digest):
            one.used_at = now
            session.flush()
            note(session, account, FactorAction.CODE_USED, {"left": len(unused) - 1})
            return True
    return False
