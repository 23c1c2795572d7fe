"""Counts the lines of every unit of a report once, so that pages need not: who acted in the days up to each day.

A job of its own, after the figures are stored: a city has tens of millions of days of mailboxes to go through. Where
facts that a line rests on change later (logs that came late), it is counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Table, delete, exists, func, insert, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.jobs import Run
from core.permissions import WHOLE
from mail_audit.models import Audit, AuditLines, OfficialColumns, OfficialFigure, UnitLine
from mail_audit.queries.day_numbers import day_number
from mail_audit.queries.prepared import columns_of_rows
from mail_audit.queries.spans import KnownDays, Span, facts, known_days
from mail_audit.queries.unit_lines import basis_of, units_of
from mail_audit.services.runs import locked
from mail_audit.usage.lines import BACK, DAYS, RANKS, SPAN, counted, days_of_bits, pack, with_those_below

AT_ONCE = 60
"""So many days are bits of one number."""
AGAIN = timedelta(minutes=10)
"""So often it is looked whether facts have changed."""
PAUSE = timedelta(seconds=30)
LOOKED_AT = 100
"""So many of the latest reports are looked at; older ones are counted when somebody asks for them."""


@dataclass(frozen=True, slots=True)
class _People:
    """The officials whom a report can judge: the group (unit and rank) of each, and who owns which mailboxes."""

    units: list[str]
    group: npt.NDArray[np.int64]
    owners: dict[str, list[int]]


def keep_lines(session: Session, *, audit_id: int) -> bool:
    """Count the lines of a report, unless those that are there are of the facts as they are. False where they were.

    Counting changes nothing that a report says: what is kept here follows from what is stored, so the trail is silent.
    """
    row = session.execute(select(Audit.last_day).where(Audit.id == audit_id, Audit.stored_at.is_not(None))).first()
    if row is None or row[0] is None:
        return False
    last: date = row[0]
    basis = basis_of(session, audit_id, last)
    there = session.get(AuditLines, audit_id)
    if there is not None and there.basis == basis and there.last == last:
        return False
    first = last - timedelta(SPAN - 1)
    known = known_days(session, first, last, audit_id=audit_id)
    lines = list(_lines(session, audit_id, known, first))
    if locked(session, audit_id) is None or basis_of(session, audit_id, last) != basis:
        return False  # taken away or stored anew meanwhile: the next run counts it
    for table in (UnitLine, AuditLines):
        session.execute(delete(table).where(table.__table__.c.audit_id == audit_id))
    session.execute(insert(cast("Table", UnitLine.__table__)), lines)
    days = [span.first + timedelta(n) for span in known.spans for n in range((span.last - span.first).days + 1)]
    covered = sorted(known.covered)
    session.execute(
        insert(AuditLines).values(
            audit_id=audit_id,
            basis=basis,
            last=last,
            known=[day.isoformat() for day in days],
            covered=[day.isoformat() for day in covered],
        )
    )
    if session.scalar(select(OfficialColumns.audit_id).where(OfficialColumns.audit_id == audit_id)) is None:
        packed = columns_of_rows(session, audit_id)
        session.execute(insert(OfficialColumns).values(audit_id=audit_id, data=packed))
    session.flush()
    return True


def keep_all(run: Run) -> None:
    """Count the lines of the latest reports that have none or old ones, each in a transaction of its own."""
    with unit_of_work(run.settings) as session:
        audit_ids = list(session.scalars(_latest()))
    for done, audit_id in enumerate(audit_ids):
        run.progress(done, len(audit_ids))
        with unit_of_work(run.settings) as session:
            keep_lines(session, audit_id=audit_id)


def lines_due(session: Session, last: datetime | None, now: datetime) -> Mapping[str, Any] | None:
    """Whether a report has no lines yet, or it is time to look whether facts have changed."""
    if last is not None and now - last < PAUSE:
        return None
    if last is not None and now - last >= AGAIN:
        return {} if session.scalar(_latest().limit(1)) is not None else None
    latest = _latest().subquery()
    without = select(latest.c.id).where(~exists().where(AuditLines.audit_id == latest.c.id))
    return {} if session.scalar(without.limit(1)) is not None else None


def _latest() -> Any:
    return (
        select(Audit.id)
        .where(Audit.stored_at.is_not(None), Audit.state == "finished")
        .order_by(Audit.last_day.desc(), Audit.id.desc())
        .limit(LOOKED_AT)
    )


def _lines(session: Session, audit_id: int, known: KnownDays, first: date) -> Any:
    """The rows of all units and of the city."""
    parents = units_of(session, audit_id, reach=WHOLE)
    people = _people(session, audit_id, list(parents))
    acted = _acted(session, people, known, first)
    groups = len(people.units) * len(RANKS)
    found = counted(acted, people.group, groups).reshape(len(people.units), len(RANKS), len(BACK), DAYS)
    totals = np.bincount(people.group, minlength=groups).reshape(len(people.units), len(RANKS))
    place = {unit: number for number, unit in enumerate(people.units)}
    lines = with_those_below({unit: found[place[unit]] for unit in parents}, parents)
    numbers = with_those_below({unit: totals[place[unit]] for unit in parents}, parents)
    every = [(unit, False, lines[unit], numbers[unit]) for unit in parents]
    for unit, is_city, line, (leaders, staff) in [*every, ("", True, found.sum(axis=0), totals.sum(axis=0))]:
        yield {
            "audit_id": audit_id, "unit": unit, "is_city": is_city, "leaders_total": int(leaders),
            "staff_total": int(staff), "data": pack(line),
        }  # fmt: skip


def _people(session: Session, audit_id: int, units: list[str]) -> _People:
    wanted = (
        select(OfficialFigure.unit, OfficialFigure.rank, OfficialFigure.mailboxes)
        .where(OfficialFigure.audit_id == audit_id, OfficialFigure.usage_class != "unknown")
        .order_by(OfficialFigure.position)
    )
    place = {unit: number for number, unit in enumerate(units)}
    group, owners = [], dict[str, list[int]]()
    for number, (unit, rank, mailboxes) in enumerate(session.execute(wanted)):
        group.append(place.setdefault(unit, len(place)) * len(RANKS) + RANKS.index(rank))
        for mailbox in mailboxes:
            owners.setdefault(mailbox, []).append(number)
    return _People(list(place), np.array(group, np.int64), owners)


def _acted(session: Session, people: _People, known: KnownDays, first: date) -> npt.NDArray[np.bool_]:
    """Day (from `first` on) and official -> whether the official acted on it, in any mailbox of theirs."""
    acted = np.zeros((SPAN, len(people.group)), np.bool_)
    for begin in range(0, SPAN, AT_ONCE):
        number = min(AT_ONCE, SPAN - begin)
        start = first + timedelta(begin)
        bits = np.zeros(len(people.group), np.uint64)
        for mailbox, days in _bits(session, known, start, start + timedelta(number - 1)):
            for owner in people.owners.get(mailbox, ()):
                bits[owner] |= np.uint64(days)
        acted[begin : begin + number] = days_of_bits(bits, number)
    return acted


def _bits(session: Session, known: KnownDays, first: date, last: date) -> list[tuple[str, int]]:
    """Mailbox -> the days from `first` to `last` on which its owner acted, a bit each; one SQL query."""
    spans = [
        Span(one.audit_id, max(one.first, first), min(one.last, last))
        for one in known.spans
        if one.first <= last and one.last >= first
    ]
    seen = facts(spans, ("acts_a", "acts_b"))
    if seen is None:
        return []
    days = seen.subquery("seen")
    bit = sql_cast(1, BigInteger).op("<<")(day_number(days.c.day) - first.toordinal())
    wanted = select(days.c.mailbox, sql_cast(func.sum(bit), BigInteger)).where(days.c.acts_a + days.c.acts_b > 0)
    return [(str(row[0]), int(row[1])) for row in session.execute(wanted.group_by(days.c.mailbox))]
