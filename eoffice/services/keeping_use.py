"""Counts the use of the e-office once for each period that pages ask for, so that they need not.

A period is asked for by whoever finds it not kept (`want`), and the two that every morning's reports have are wanted by
themselves: the month, and thirty days, up to yesterday.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.jobs import Run
from core.permissions import WHOLE
from eoffice.models import KeptUseRow
from eoffice.queries.use import UsePeriod, counting, kept

AGAIN = timedelta(minutes=10)
"""So often it is looked whether what figures rest on has changed."""
PAUSE = timedelta(seconds=30)
FORGOTTEN = timedelta(days=14)
"""A period that nobody asked for so long is not kept any longer."""
THIRTY = timedelta(days=29)
MOST = 40
"""So many periods are kept, those asked for last: each is seconds of counting after the directory changed."""


def want(session: Session, *, period: UsePeriod, today: date) -> bool:
    """Have the figures of a period kept from now on, if it is over; once a day. Whether anything was written."""
    if not kept.is_over(period, period.now):
        return False
    asked = session.scalar(select(KeptUseRow.asked_on).where(*kept.where(period)))
    if asked is not None and asked >= today:
        return False
    if asked is not None:
        session.execute(update(KeptUseRow).where(*kept.where(period)).values(asked_on=today))
        return True
    try:
        with session.begin_nested():
            session.add(KeptUseRow(first=period.first, last=period.last, zone=period.zone, asked_on=today))
    except IntegrityError:  # somebody else asked at the same moment
        return False
    return True


def keep_use(session: Session, *, period: UsePeriod) -> bool:
    """Count a period that is wanted, unless what is kept is of the facts as they are. False where it was, or too early.

    Counting changes nothing that anybody did: the trail is silent.
    """
    if not kept.is_over(period, period.now - kept.SETTLED):
        return False
    basis = kept.basis_of(session)
    there = session.execute(select(KeptUseRow.basis).where(*kept.where(period))).first()
    if there is None or there.basis == basis:
        return False
    coverage = counting.coverage(session, period)
    parts = kept.packed(session, period, WHOLE)
    if kept.basis_of(session) != basis:
        return False  # changed meanwhile: the next run counts it
    since = None if coverage is None else coverage.since
    session.execute(update(KeptUseRow).where(*kept.where(period)).values(basis=basis, since=since, **parts))
    return True


def keep_all(run: Run) -> None:
    """Count all periods that are wanted, each in a transaction of its own, and forget those that nobody wants."""
    now = utc_now()
    with unit_of_work(run.settings) as session:
        today = day_in(run.settings.timezone, now)
        for period in _mornings(run.settings.timezone, now):
            want(session, period=period, today=today)
        session.execute(delete(KeptUseRow).where(KeptUseRow.asked_on < today - FORGOTTEN))
        periods = [UsePeriod(row.first, row.last, row.zone, now) for row in session.execute(_wanted())]
    for done, period in enumerate(periods):
        run.progress(done, len(periods))
        with unit_of_work(run.settings) as session:
            keep_use(session, period=period)


def use_due(session: Session, last: datetime | None, now: datetime) -> Mapping[str, Any] | None:
    """Whether a period that is wanted has no figures yet, or it is time to look whether they are still true."""
    if last is None or now - last >= AGAIN:
        return {}
    if now - last < PAUSE:
        return None
    bare = (UsePeriod(row.first, row.last, row.zone, now) for row in session.execute(_wanted()) if row.basis is None)
    return {} if any(kept.is_over(one, now - kept.SETTLED) for one in bare) else None


def _mornings(zone: str, now: datetime) -> list[UsePeriod]:
    """What a report of this morning is of, and what is meant where no days are named."""
    yesterday = day_in(zone, now) - timedelta(days=1)
    return [UsePeriod(first, yesterday, zone, now) for first in {yesterday.replace(day=1), yesterday - THIRTY}]


def _wanted() -> Any:
    return (
        select(KeptUseRow.first, KeptUseRow.last, KeptUseRow.zone, KeptUseRow.basis)
        .order_by(KeptUseRow.asked_on.desc(), KeptUseRow.last.desc(), KeptUseRow.first.desc())
        .limit(MOST)
    )
