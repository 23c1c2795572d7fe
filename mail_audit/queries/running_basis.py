"""What the running windows rest on, as a digest: another one wherever any of it may have changed.

It is looked at before every use of what is kept, so it reads no facts and nobody's row of the directory: changes of the
directory and of the exceptions on record stand in the trail, and every month of facts holds a digest of each day. What
is collected of today changes nothing of windows that end yesterday, though it is measured in the same month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import settings_of
from mail_audit.actions import AuditAction
from mail_audit.journaling.options import JournalOptions
from mail_audit.models import CensusMailbox, JournalMessage
from mail_audit.months import months
from mail_audit.plain import from_plain
from mail_audit.queries.census import LONGEST_SPAN
from mail_audit.queries.held import held_days
from mail_audit.queries.journal import journal_known_days
from mail_audit.queries.standing import standing_months
from mail_audit.standing import Held, Tells, days_held, of_period
from mail_audit.thresholds import Thresholds

FORM = 1
"""Counted up when something else is said of an official, or it is packed in another way."""
CHANGING = (
    "core:directory:import", "core:official:put", "core:official:remove", "core:official:leave", "core:unit:put",
    "core:unit:remove", AuditAction.EXCEPTION_RECORDED, AuditAction.EXCEPTIONS_IMPORTED, AuditAction.EXCEPTION_ENDED,
    AuditAction.EXCEPTION_WITHDRAWN,
)  # fmt: skip
"""Entries of the trail after which the same facts may say something else of somebody."""
Days = tuple[date, date]


def basis_of(session: Session, days: tuple[Days, Days]) -> str:
    """The digest of all that two windows with these days rest on. Some ten SQL queries."""
    (before, _), (_, last) = days
    settings = settings_of(session)
    pieces = held_days(session, before, last)
    told = [
        FORM, version("vanthu"), settings.timezone, asdict(Thresholds.of(settings.thresholds)),
        [[str(day) for day in one] for one in days], _newest(session), _facts(session, before, last),
        [_cover(pieces, *one) for one in days], _beside(session, before, last),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _newest(session: Session) -> list[int]:
    """The newest entries of `CHANGING`, each an index look-up."""
    newest = [select(func.max(AuditEntry.id)).where(AuditEntry.action == one).scalar_subquery() for one in CHANGING]
    return [number or 0 for number in session.execute(select(*newest)).one()]


def _facts(session: Session, first: date, last: date) -> list[Any]:
    """What digests say of the facts of these days, and what the logs of their months tell at all."""
    known = standing_months(session)
    inside = {month: known[month] for month in months(first, last) if month in known}
    tells = Tells.together(from_plain(Tells, row.tells) for row in inside.values() or known.values())
    digests: list[Any] = []
    for month, row in inside.items():
        if row.days is None:  # measured before days had digests: the month as a whole
            digests.append([month.name, row.facts])
        else:
            begin, end = max(first, month.first).isoformat(), min(last, month.last).isoformat()
            digests.append([month.name, {day: one for day, one in row.days.items() if begin <= day <= end}])
    return [digests, asdict(tells)]


def _cover(pieces: Sequence[Held], first: date, last: date) -> list[Any]:
    """Which of these days are in the logs, and where servers have gaps."""
    cover = days_held(of_period(pieces, first, last), first, last)
    return [sorted(cover.days), {host: sorted(days) for host, days in cover.gaps.items()}]


def _beside(session: Session, first: date, last: date) -> list[Any]:
    """What those tell who are heard beside the logs; nothing where there are none."""
    settings = settings_of(session)
    zone, found = ZoneInfo(settings.timezone), list[Any]()
    begin, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    since = begin - timedelta(days=JournalOptions.of(settings).act_days)
    copies = select(func.count(), func.max(JournalMessage.taken_at))
    number, newest = session.execute(copies.where(JournalMessage.at >= since, JournalMessage.at < end)).one()
    if number:
        found += [number, newest, sorted(journal_known_days(session, first, last))]
    asked = CensusMailbox.asked_at
    counts = select(func.count(), func.max(asked)).where(asked >= begin - LONGEST_SPAN, asked < end + LONGEST_SPAN)
    asked_for, latest = session.execute(counts).one()
    if asked_for:  # what a count tells depends on the days that logs tell of around it
        low, high = first - LONGEST_SPAN, last + LONGEST_SPAN
        found += [asked_for, latest, _cover(held_days(session, low, high), low, high)]
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
