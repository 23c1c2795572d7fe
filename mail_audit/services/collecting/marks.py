"""Months whose facts do not hold what was collected since: marked with each piece."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
