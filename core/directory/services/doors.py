"""In by another door: the account that belongs to whoever a provider presents, and nobody else.

Nothing is made for strangers. An account is found by the identity that was stored for it; the first time, and only
where the settings allow it, by the official's number or the address of a personal mailbox in the directory. An account
that is closed stays closed, whatever a provider says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.directory.doors.presented import Presented
from core.directory.models import Account, AliasRow, MailboxRow, OfficialRow
from core.directory.models.identities import Identity
from core.directory.queries import factors
from core.directory.services import granting, throttling
from core.directory.services.accounts import AccountAction


class IdentityAction(StrEnum):
    """What the trail says of identities."""

    LINK = "core:identity:link"
    PROVED = "core:identity:proved"
    UNLINK = "core:identity:unlink"


class Refusal(StrEnum):
    """Why somebody whom a provider knows is not let in."""

    STRANGER = "stranger"
    """No account here is theirs."""
    CLOSED = "closed"
    """Their account is closed."""
    TIED = "tied"
    """The account that would be theirs belongs to another identity of the same provider."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Whose log-in it is, and whether that was all of it: else a second step follows."""

    account: Account
    complete: bool


def enter(
    session: Session,
    presented: Presented,
    *,
    now: datetime,
    address: str | None = None,
    device: str | None = None,
    login: str | None = None,
    second_for: frozenset[str] = frozenset(),
) -> Entered | Refusal:
    """The account of whoever is presented, or why there is none to enter. Commit in either case.

    `login` is the name that was tried at a directory server, whose wrong tries are forgotten. `second_for`: roles that
    may not be without a second factor; one that the provider asked for counts where the settings believe it.
    """
    tries = throttling.origin_at_door(
        session, door=presented.door, name=login, address=address, device=device, moment=now
    )
    tries.note_success(now)
    if login is not None and device is not None:
        throttling.know_at_door(session, door=presented.door, name=login, device=device, moment=now)
    found = _account(session, presented, now)
    if isinstance(found, Refusal):
        return found
    subject, facts = f"account:{found.name}", {"door": presented.door}
    if found.closed_at is not None:
        audit.record(
            session, actor=found.name, action=AccountAction.REFUSE, subject=subject, facts=facts | {"closed": True}
        )
        return Refusal.CLOSED
    throttling.forget_unused(session, now)
    demanded = bool(second_for & granting.roles_of(session, found))
    step = factors.next_step(session, found, proved=presented.had_second_factor, demanded=demanded)
    action = AccountAction.LOG_IN if step is None else IdentityAction.PROVED
    audit.record(session, actor=found.name, action=action, subject=subject, facts=facts)
    return Entered(found, complete=step is None)


def begin_try(
    session: Session, *, door: str, name: str | None, address: str | None, now: datetime, device: str | None = None
) -> bool:
    """Whether a try at another door may be made now; if so it is counted. Commit before the door is asked.

    To be followed by `enter`, `note_wrong` or `note_unanswered`.
    """
    tries = throttling.origin_at_door(session, door=door, name=name, address=address, device=device, moment=now)
    if tries.waits_until(now) > now:
        return False
    tries.note_begun(now)
    return True


def note_wrong(
    session: Session, *, door: str, name: str | None, address: str | None, now: datetime, device: str | None = None
) -> None:
    """The door said no."""
    tries = throttling.origin_at_door(session, door=door, name=name, address=address, device=device, moment=now)
    tries.note_wrong(now)


def note_unanswered(
    session: Session, *, door: str, name: str | None, address: str | None, now: datetime, device: str | None = None
) -> None:
    """The door said nothing: the try does not count."""
    tries = throttling.origin_at_door(session, door=door, name=name, address=address, device=device, moment=now)
    tries.note_unanswered(now)


def _account(session: Session, presented: Presented, now: datetime) -> Account | Refusal:
    """The account behind the identity, its row locked; tied to it now where the settings let it be found."""
    identity = _identity(session, presented)
    if identity is None:
        found = _candidate(session, presented)
        if found is None:
            return Refusal.STRANGER
        if found.closed_at is not None:
            return found  # nothing is tied to it; the caller says so and refuses
        identity = _tie(session, presented, found, now)
        if identity is None:
            return Refusal.TIED
    identity.used_at = now
    return session.scalars(_locked(Account.id == identity.account)).one()


def _identity(session: Session, presented: Presented) -> Identity | None:
    wanted = (Identity.provider == presented.provider, Identity.subject == presented.subject)
    return session.scalars(select(Identity).where(*wanted)).one_or_none()


def _candidate(session: Session, presented: Presented) -> Account | None:
    """The one account of an official in the directory that number and address both speak for, as far as given."""
    found: set[int] = set()
    if presented.official_id is not None:
        found.add(_id(session, select(OfficialRow.id).where(OfficialRow.official_id == presented.official_id)))
    if presented.address is not None:
        aliases = select(AliasRow.mailbox).where(AliasRow.address == presented.address)
        found.add(
            _id(
                session,
                select(MailboxRow.owner).where(
                    or_(MailboxRow.address == presented.address, MailboxRow.id.in_(aliases)),
                    MailboxRow.kind == "personal",
                    MailboxRow.gone_at.is_(None),
                ),
            )
        )
    if len(found) != 1:
        return None
    there = select(OfficialRow.id).where(OfficialRow.id == found.pop(), OfficialRow.gone_at.is_(None))
    return session.scalars(_locked(Account.official.in_(there))).one_or_none()


def _id(session: Session, wanted: Select[int] | Select[int | None]) -> int:
    """The only row's number; -1, which no row has, where there is none or more than one."""
    rows = session.scalars(wanted).all()
    return rows[0] if len(rows) == 1 and rows[0] is not None else -1


def _locked(condition: ColumnElement[bool]) -> Select[Account]:
    wanted = select(Account).where(condition).with_for_update()
    return wanted.execution_options(populate_existing=True)


def _tie(session: Session, presented: Presented, account: Account, now: datetime) -> Identity | None:
    """The identity, tied to the account; None where another of that provider is, or was tied at this moment."""
    identity = Identity(
        provider=presented.provider,
        subject=presented.subject,
        account=account.id,
        linked_at=now,
        linked_by=account.name,
    )
    try:
        with session.begin_nested():
            session.add(identity)
    except IntegrityError:
        return _identity(session, presented)
    by = "official_id" if presented.official_id is not None else "address"
    audit.record(
        session,
        actor=account.name,
        action=IdentityAction.LINK,
        subject=f"account:{account.name}",
        facts={"door": presented.door, "by": by},
    )
    return identity
