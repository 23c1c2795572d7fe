"""The head of the audit trail by mail: once a day, to an address outside, for whoever keeps it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.anchoring import said
from core.audit.heads import heads_in
from core.audit.verifying import verify
from core.db import settings_of, unit_of_work
from core.errors import ConflictError
from core.mail.kinds import MailKind
from core.mail.models import OutgoingMail
from core.mail.options import MailOptions
from core.mail.outbox import post
from core.settings import Settings


def heads_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether today's head has to be mailed: once a day on the offices' clock, where an address is set."""
    settings = settings_of(session)
    options = MailOptions.of(settings)
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    if not options.is_on or not options.heads or (last is not None and last.astimezone(zone).date() >= today):
        return None
    return {"day": today.isoformat()}


def mail_head(settings: Settings, *, day: date, now: datetime) -> bool:
    """Queues the head of `day` for the address of the settings, once a day; whether it was queued.

    The trail is walked first and held against the heads that were mailed before: of one that does not hold no head
    goes out, and `ConflictError` says what is wrong.
    """
    options = MailOptions.of(settings)
    with unit_of_work(settings) as session:
        mailed = session.scalars(select(OutgoingMail).where(OutgoingMail.kind == MailKind.CORE_TRAIL_HEAD.value))
        facts = [one.facts for one in mailed]
        found = verify(session, heads_in(" ".join(str(one.get("head")) for one in facts)))
        if not found.whole:
            raise ConflictError(said(found))
        if found.head is None or any(one.get("day") == day.isoformat() for one in facts):
            return False
        post(
            session,
            kind=MailKind.CORE_TRAIL_HEAD,
            address=options.heads,
            language=settings.language,
            now=now,
            facts={"day": day.isoformat(), "head": str(found.head)},
        )
    return True
