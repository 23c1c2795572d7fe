"""One message a day: what an account was told since the last one, in one letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from core.db import settings_of, unit_of_work
from core.mail.kinds import MailKind
from core.mail.models import Every, MailNotice, OutgoingMail
from core.mail.options import MailOptions
from core.mail.outbox import post
from core.mail.preferences import readers
from core.settings import Settings

KEPT = timedelta(days=180)
"""So long it is known what became of a message."""
AT_ONCE = 200
"""Accounts of one transaction."""


def digest_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether today's messages have to be made: once a working day, from the time of the settings on."""
    settings = settings_of(session)
    options = MailOptions.of(settings)
    here = now.astimezone(ZoneInfo(settings.timezone))
    made = last is not None and last.astimezone(here.tzinfo).date() >= here.date()
    if not options.is_on or made or here.time() < options.digest_time or not is_working_day(here.date()):
        return None
    return {"day": here.date().isoformat()}


def make_digests(settings: Settings, *, day: date, now: datetime) -> int:
    """Queue the message of `day` for every account that was told something; how many. Killed and run again: the same.

    An account has one message a day at most: the database holds it to that. What somebody is told later waits.
    """
    made = 0
    after = 0
    while True:
        with unit_of_work(settings) as session:
            waiting = select(MailNotice.account).where(MailNotice.mail.is_(None), MailNotice.account > after)
            some = session.scalars(waiting.distinct().order_by(MailNotice.account).limit(AT_ONCE)).all()
            made += _make(session, list(some), day, now)
        if not some:
            return made
        after = some[-1]


def forget_old(settings: Settings, *, now: datetime) -> int:
    """Removes messages that ended long ago, with the lines they held; how many. Heads of the trail stay for ever."""
    with unit_of_work(settings) as session:
        heads = OutgoingMail.kind == MailKind.CORE_TRAIL_HEAD.value
        old = select(OutgoingMail.id).where(OutgoingMail.ended_at < now - KEPT, ~heads)
        session.execute(delete(MailNotice).where(MailNotice.mail.in_(old)))
        gone = session.execute(delete(OutgoingMail).where(OutgoingMail.ended_at < now - KEPT, ~heads))
        return cast("CursorResult[Any]", gone).rowcount


def _make(session: Session, accounts: list[int], day: date, now: datetime) -> int:
    had = set(
        session.scalars(
            select(OutgoingMail.account).where(OutgoingMail.account.in_(accounts), OutgoingMail.digest_day == day)
        )
    )
    made = 0
    for account, reader in readers(session, accounts).items():
        if account in had or reader.address is None or reader.every is Every.NEVER:
            continue
        mail = post(
            session,
            kind=MailKind.CORE_MAIL_DIGEST,
            account=account,
            address=reader.address,
            language=reader.language,
            now=now,
            digest_day=day,
        )
        lines = update(MailNotice).where(MailNotice.account == account, MailNotice.mail.is_(None))
        session.execute(lines.values(mail=mail.id))
        made += 1
    return made
