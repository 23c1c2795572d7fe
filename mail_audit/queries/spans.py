"""Facts through the whole time: which days' facts stand where.

A day's facts are the standing ones where its month has any; else those of the newest audit whose period holds it. So a
line through several months, and an export, take each day once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from mail_audit.models import Audit, MailboxDay, StandingDay
from mail_audit.months import Month
from mail_audit.plain import from_plain
from mail_audit.queries.held import held
from mail_audit.queries.standing import standing_months
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


@dataclass(frozen=True, slots=True)
class Places:
    """Day -> the audit its facts are of (None: standing ones), and by month or audit the digest of what these are."""

    of_day: dict[date, int | None]
    digests: dict[date | int, str]

    @property
    def basis(self) -> str:
        """A digest of all facts of the days: another one wherever any of them may have changed."""
        told = [
            [
                span.first.isoformat(),
                span.last.isoformat(),
                "" if span.audit_id is None else self.digests[span.audit_id],
            ]
            for span in _spans(self.of_day)
        ]
        of_store = {Month.of(day).first for day, audit_id in self.of_day.items() if audit_id is None}
        months = [[month.isoformat(), self.digests[month]] for month in sorted(of_store)]
        return hashlib.sha256(json.dumps([told, months]).encode()).hexdigest()


def places(session: Session, first: date, last: date, *, audit_id: int | None = None) -> Places:
    """Where the facts of the days from `first` to `last` stand; three SQL queries, two where the store has them all.

    With `audit_id` that audit's own facts are taken for every day of its period, before any others.
    """
    digests: dict[date | int, str] = {
        month.first: f"{row.facts}{row.inputs}" for month, row in standing_months(session).items()
    }
    standing = set(digests)
    columns = select(Audit.id, Audit.first_day, Audit.last_day, Audit.result_digest, Audit.stored_at)
    stored = columns.where(Audit.stored_at.is_not(None))
    days = _days(first, last)
    found: dict[date, int | None] = {}
    if audit_id is not None:
        for run in session.execute(stored.where(Audit.id == audit_id)):
            digests[run.id] = run.result_digest or str(run.stored_at)
            found |= {day: run.id for day in days if run.first_day <= day <= run.last_day}
    found |= {day: None for day in days if day not in found and Month.of(day).first in standing}
    left = {day for day in days if day not in found}
    if left:
        others = stored.where(Audit.first_day <= max(left), Audit.last_day >= min(left))
        for run in session.execute(others.order_by(Audit.id.desc())):
            own = {day for day in left if run.first_day <= day <= run.last_day}
            if own:
                digests[run.id] = run.result_digest or str(run.stored_at)
            found |= dict.fromkeys(own, run.id)
            left -= own
            if not left:
                break
    return Places(found, digests)


def known_days(session: Session, first: date, last: date, *, audit_id: int | None = None) -> KnownDays:
    """Where the facts of the days from `first` to `last` stand, and which are in the logs; at most six SQL queries.

    With `audit_id` that audit's own facts are taken for every day of its period, before any others.
    """
    place = places(session, first, last, audit_id=audit_id).of_day
    covered: set[date] = set()
    of_store = {day for day, run in place.items() if run is None}
    if of_store:
        in_logs = set().union(*(one.every_day for one in held(session, first, last)))
        covered = in_logs & of_store
    of_audits = {run for run in place.values() if run is not None}
    for run_id, coverage in session.execute(select(Audit.id, Audit.coverage).where(Audit.id.in_(of_audits))):
        in_logs = set() if coverage is None else set(from_plain(Coverage, coverage).covered_days)
        covered |= {day for day in in_logs if place.get(day) == run_id}
    return KnownDays(tuple(_spans(place)), frozenset(covered))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _spans(place: Mapping[date, int | None]) -> Iterable[Span]:
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
