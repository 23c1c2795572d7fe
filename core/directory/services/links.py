"""Log-in links: sent, asked for again without telling whether there is such an account, used once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import Account
from core.directory.queries.factors import renewal_of
from core.directory.services import accounts
from core.directory.services.ways_in import end_links
from core.errors import InputError
from core.mail import links as tokens
from core.mail.kinds import MailKind
from core.mail.models import LogInLink
from core.mail.options import MailOptions
from core.mail.outbox import post
from core.mail.preferences import Reader, readers
from core.words import Text

PAUSE = timedelta(minutes=5)
"""So long after a link was sent no other one is, whoever asks: a mailbox must not be flooded from outside."""
MOST_A_DAY = 5


class LinkAction(StrEnum):
    """What the trail says of log-in links."""

    ASK = "core:account:ask_link"
    CHOOSE = "core:account:choose_password"


class LinkEndedError(InputError):
    """The link was used, has ended, or never was; which of them is not told."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Liên kết này không còn dùng được. Hãy xin liên kết mới.",
                "This link does not work any more. Please ask for a new one.",
            )
        )


def send(session: Session, account: Account, reader: Reader, *, kind: MailKind, now: datetime) -> None:
    """Queue a message with a new link as a part of another change, which makes the entry; earlier links end.

    Nothing where the account has no address.
    """
    if reader.address is None:
        return
    settings = settings_of(session)
    end_links(session, account, now=now)
    link = LogInLink(
        account=account.id,
        nonce=secrets.token_urlsafe(24),
        invited=kind is MailKind.CORE_ACCOUNT_INVITED,
        created_at=now,
        ends_at=now + timedelta(hours=MailOptions.of(settings).link_hours),
    )
    link.token_digest = tokens.digest(tokens.token(settings.secret_key, link))
    session.add(link)
    session.flush()
    post(
        session,
        kind=kind,
        account=account.id,
        address=reader.address,
        language=reader.language,
        now=now,
        facts={"link": link.id, "name": account.name},
    )


def is_invited(session: Session, account: Account) -> bool:
    """Whether the account was invited and nobody has chosen its password yet."""
    was = select(LogInLink.id).where(LogInLink.account == account.id, LogInLink.invited)
    return account.password_changed_at == account.created_at and session.scalar(was.limit(1)) is not None


def ask_again(session: Session, *, account_id: int, now: datetime) -> bool:
    """Send the account a new link, if it may have one; whether it was sent, which nobody outside is told.

    To who was invited and has no password yet, always; for a forgotten password where the settings allow it; at most
    one in `PAUSE` and `MOST_A_DAY`. Not past a recovery, whose password was handed over in another way than by mail.
    """
    options = MailOptions.of(settings_of(session))
    account = session.scalars(select(Account).where(Account.id == account_id).with_for_update()).one_or_none()
    if account is None or account.closed_at is not None or not options.is_on:
        return False
    renewal = renewal_of(session, account)
    if renewal is not None and renewal.password_due:
        return False
    invited = is_invited(session, account)
    lately = select(func.count()).where(LogInLink.account == account.id)
    if (
        not (invited or options.forgotten)
        or session.scalar(lately.where(LogInLink.created_at > now - PAUSE))
        or (session.scalar(lately.where(LogInLink.created_at > now - timedelta(days=1))) or 0) >= MOST_A_DAY
    ):
        return False
    kind = MailKind.CORE_ACCOUNT_INVITED if invited else MailKind.CORE_ACCOUNT_FORGOTTEN
    reader = readers(session, [account.id])[account.id]
    if reader.address is None or not reader.is_official:  # another's address is their own choice, by an open session
        return False
    send(session, account, reader, kind=kind, now=now)
    audit.record(
        session,
        actor=account.name,
        action=LinkAction.ASK,
        subject=f"account:{account.name}",
        facts={"invited": invited},
    )
    return True


def account_behind(session: Session, *, token: str, now: datetime) -> tuple[Account, bool] | None:
    """The account of a token and whether its link is still open; None for a token that never was one. One query."""
    wanted = (
        select(Account, LogInLink)
        .join(LogInLink, LogInLink.account == Account.id)
        .where(LogInLink.token_digest == tokens.digest(token), Account.closed_at.is_(None))
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row[0], tokens.is_open(row[1], now))


def choose_password(session: Session, *, token: str, password: str, now: datetime) -> Account:
    """Set the password of the account behind the token, which is used up by it; every session of the account ends.

    Raises `LinkEndedError`, `PasswordError` (and then the link is still open).
    """
    # The account first, as whoever sends a link locks them: the other way round, two could wait for each other.
    wanted = select(LogInLink).where(LogInLink.token_digest == tokens.digest(token))
    link = session.scalars(wanted).one_or_none()
    if link is None:
        raise LinkEndedError
    account = session.scalars(select(Account).where(Account.id == link.account).with_for_update()).one()
    session.refresh(link)
    if not tokens.is_open(link, now) or account.closed_at is not None:
        raise LinkEndedError
    accounts.set_password(session, account, password, by=account.name)
    link.used_at = now
    session.flush()
    end_links(session, account, now=now)
    audit.record(
        session,
        actor=account.name,
        action=LinkAction.CHOOSE,
        subject=f"account:{account.name}",
        facts={"invited": link.invited},
    )
    return account
