"""Facts through the whole time: which days' facts stand where.

A day's facts are the standing ones where its month has any; else those of the newest audit whose period holds it. So a
line through several months, and an export, take each day once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session, undefer

from mail_audit.models import Audit, MailboxDay, StandingDay
from mail_audit.months import Month
from mail_audit.plain import from_plain
from mail_audit.queries.standing import held, standing_months
from mail_audit.report.model import Coverage

FACT_COLUMNS = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
    "acts_a", "acts_b", "acts_c", "acts_d", "uncounted", "delegated", "forwards",
)  # fmt: skip
"""Counts of a mailbox and day that both tables hold."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row whose facts stand in one place: those of an audit, or (`audit_id` None) the standing ones."""

    audit_id: int | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class KnownDays:
    """The days of a period that have facts, by where they stand, and those of them that are in the logs."""

    spans: tuple[Span, ...]
    covered: frozenset[date]


def known_days(session: Session, first: date, last: date, *, audit_id: int | None = None) -> KnownDays:
    """Where the facts of the days from `first` to `last` stand; at most four SQL queries.

    With `audit_id` that audit's own facts are taken for every day of its period, before any others.
    """
    standing = {month.first for month in standing_months(session)}
    place: dict[date, int | None] = {}
    covered: set[date] = set()
    wanted = (
        select(Audit)
        .options(undefer(Audit.coverage))
        .where(Audit.stored_at.is_not(None), Audit.first_day <= last, Audit.last_day >= first)
        .order_by(Audit.id)
    )
    audits = list(session.scalars(wanted))
    own = [one for one in audits if one.id == audit_id]
    of_store = [day for day in _days(first, last) if Month.of(day).first in standing]
    for run in [one for one in audits if one.id != audit_id]:
        _take(run, place, covered, _days(first, last))
    if of_store:
        in_logs = set().union(*(one.every_day for one in held(session, first, last)))
        place.update(dict.fromkeys(of_store))
        covered.difference_update(of_store)
        covered.update(in_logs.intersection(of_store))
    for run in own:
        _take(run, place, covered, _days(first, last))
    return KnownDays(tuple(_spans(place)), frozenset(covered))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _take(run: Audit, place: dict[date, int | None], covered: set[date], days: Iterable[date]) -> None:
    """The days of a run's period are the run's: what they hold, and whether they are covered."""
    if run.first_day is None or run.last_day is None or run.coverage is None:
        return
    own = [day for day in days if run.first_day <= day <= run.last_day]
    place.update(dict.fromkeys(own, run.id))
    covered.difference_update(own)
    covered.update(set(from_plain(Coverage, run.coverage).covered_days).intersection(own))


def _spans(place: dict[date, int | None]) -> Iterable[Span]:
    found: list[Span] = []
    for day in sorted(place):
        if found and found[-1].audit_id == place[day] and found[-1].last + timedelta(1) == day:
            found[-1] = Span(place[day], found[-1].first, day)
        else:
            found.append(Span(place[day], day, day))
    return found


def facts(spans: Sequence[Span], columns: Sequence[str]) -> Select[Any] | None:
    """SELECT of `mailbox`, `day` and `columns` over all spans; None where there is no span."""
    parts = []
    for span in spans:
        table: Any = MailboxDay if span.audit_id is not None else StandingDay
        chosen = select(table.mailbox, table.day, *(getattr(table, name) for name in columns)).where(
            table.day.between(span.first, span.last)
        )
        parts.append(chosen if span.audit_id is None else chosen.where(MailboxDay.audit_id == span.audit_id))
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    together = union_all(*parts).subquery("facts")
    return select(together)
