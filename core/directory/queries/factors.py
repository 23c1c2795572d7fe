"""Readers of second factors: what an account has, and what still stands between its password and a session."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models.accounts import Account
from core.directory.models.factors import OneTimeDevice, Passkey, RecoveryCode, Renewal


class Factor(StrEnum):
    """With what a log-in was proved besides the password (or in place of it)."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class Step(StrEnum):
    """What a log-in must still do before there is a session."""

    PROVE = "prove"
    """A code, a passkey or a recovery code."""
    RENEW = "renew"
    """The password was handed over: choose another."""
    ENROL = "enrol"
    """No second factor yet, and one is asked for."""


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account; `codes_left` recovery codes may still be used."""

    app_since: datetime | None
    app_used_at: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for at the log-in. Recovery codes alone are none."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """How many there are."""
        return (self.app_since is not None) + len(self.passkeys)


def factors_of(session: Session, account: Account) -> Factors:
    """What the account has. Three queries."""
    device = session.get(OneTimeDevice, account.id, populate_existing=True)
    keys = session.scalars(select(Passkey).where(Passkey.account == account.id).order_by(Passkey.id))
    return Factors(
        None if device is None else device.confirmed_at,
        None if device is None else device.used_at,
        tuple(keys),
        len(unused_codes(session, account)),
    )


def unused_codes(session: Session, account: Account) -> list[RecoveryCode]:
    """The recovery codes of the account that were not used yet."""
    wanted = select(RecoveryCode).where(RecoveryCode.account == account.id, RecoveryCode.used_at.is_(None))
    return list(session.scalars(wanted.order_by(RecoveryCode.id)))


def passkey_by_credential(session: Session, credential_id: str) -> Passkey | None:
    """The passkey of that credential; None for one that nobody here has."""
    return session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def renewal_of(session: Session, account: Account) -> Renewal | None:
    """What the account must renew after a recovery; None where nothing."""
    return session.get(Renewal, account.id, populate_existing=True)


def next_step(session: Session, account: Account, *, proved: bool, demanded: bool) -> Step | None:
    """What stands between the password of `account`, just verified, and a session; None for nothing.

    `proved`: a second factor was given already. `demanded`: the account's role may not be without one.
    """
    factors, renewal = factors_of(session, account), renewal_of(session, account)
    if factors.any and not proved:
        return Step.PROVE
    if renewal is not None and renewal.password_due:
        return Step.RENEW
    if not factors.any and (demanded or (renewal is not None and renewal.factor_due)):
        return Step.ENROL
    return None


def is_outdated(session: Session, account: Account, moment: datetime) -> bool:
    """Whether the password is one that was handed over and not used in time."""
    renewal = renewal_of(session, account)
    return renewal is not None and renewal.ends_at is not None and renewal.ends_at < moment


def standing(session: Session, account: Account) -> str:
    """A keyed digest of password and factors as they are: it differs as soon as either was changed."""
    factors = factors_of(session, account)
    parts = (
        account.id,
        account.password_changed_at,
        account.closed_at,
        factors.app_since,
        *(key.id for key in factors.passkeys),
    )
    text = "log-in half way " + " ".join(map(str, parts))
    return hmac.new(settings_of(session).secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
