"""Telling accounts of something: a line of the day's message, or a message at once, as each account chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.mail.kinds import MailKind
from core.mail.models import Every, MailNotice
from core.mail.options import MailOptions
from core.mail.outbox import post
from core.mail.preferences import Reader, readers
from core.words import Text, showable

LONGEST = 400
"""Signs of a line; what is longer is cut, for the page behind it says everything."""


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """A message of its own, sent at once, in place of a line: its kind, and its facts for an account."""

    kind: MailKind
    facts: Callable[[int], Mapping[str, Any]]


def tell(
    session: Session,
    *,
    accounts: Iterable[int],
    kind: MailKind,
    said: Text,
    thing: str,
    now: datetime,
    own: OwnLetter | None = None,
) -> int:
    """Tell the open ones of `accounts` what happened to `thing` (`<thing>:<id>`); how many will be written to.

    In the session's transaction, and once for each account, kind and thing, however often it is called. Nobody is told
    anything while mail is off. With `own` each gets a message at once, whoever wants the day's too. Say nothing that
    must not stand in a mailbox: no log lines, nobody's figures.
    """
    if not MailOptions.of(settings_of(session)).is_on:
        return 0
    found = readers(session, sorted(set(accounts)))
    known = select(MailNotice.account).where(
        MailNotice.account.in_(found), MailNotice.kind == kind.value, MailNotice.thing == thing
    )
    told = set(session.scalars(known))
    wanted = [one for one in found.values() if one.wants(kind) and one.account not in told]
    for reader in wanted:
        _tell(session, reader, kind, said, thing, now, own)
    return len(wanted)


def untell(session: Session, *, kind: MailKind, things: Iterable[str]) -> int:
    """Take lines about `things` out of messages that are not made yet: they hold no more. How many lines.

    Whoever was told by a message already has it. What was taken out may be told again.
    """
    found = list(things)
    lines = delete(MailNotice).where(
        MailNotice.kind == kind.value, MailNotice.thing.in_(found), MailNotice.mail.is_(None)
    )
    return cast("CursorResult[Any]", session.execute(lines)).rowcount if found else 0


def untell_unless(session: Session, *, kind: MailKind, about: str, holds: Callable[[int, str], bool]) -> int:
    """The same of lines about everything whose name begins with `about`, but for those that still hold.

    `holds` is asked with the account (row) and the thing of each. How many lines were taken out.
    """
    waiting = select(MailNotice.id, MailNotice.account, MailNotice.thing).where(
        MailNotice.kind == kind.value, MailNotice.mail.is_(None), MailNotice.thing.startswith(about, autoescape=True)
    )
    over = [number for number, account, thing in session.execute(waiting) if not holds(account, thing)]
    session.execute(delete(MailNotice).where(MailNotice.id.in_(over), MailNotice.mail.is_(None)))
    return len(over)


def _tell(
    session: Session, reader: Reader, kind: MailKind, said: Text, thing: str, now: datetime, own: OwnLetter | None
) -> None:
    notice = MailNotice(
        account=reader.account,
        kind=kind.value,
        thing=thing,
        said_vi=_line(said.vi),
        said_en=_line(said.en),
        told_at=now,
    )
    session.add(notice)
    session.flush()
    if (own is not None or reader.every is Every.ONCE) and reader.address is not None:
        mail = post(
            session,
            kind=kind if own is None else own.kind,
            account=reader.account,
            address=reader.address,
            language=reader.language,
            now=now,
            facts={} if own is None else own.facts(reader.account),
        )
        notice.mail = mail.id
        session.flush()


def _line(text: str) -> str:
    """One line that no mail client and no terminal takes for anything else."""
    line = showable(" ".join(text.split()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
