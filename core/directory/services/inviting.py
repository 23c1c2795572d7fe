"""Letting officials in by mail: an account, a link that holds for a time, and a password of their own choice.

Nobody hands a password over. What is mailed is a link with a token that works once; the database holds its digest
only, and the token itself is made when the message is sent (`core.mail.links`). An account that was invited has a
password that nobody knows until its owner chooses one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import Account, OfficialRow
from core.directory.permissions import can_create_account
from core.directory.queries import unit_keys_of
from core.directory.services import accounts, links
from core.errors import InputError, UnavailableError
from core.mail.kinds import MailKind
from core.mail.options import MailOptions
from core.mail.preferences import official_boxes, readers
from core.permissions import Actor, Permission, require
from core.words import Text

MOST = 500
"""Officials of one invitation: what is done in one transaction."""


class InvitingAction(StrEnum):
    """What the trail says of invitations."""

    INVITE = "core:account:invite"


@dataclass(frozen=True, slots=True)
class Invited:
    """How many accounts were made, how many had been and were sent a new link, and who was left, each with the why."""

    made: int
    again: int
    left: tuple[tuple[str, Text], ...]


def invite(session: Session, actor: Actor, *, official_ids: Sequence[str], now: datetime) -> Invited:
    """Make an account for each of these officials and mail it a link; who was invited before is sent a new one.

    The account's name is the official address. Who cannot be invited is named with the reason and stops nobody else.
    Raises `UnavailableError` while mail is off, `InputError` for more than `MOST`, `ForbiddenError`.
    """
    require(actor, Permission.CORE_ACCOUNT_CREATE)
    if not MailOptions.of(settings_of(session)).is_on:
        raise UnavailableError(
            Text(
                "Chưa gửi thư được: cần điền bảng [mail] trong tệp cấu hình.",
                "No mail can be sent yet: the table [mail] of the settings has to be filled in.",
            )
        )
    numbers = list(dict.fromkeys(one.strip() for one in official_ids if one.strip()))
    if not 0 < len(numbers) <= MOST:
        raise InputError(Text(f"Mỗi lần mời từ 1 đến {MOST} người.", f"One to {MOST} officials are invited at a time."))
    return _Inviting(session, actor, now).all(numbers)


class _Inviting:
    """One invitation under way: what is known of everybody is asked once."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        # Nobody knows it, so nobody logs in by it; one hash for all, for each would cost as much as a log-in.
        self._unknown_password = PasswordHasher().hash(secrets.token_urlsafe(32))

    def all(self, numbers: Sequence[str]) -> Invited:
        """Everybody, in the order given."""
        left: list[tuple[str, Text]] = []
        wanted = select(OfficialRow).where(OfficialRow.official_id.in_(numbers), OfficialRow.gone_at.is_(None))
        officials = {row.official_id: row for row in self._session.scalars(wanted.with_for_update())}
        keys = [row.id for row in officials.values()]
        boxes = official_boxes(self._session, keys)
        of_official = select(Account).where(Account.official.in_(keys))
        there = {account.official: account for account in self._session.scalars(of_official)}
        taken = set(self._session.scalars(select(Account.name).where(Account.name.in_(list(boxes.values())))))
        made = []
        for number in numbers:
            found = self._account(officials.get(number), boxes, there, taken)
            if isinstance(found, Text):
                left.append((number, found))
            else:
                made.append(found)
        fresh = {account.id for account in made if account.official not in there}
        self._session.flush()
        to = readers(self._session, [account.id for account in made])
        for account in made:
            links.send(self._session, account, to[account.id], kind=MailKind.CORE_ACCOUNT_INVITED, now=self._now)
        facts = {"made": len(fresh), "again": len(made) - len(fresh), "names": [one.name for one in made]}
        if made:
            audit.record(
                self._session,
                actor=self._actor.in_trail,
                action=InvitingAction.INVITE,
                subject="accounts",
                facts=facts,
            )
        return Invited(len(fresh), len(made) - len(fresh), tuple(left))

    def _account(
        self,
        official: OfficialRow | None,
        boxes: Mapping[int, str],
        there: Mapping[int | None, Account],
        taken: set[str],
    ) -> Account | Text:
        """The account to be written to, or why this one cannot be invited."""
        if official is None or not self._reaches(official):
            return _UNKNOWN
        account, address = there.get(official.id), boxes.get(official.id)
        if address is None:
            return _NO_MAILBOX
        if account is not None:
            if account.closed_at is not None:
                return _CLOSED
            return account if links.is_invited(self._session, account) else _HAS_ACCOUNT
        if address in taken or not accounts.NAME.fullmatch(address):
            return _NO_NAME
        made = Account(
            name=address,
            password_hash=self._unknown_password,
            official=official.id,
            created_at=self._now,
            password_changed_at=self._now,
            failed=0,
        )
        self._session.add(made)
        self._session.flush()
        return made

    def _reaches(self, official: OfficialRow) -> bool:
        if can_create_account(self._actor):
            return True
        return can_create_account(self._actor, unit_keys_of(self._session, official.id))


_UNKNOWN = Text("danh bạ không có cán bộ mang mã này", "there is no official with this number")
_NO_MAILBOX = Text("chưa có hộp thư công vụ", "has no official mailbox")
_CLOSED = Text("tài khoản đã đóng", "the account is closed")
_HAS_ACCOUNT = Text("đã có tài khoản và đã đặt mật khẩu", "has an account and has chosen a password")
_NO_NAME = Text(
    "địa chỉ thư không dùng làm tên tài khoản được hoặc đã có người dùng",
    "the address cannot be the account's name, or is that of another account",
)
