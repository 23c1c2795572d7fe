"""Tokens of the API: given, used, revoked.

A personal token stands for the account that made it, a service's for nobody but itself; both may only what their scopes
hold, and a personal one never more than its account may at that moment. A token is shown once, when it is given. Every
use is counted in a transaction of its own, so that what is refused counts too.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from core import audit
from core.directory import tokens
from core.directory.errors import TokenError
from core.directory.models.accounts import Account
from core.directory.models.tokens import ApiToken
from core.directory.permissions import can_give_tokens, can_make_own_token, can_revoke_token
from core.directory.queries import official_of_account, the_account
from core.directory.queries.grants import actor_of
from core.directory.scopes import SCOPES, Scope, permissions_of
from core.errors import ForbiddenError, NotFoundError
from core.permissions import Actor, Permission, Role, require
from core.words import Text, showable

LONGEST_DAYS = 366
"""No token lives longer; who needs it next year makes a new one."""
MOST_STANDING = 50
"""So many tokens an account may have that are not over."""
LONGEST_NAME = 100
SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
MINUTE = timedelta(minutes=1)


class TokenAction(StrEnum):
    """What the trail says of tokens; their use is not there, but everything done with them is."""

    GIVE = "core:token:give"
    REVOKE = "core:token:revoke"


@dataclass(frozen=True, slots=True)
class Given:
    """A new token: its number, and the token itself, which nobody can read again."""

    token_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a token: whose it is (`account` None: the service `name`), what it may at most, and what is left.

    `left` requests are free until the minute ends in `seconds`; -1 when this one was one too many.
    """

    token_id: int
    name: str
    account: Account | None
    at_most: frozenset[Permission]
    scopes: tuple[str, ...]
    ends_at: datetime
    left: int
    seconds: int


def offered(actor: Actor) -> list[Scope]:
    """The groups of which the actor may do anything at all: what a token of theirs can be given."""
    return [scope for scope in SCOPES.values() if any(actor.may(one) for one in scope.permissions)]


def give_personal_token(
    session: Session, actor: Actor, *, name: str, scopes: Collection[str], days: int, now: datetime
) -> Given:
    """A token for the actor's own account, with these scopes, for so many days.

    Raises `TokenError` for a name, scopes or days that will not do and for too many tokens; `ForbiddenError`, also for
    an actor who came by a token: one that leaked must not beget others.
    """
    if not can_make_own_token(actor):
        require(actor, Permission.CORE_ACCOUNT_OWN)
        raise _not_by_token()
    account = the_account(session, actor.name, for_update=True)
    wanted = (ApiToken.account == account.id, ApiToken.revoked_at.is_(None), ApiToken.ends_at > now)
    if (session.scalar(select(func.count(ApiToken.id)).where(*wanted)) or 0) >= MOST_STANDING:
        raise TokenError(
            Text(
                f"Mỗi tài khoản có nhiều nhất {MOST_STANDING} mã truy cập; hãy thu hồi bớt.",
                f"An account has at most {MOST_STANDING} tokens; please revoke some.",
            )
        )
    return _give(session, actor, account, name=_named(name), scopes=scopes, days=days, now=now)


def give_service_token(
    session: Session, actor: Actor, *, service: str, scopes: Collection[str], days: int, now: datetime
) -> Given:
    """A token for a program that stands for no person; the trail will call it `service:NAME`.

    Raises `TokenError` as for a personal one, `ForbiddenError`.
    """
    if not can_give_tokens(actor):
        require(actor, Permission.CORE_TOKEN_GIVE)
        raise _not_by_token()
    name = service.strip().lower()
    if not SERVICE.fullmatch(name):
        raise TokenError(
            Text(
                "Tên dịch vụ cần 2 đến 64 ký tự: chữ không dấu, số, dấu chấm, gạch.",
                "A service's name needs 2 to 64 signs: letters a to z, digits, dot, hyphen, underscore.",
            )
        )
    return _give(session, actor, None, name=name, scopes=scopes, days=days, now=now)


def revoke_token(session: Session, actor: Actor, *, token_id: int, now: datetime) -> bool:
    """The token opens nothing any more; False where it was revoked before. Raises `NotFoundError`.

    One's own, or with the permission to give tokens any; others are as if they were not there.
    """
    row = session.get(ApiToken, token_id, with_for_update=True, populate_existing=True)
    owner = None if row is None or row.account is None else session.get_one(Account, row.account)
    if row is None or not can_revoke_token(actor, None if owner is None else owner.name):
        raise NotFoundError(Text("Không có mã truy cập này.", "There is no such token."))
    if row.revoked_at is not None:
        return False
    row.revoked_at, row.revoked_by = now, actor.name
    session.flush()
    audit.record(session, actor=actor.in_trail, action=TokenAction.REVOKE, subject=f"token:{row.id}", facts=_facts(row))
    return True


def use_token(session: Session, *, token: str, now: datetime, most: int) -> Use | None:
    """Count a use of `token`, at most `most` in a minute; None for one that opens nothing. Commit in any case.

    One UPDATE finds, counts and notes it, so that two at once are two. What cannot be a token costs no query.
    """
    if not tokens.is_token(token):
        return None
    minute = now.replace(second=0, microsecond=0)
    counted = case((ApiToken.counted_since == minute, ApiToken.counted + 1), else_=1)
    found = session.scalars(
        update(ApiToken)
        .where(ApiToken.digest == tokens.digest(token), ApiToken.revoked_at.is_(None), ApiToken.ends_at > now)
        .values(counted=counted, counted_since=minute, last_used_at=now)
        .returning(ApiToken)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return None
    account = None if found.account is None else session.get_one(Account, found.account)
    if account is not None and account.closed_at is not None:
        return None
    return Use(
        token_id=found.id,
        name=found.name,
        account=account,
        at_most=permissions_of(found.scopes),
        scopes=tuple(found.scopes),
        ends_at=found.ends_at,
        left=max(most - found.counted, -1),
        seconds=int((minute + MINUTE - now).total_seconds()) + 1,
    )


def actor_of_token(session: Session, use: Use, *, today: date) -> Actor:
    """Whom the services are given: the account as it stands today, or the service; either may at most what `use` says.

    A service reaches the whole city; the trail calls it `service:NAME`.
    """
    if use.account is None:
        return Actor(f"service:{use.name}", frozenset({Role.ADMINISTRATOR})).limited_to(use.at_most)
    official_id = official_of_account(session, use.account)
    return actor_of(session, use.account, official_id, today=today).limited_to(use.at_most)


def _give(
    session: Session,
    actor: Actor,
    account: Account | None,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    now: datetime,
) -> Given:
    chosen = [one for one in SCOPES if one in set(scopes)]
    if not chosen or set(scopes) - set(SCOPES):
        raise TokenError(Text("Hãy chọn ít nhất một quyền trong danh sách.", "Choose at least one scope of the list."))
    if not set(chosen) <= {one.name for one in offered(actor)}:
        raise TokenError(
            Text("Không thể trao quyền mà chính mình không có.", "Nobody can give a scope that they do not have.")
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError(
            Text(f"Thời hạn từ 1 đến {LONGEST_DAYS} ngày.", f"A token lives from 1 to {LONGEST_DAYS} days.")
        )
    token = tokens.made("service" if account is None else "personal")
    row = ApiToken(
        digest=tokens.digest(token),
        start=token[: tokens.SHOWN],
        name=name,
        account=None if account is None else account.id,
        scopes=chosen,
        created_at=now,
        created_by=actor.name,
        ends_at=now + timedelta(days=days),
        counted=0,
    )
    session.add(row)
    session.flush()
    facts = _facts(row) | {"ends": row.ends_at.date().isoformat()}
    audit.record(session, actor=actor.in_trail, action=TokenAction.GIVE, subject=f"token:{row.id}", facts=facts)
    return Given(row.id, token)


def _named(name: str) -> str:
    named = " ".join(showable(name).split())
    if not 1 <= len(named) <= LONGEST_NAME:
        raise TokenError(
            Text(
                f"Hãy ghi mã truy cập dùng để làm gì, nhiều nhất {LONGEST_NAME} ký tự.",
                f"Write what the token is for, in at most {LONGEST_NAME} signs.",
            )
        )
    return named


def _facts(row: ApiToken) -> dict[str, object]:
    return {"name": row.name, "start": row.start, "scopes": list(row.scopes), "service": row.account is None}


def _not_by_token() -> ForbiddenError:
    return ForbiddenError(
        Text("Không thể dùng một mã truy cập để tạo mã khác.", "A token cannot be used to make another."),
        detail="an actor with a limit asked for a token",
    )
