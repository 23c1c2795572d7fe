"""Sheets of recovery codes: made, shown once, kept as hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.directory.errors import FactorError
from core.directory.factors import recovery_codes
from core.directory.models.accounts import Account
from core.directory.models.factors import RecoveryCode
from core.directory.queries.factors import factors_of, unused_codes
from core.directory.services.factors.changing import FactorAction, note, own_account
from core.permissions import Actor
from core.words import Text


def make_codes(session: Session, actor: Actor, *, now: datetime) -> list[str]:
    """A new sheet of ten codes for the actor's own account, to be shown once; the codes of before hold no more.

    Raises `FactorError` where the account has no second factor that they could stand in for, `NotFoundError`.
    """
    account = own_account(session, actor)
    if not factors_of(session, account).any:
        raise FactorError(
            Text(
                "Hãy bật đăng nhập hai bước trước; mã khôi phục dùng thay cho bước thứ hai.",
                "Add a second step first; recovery codes stand in for it.",
            )
        )
    made = _sheet(session, account, now)
    note(session, account, FactorAction.CODES_MADE, {"codes": len(made)})
    return made


def codes_with_first(session: Session, account: Account, *, now: datetime) -> list[str]:
    """A sheet for an account that has just got its first factor; empty where it still has codes."""
    return [] if unused_codes(session, account) else _sheet(session, account, now)


def _sheet(session: Session, account: Account, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account == account.id))
    sheet = recovery_codes.new_sheet()
    session.add_all(
        RecoveryCode(account=account.id, digest=digest, created_at=now) for digest in recovery_codes.kept(sheet)
    )
    session.flush()
    return sheet
