"""What an account wants to be told, how often, and in which language; and where it is written to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import Account, MailboxRow, OfficialRow
from core.directory.queries import the_account
from core.errors import ForbiddenError, InputError
from core.mail.addresses import is_address
from core.mail.kinds import TOLD, MailKind
from core.mail.models import Every, MailPreference
from core.permissions import Actor, Permission, require
from core.words import LANGUAGES, Language, Text


class MailAction(StrEnum):
    """What the trail says of mail."""

    CHOSEN = "core:mail:choose"
    RETRIED = "core:mail:retry"


@dataclass(frozen=True, slots=True)
class Reader:
    """An account as somebody who is written to; `address` is None where there is none, `name` a person's or none."""

    account: int
    name: str
    address: str | None
    language: Language
    every: Every
    unwanted: frozenset[str]
    is_official: bool

    def wants(self, kind: MailKind) -> bool:
        """Whether the account is to be told of this kind, and can be."""
        return self.address is not None and self.every is not Every.NEVER and kind not in self.unwanted


def readers(session: Session, accounts: Collection[int]) -> Mapping[int, Reader]:
    """The open ones of `accounts` by id, each with where and how it is written to. Two queries.

    An official is written to at the official mailbox (the first, where there are several), never elsewhere.
    """
    wanted = (
        select(Account.id, Account.official, OfficialRow.name, MailPreference)
        .outerjoin(OfficialRow, OfficialRow.id == Account.official)
        .outerjoin(MailPreference, MailPreference.account == Account.id)
        .where(Account.id.in_(accounts), Account.closed_at.is_(None))
    )
    rows = session.execute(wanted).all()
    boxes = official_boxes(session, [row.official for row in rows if row.official is not None])
    standard = settings_of(session).language
    found = {}
    for row in rows:
        account, official, name = row[0], row[1], row[2]
        chosen: MailPreference | None = row[3]
        address = boxes.get(official) if official is not None else (chosen.address if chosen is not None else None)
        found[account] = Reader(
            account=account,
            name=name or "",
            address=address if address and is_address(address) else None,
            language=cast("Language", chosen.language) if chosen is not None and chosen.language else standard,
            every=Every(chosen.every) if chosen is not None else Every.DAY,
            unwanted=frozenset(chosen.unwanted) if chosen is not None else frozenset(),
            is_official=official is not None,
        )
    return found


def official_boxes(session: Session, officials: Iterable[int]) -> dict[int, str]:
    """Row of an official -> address of the official mailbox, the first one there was."""
    wanted = select(MailboxRow.owner, MailboxRow.address).where(
        MailboxRow.owner.in_(list(officials)), MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None)
    )
    found: dict[int, str] = {}
    for owner, address in session.execute(wanted.order_by(MailboxRow.id)):
        if owner is not None:
            found.setdefault(owner, address)
    return found


def own_preferences(session: Session, actor: Actor) -> Reader:
    """The actor's own choices. Raises `NotFoundError` for an actor without an account."""
    account = the_account(session, actor.name)
    return readers(session, [account.id])[account.id]


def choose(
    session: Session,
    actor: Actor,
    *,
    every: str,
    language: str,
    wanted: Collection[str],
    address: str = "",
) -> None:
    """Keep the actor's own choices: how often, in which language, which kinds, and (of nobody's official) where.

    Raises `InputError` for what cannot be chosen, `ForbiddenError`, `NotFoundError` for an actor without an account.
    """
    require(actor, Permission.CORE_ACCOUNT_OWN)
    account = the_account(session, actor.name, for_update=True)
    if every not in set(Every) or language not in LANGUAGES or not {*wanted} <= {*TOLD}:
        raise InputError(Text("Hãy chọn một trong danh sách.", "Please choose one of the list."))
    place = address.strip() or None
    if place is not None and account.official is not None:
        raise ForbiddenError(
            Text(
                "Thư chỉ được gửi tới hộp thư công vụ của cán bộ.",
                "Officials are written to at their official mailbox only.",
            )
        )
    if place is not None and not is_address(place):
        raise InputError(Text("Địa chỉ thư chưa đúng.", "That is no address of a mailbox."))
    row = session.get(MailPreference, account.id) or MailPreference(account=account.id)
    row.every, row.language, row.address = every, language, place
    row.unwanted = sorted(kind for kind in TOLD if kind not in wanted)
    session.add(row)
    session.flush()
    facts = {"every": every, "language": language, "unwanted": row.unwanted, "address": place is not None}
    audit.record(session, actor=actor.name, action=MailAction.CHOSEN, subject=f"account:{account.name}", facts=facts)
