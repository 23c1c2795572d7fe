"""The authenticator app of an account: a secret is offered, and holds when a code of it comes back.

The same services add an app in a session and half-way through a log-in; who calls them has just verified the password.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.errors import FactorError
from core.directory.factors import one_time, sealing
from core.directory.models.accounts import Account
from core.directory.models.factors import OneTimeDevice
from core.directory.services.factors.changing import (
    FactorAction,
    after_added,
    after_removed,
    note,
    own_account,
    require_another,
)
from core.directory.services.factors.codes import codes_with_first
from core.permissions import Actor
from core.words import Text

OFFER_STANDS = timedelta(minutes=15)


def offer_app(session: Session, actor: Actor, *, now: datetime) -> str:
    """A new secret for an app of the actor's own account, in base 32; the one in use holds until it is confirmed."""
    account = own_account(session, actor)
    device = session.get(OneTimeDevice, account.id, populate_existing=True)
    if device is None:
        device = OneTimeDevice(account=account.id)
        session.add(device)
    secret = one_time.new_secret()
    device.offered_secret, device.offered_at = sealed(session, account, secret), now
    session.flush()
    return secret


def standing_offer(session: Session, actor: Actor, *, mark: str, now: datetime) -> str | None:
    """The secret that was offered last, where it still stands and `mark` is that of it; else None.

    A wrong code must not make a QR code stale. But a secret is shown again only to the browser that was shown it: to
    another one, of whoever else has the password or an open session, it would give the owner's codes away.
    """
    account = own_account(session, actor)
    device = session.get(OneTimeDevice, account.id, populate_existing=True)
    if device is None or device.offered_secret is None or not _stands(device, now):
        return None
    secret = _opened(session, account, device.offered_secret)
    return secret if hmac.compare_digest(mark_of(secret), mark) else None


def mark_of(secret: str) -> str:
    """What a browser keeps of a secret that it was shown, to be shown it once more."""
    return hashlib.sha256(f"authenticator app offered: {secret}".encode()).hexdigest()


def confirm_app(session: Session, actor: Actor, *, code: str, now: datetime) -> list[str] | None:
    """The offered secret is the account's app where `code` is one of it; new recovery codes, where there were none.

    None for a wrong code. Every session of the account is over. Raises `FactorError` where nothing is offered any more.
    """
    account = own_account(session, actor)
    device = session.get(OneTimeDevice, account.id, populate_existing=True)
    if device is None or device.offered_secret is None or not _stands(device, now):
        raise FactorError(
            Text(
                "Mã QR này đã hết hạn. Hãy bắt đầu lại để có mã mới.",
                "This QR code is too old. Please begin again to get a new one.",
            )
        )
    digits = one_time.typed(code)
    secret = _opened(session, account, device.offered_secret)
    step = None if digits is None else one_time.matching_step(secret, digits, moment=now, after=None)
    if step is None:
        return None
    replaced = device.secret is not None
    device.secret, device.confirmed_at, device.used_step, device.used_at = device.offered_secret, now, step, None
    device.offered_secret, device.offered_at = None, None
    session.flush()
    after_added(session, account)
    codes = codes_with_first(session, account, now=now)
    note(session, account, FactorAction.APP_ADDED, {"replaced": replaced, "codes": len(codes)})
    return codes


def remove_app(session: Session, actor: Actor, *, demanded: bool) -> bool:
    """The actor's account has no app any more; its sessions are over. False where it had none.

    Raises `FactorError` where its role may not be without a second factor and this is the last one.
    """
    account = own_account(session, actor)
    device = session.get(OneTimeDevice, account.id, populate_existing=True)
    if device is None or device.secret is None:
        return False
    require_another(session, account, demanded=demanded)
    session.delete(device)
    after_removed(session, account)
    note(session, account, FactorAction.APP_REMOVED)
    return True


def secret_of(session: Session, account: Account, device: OneTimeDevice) -> str | None:
    """The confirmed secret, opened; None where there is none. Raises `SealError`."""
    return None if device.secret is None else _opened(session, account, device.secret)


def sealed(session: Session, account: Account, secret: str) -> str:
    """The secret as the database keeps it."""
    return sealing.seal(settings_of(session).secret_key, secret, purpose=_purpose(account))


def _opened(session: Session, account: Account, kept: str) -> str:
    return sealing.opened(settings_of(session).secret_key, kept, purpose=_purpose(account))


def _purpose(account: Account) -> str:
    return f"authenticator app of account {account.id}"


def _stands(device: OneTimeDevice, now: datetime) -> bool:
    return device.offered_at is not None and now - device.offered_at <= OFFER_STANDS
