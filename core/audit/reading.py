"""The trail as a person reads it: a part of it, filtered, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.audit import AuditEntry

KINDS = ("", "account:", "official:", "unit:")
"""What may be left out before the name of what an entry is about."""
LAST_SIGN = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of these days (inclusive, on the clock of `zone`), with actor and subject that begin so.

    Letters are as they were typed, or all small, or all capital; before those of a subject its kind may be missing.
    """

    zone: str
    first: date | None = None
    last: date | None = None
    actor: str = ""
    subject: str = ""

    def conditions(self, session: Session) -> list[ColumnElement[bool]]:
        """The same as conditions of a query, each of them for an index."""
        is_postgres = session.get_bind().dialect.name == "postgresql"
        found: list[ColumnElement[bool]] = []
        if self.first is not None:
            found.append(AuditEntry.at >= _begin(self.first, self.zone))
        if self.last is not None:
            found.append(AuditEntry.at < _begin(self.last + timedelta(days=1), self.zone))
        kinds = ("",) if ":" in self.subject else KINDS
        for column, letters, before in (
            (AuditEntry.actor, self.actor, ("",)),
            (AuditEntry.subject, self.subject, kinds),
        ):
            if letters:
                typed = dict.fromkeys((letters, letters.lower(), letters.upper()))
                begins = [f"{kind}{one}" for one in typed for kind in before]
                # One range of the index after the other: joined by OR, the whole trail would be walked instead.
                ranges = [
                    select(AuditEntry.id).where(_begins_with(column, one, is_postgres=is_postgres)) for one in begins
                ]
                found.append(AuditEntry.id.in_(union_all(*ranges)))
        return found


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of the trail, and how many entries there are in all."""

    rows: Sequence[AuditEntry]
    total: int


def entries(session: Session, wanted: Wanted, *, offset: int = 0, limit: int = 50) -> Entries:
    """The entries that are wanted, the newest first; the reader must hold `CORE_TRAIL_READ`."""
    where = wanted.conditions(session)
    # Entries are numbered without gaps: how many there are in all is the number of the last one.
    number = func.count(AuditEntry.id) if where else func.max(AuditEntry.id)
    total = session.scalar(select(number).where(*where)) or 0
    if not where:  # so what is skipped is known without walking over it
        where, offset = [AuditEntry.id <= total - offset], 0
    asked = select(AuditEntry).where(*where).order_by(AuditEntry.id.desc()).offset(offset).limit(limit)
    return Entries(session.scalars(asked).all(), total)


def _begins_with(column: InstrumentedAttribute[str], letters: str, *, is_postgres: bool) -> ColumnElement[bool]:
    """Byte by byte: PostgreSQL compares so by operators of their own, whatever its collation."""
    least, most = ("~>=~", "~<~") if is_postgres else (">=", "<")
    return and_(column.bool_op(least)(letters), column.bool_op(most)(letters + LAST_SIGN))


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
