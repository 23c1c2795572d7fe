"""The trail as a person reads it: a part of it, filtered, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of these days (inclusive, on the clock of `zone`), with these letters in actor and subject."""

    zone: str
    first: date | None = None
    last: date | None = None
    actor: str = ""
    subject: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions of a query."""
        found: list[ColumnElement[bool]] = []
        if self.first is not None:
            found.append(AuditEntry.at >= _begin(self.first, self.zone))
        if self.last is not None:
            found.append(AuditEntry.at < _begin(self.last + timedelta(days=1), self.zone))
        for column, letters in ((AuditEntry.actor, self.actor), (AuditEntry.subject, self.subject)):
            if letters:
                found.append(func.lower(column).contains(letters.lower(), autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of the trail, and how many entries there are in all."""

    rows: Sequence[AuditEntry]
    total: int


def entries(session: Session, wanted: Wanted, *, offset: int = 0, limit: int = 50) -> Entries:
    """The entries that are wanted, the newest first; the reader must hold `CORE_TRAIL_READ`."""
    where = wanted.conditions()
    # Entries are numbered without gaps: how many there are in all is the number of the last one.
    number = func.count(AuditEntry.id) if where else func.max(AuditEntry.id)
    total = session.scalar(select(number).where(*where)) or 0
    asked = select(AuditEntry).where(*where).order_by(AuditEntry.id.desc()).offset(offset).limit(limit)
    return Entries(session.scalars(asked).all(), total)


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
