"""Readers of tokens: the own ones, those of services, and what one that was just used stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models.accounts import Account
from core.directory.models.tokens import ApiToken
from core.directory.tokens import Kind

State = Literal["standing", "over", "revoked"]


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as a page shows it; the token itself is known to nobody any more.

    `state`: standing, over (its end has passed, or its account is closed), revoked.
    """

    token_id: int
    kind: Kind
    name: str
    account: str | None
    start: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    ends_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    state: State


def tokens_of(session: Session, account: str, *, now: datetime) -> list[KnownToken]:
    """The personal tokens of an account, the newest first."""
    wanted = select(ApiToken, Account).join(Account, Account.id == ApiToken.account).where(Account.name == account)
    return [_known(row, owner, now) for row, owner in session.execute(wanted.order_by(ApiToken.id.desc()))]


@dataclass(frozen=True, slots=True)
class TokenList:
    """A part of the tokens, and how many the whole has."""

    rows: tuple[KnownToken, ...]
    total: int


def all_tokens(session: Session, *, now: datetime, offset: int = 0, limit: int | None = None) -> TokenList:
    """A part of all tokens, those of services first, the newest of each first. For whoever holds `CORE_TOKEN_READ`."""
    wanted = select(ApiToken, Account).outerjoin(Account, Account.id == ApiToken.account)
    ordered = wanted.order_by(ApiToken.account.is_not(None), ApiToken.id.desc()).offset(max(0, offset)).limit(limit)
    rows = tuple(_known(row, owner, now) for row, owner in session.execute(ordered))
    return TokenList(rows, session.scalar(select(func.count(ApiToken.id))) or 0)


def _known(row: ApiToken, owner: Account | None, now: datetime) -> KnownToken:
    over = row.ends_at <= now or (owner is not None and owner.closed_at is not None)
    return KnownToken(
        token_id=row.id,
        kind="service" if row.account is None else "personal",
        name=row.name,
        account=None if owner is None else owner.name,
        start=row.start,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        created_by=row.created_by,
        ends_at=row.ends_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        state="revoked" if row.revoked_at is not None else "over" if over else "standing",
    )
