"""Identities tied to an account, and untied, by somebody who may: where nothing lets a person be found by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory.errors import AccountError
from core.directory.models import Account
from core.directory.models.identities import Identity
from core.directory.queries import the_account
from core.directory.services import granting, sessions
from core.directory.services.doors import IdentityAction
from core.errors import InputError, NotFoundError
from core.permissions import Actor, Permission
from core.words import Text

LONGEST_SUBJECT = 320


def tie_identity(
    session: Session, actor: Actor, *, name: str, door: str, provider: str, subject: str, now: datetime | None = None
) -> None:
    """From now on whoever `provider` calls `subject` enters the account `name` by `door`.

    Raises `NotFoundError`, `ForbiddenError`, `InputError` for a subject that is none, `AccountError` where the subject
    is another account's, or the account another subject's.
    """
    account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_PASSWORD, name=name, for_update=True)
    subject = subject.strip()
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise InputError(Text("Mã người dùng không dùng được.", "That is no name of a user at a provider."))
    tied = Identity(
        provider=provider, subject=subject, account=account.id, linked_at=now or utc_now(), linked_by=actor.name
    )
    try:
        with session.begin_nested():
            session.add(tied)
    except IntegrityError as clash:
        raise AccountError(
            Text(
                f"Tài khoản {account.name} hoặc người dùng đó đã được gắn ở {door}. Hãy gỡ ra trước.",
                f"The account {account.name} or that user is tied at {door} already. Untie it first.",
            )
        ) from clash
    _record(session, actor, IdentityAction.LINK, account, door)


def untie_identity(session: Session, actor: Actor, *, name: str, door: str, provider: str) -> None:
    """Nobody enters the account `name` by `door` any more, and its sessions are over; somebody may be tied anew.

    Raises `NotFoundError` where nobody did, `ForbiddenError`.
    """
    account = granting.account_acted_on(session, actor, Permission.CORE_ACCOUNT_PASSWORD, name=name, for_update=True)
    tied = (Identity.account == account.id, Identity.provider == provider)
    if session.scalar(select(Identity.id).where(*tied)) is None:
        raise NotFoundError(
            Text(
                f"Tài khoản {account.name} không gắn với {door}.", f"The account {account.name} is not tied at {door}."
            )
        )
    session.execute(delete(Identity).where(*tied))
    sessions.end_all(session, account, by=actor.name)
    _record(session, actor, IdentityAction.UNLINK, account, door)


def identities_of(session: Session, name: str) -> list[Identity]:
    """Under what names the account is known at providers, the first tied first."""
    account = the_account(session, name)
    wanted = select(Identity).where(Identity.account == account.id)
    return list(session.scalars(wanted.order_by(Identity.linked_at, Identity.id)))


def _record(session: Session, actor: Actor, action: IdentityAction, account: Account, door: str) -> None:
    audit.record(
        session, actor=actor.name, action=action, subject=f"account:{account.name}", facts={"door": door, "by": "hand"}
    )
