"""Months whose facts do not hold what was collected since: marked with each piece, unmarked when they are measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db import utc_now
from mail_audit.models import MonthToMeasure


def mark_months(session: Session, days: Iterable[date], *, cause: str) -> tuple[date, ...]:
    """Mark the months of these local days, to be measured again; their first days, in order.

    Part of the change that brought the days: it has that change's audit entry.
    """
    months = tuple(sorted({day.replace(day=1) for day in days}))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for month in months:
        values = {"marked_at": utc_now(), "cause": cause}
        row = insert(MonthToMeasure).values(month=month, **values)
        session.execute(row.on_conflict_do_update(index_elements=[MonthToMeasure.month], set_=values))
    return months


def unmark_month(session: Session, month: date, *, marked_at: datetime) -> None:
    """The month is measured as it was marked at `marked_at`; a mark that was made since stays."""
    session.execute(delete(MonthToMeasure).where(MonthToMeasure.month == month, MonthToMeasure.marked_at == marked_at))
