"""Readers of outgoing mail: what waits, what the servers refused, and the newest of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.directory.models import Account, MailboxRow
from core.errors import NotFoundError
from core.mail.models import MailNotice, MailState, OutgoingMail
from core.mail.options import MailOptions
from core.words import Text


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Messages by state, what was told and waits for the day's message, and since when the oldest message waits."""

    waiting: int
    sent: int
    refused: int
    given_up: int
    told: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A message without its text; `account` is the name, None for an address of the settings."""

    mail_id: int
    kind: str
    account: str | None
    address: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    answer: str | None


def counts(session: Session) -> MailCounts:
    """How much there is of each."""
    found = {
        str(state): int(number)
        for state, number in session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    }
    waiting = select(func.min(OutgoingMail.created_at)).where(OutgoingMail.state == MailState.WAITING.value)
    told = select(func.count()).select_from(MailNotice).where(MailNotice.mail.is_(None))
    return MailCounts(
        waiting=found.get(MailState.WAITING, 0),
        sent=found.get(MailState.SENT, 0),
        refused=found.get(MailState.REFUSED, 0),
        given_up=found.get(MailState.GIVEN_UP, 0),
        told=session.scalar(told) or 0,
        oldest=session.scalar(waiting),
    )


def messages(session: Session, *, state: str | None = None, offset: int = 0, limit: int = 50) -> list[MailRow]:
    """The messages (of one state), the newest first. One query."""
    wanted = select(OutgoingMail, Account.name).outerjoin(Account, Account.id == OutgoingMail.account)
    if state is not None:
        wanted = wanted.where(OutgoingMail.state == state)
    wanted = wanted.order_by(OutgoingMail.id.desc()).offset(max(0, offset)).limit(limit)
    return [
        MailRow(
            mail_id=mail.id,
            kind=mail.kind,
            account=name,
            address=mail.address,
            state=mail.state,
            attempts=mail.attempts,
            created_at=mail.created_at,
            due_at=mail.due_at,
            ended_at=mail.ended_at,
            answer=mail.answer,
        )
        for mail, name in session.execute(wanted)
    ]


def told_thing(session: Session, *, account: str, notice_id: int) -> str:
    """What a line of the account's mail is about, `<thing>:<id>`; `NotFoundError` for a line of somebody else's."""
    wanted = select(MailNotice.thing).join(Account, Account.id == MailNotice.account)
    thing = session.scalar(wanted.where(MailNotice.id == notice_id, Account.name == account))
    if thing is None:
        raise NotFoundError(Text("Không có điều này trong thư của Ông/Bà.", "There is no such line in your mail."))
    return thing


def is_somebodys(session: Session, options: MailOptions) -> str | None:
    """The address of the settings that is an official's own mailbox; None where neither is, as it should be.

    A submission is counted by its log-in: sent with an official's, every message would be that official's use.
    """
    given = [one.lower() for one in (options.user, options.sender) if one]
    own = select(MailboxRow.address).where(MailboxRow.address.in_(given), MailboxRow.kind == "personal")
    return session.scalar(own.where(MailboxRow.gone_at.is_(None)).limit(1))
