"""Readers that put two stored audits side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from core.permissions import Reach
from core.words import Text
from mail_audit.comparison import (
    Comparison,
    Group,
    Groups,
    Member,
    Moved,
    Pair,
    Snapshot,
    UnitChange,
    UnitChanges,
    UnitSeen,
    compare,
    unit_changes,
)
from mail_audit.errors import AuditNotFoundError, NoFiguresError
from mail_audit.models import Audit, OfficialFigure, UnitFigure
from mail_audit.plain import from_plain
from mail_audit.queries.audits import audits_with_figures, previous_audit
from mail_audit.queries.pages import AuditSummary, Change
from mail_audit.queries.reached import in_reach, ranks_together, topmost
from mail_audit.queries.remembered import Remembered
from mail_audit.queries.rows import leaders_of, staff_of
from mail_audit.report.model import Period

_MEMBER = (
    OfficialFigure.official_id,
    OfficialFigure.name,
    OfficialFigure.unit,
    OfficialFigure.rank,
    OfficialFigure.usage_class,
    OfficialFigure.active_working_days,
    OfficialFigure.covered_working_days,
)
"""What a comparison needs of an official, in the order of `Member`'s fields."""


@dataclass(frozen=True, slots=True)
class AuditPair:
    """Two audits, the one whose period ends first as `earlier`, and what changed between them."""

    earlier: AuditSummary
    later: AuditSummary
    comparison: Comparison


def comparison(session: Session, audit_ids: tuple[int, int], *, reach: Reach) -> AuditPair:
    """The two audits side by side, in the order of their periods whatever the order given; seven SQL queries at most.

    Of the units in reach; who went from there elsewhere is among those who are gone. NotFoundError where one is
    unknown or has no figures.
    """
    known = {one.audit_id: one for one in audits_with_figures(session, audit_ids, reach=reach)}
    for audit_id in audit_ids:
        if audit_id not in known:
            raise AuditNotFoundError(audit_id)
    earlier, later = sorted((known[audit_id] for audit_id in audit_ids), key=_order)
    found = compare(snapshot_of(session, earlier, reach=reach), snapshot_of(session, later, reach=reach))
    return AuditPair(earlier, later, found)


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """The audit before this one, and what changed since by unit; the findings among it name no person."""

    before: AuditSummary
    period: Period
    changes: UnitChanges
    by_unit: dict[str, UnitChange]

    def of(self, unit: str | None) -> Change | None:
        """The change of a unit (None: the whole city); None where only one of the audits has it."""
        found = self.changes.city if unit is None else self.by_unit.get(unit)
        if found is None or found.presence != "both":
            return None
        leaders, staff = found.leaders, found.staff
        return Change(
            audit_id=self.before.audit_id,
            period=self.period,
            leaders=leaders.difference if leaders.why is None else None,
            staff=staff.difference if staff.why is None else None,
            leaders_why=leaders.why,
            staff_why=staff.why,
        )


_CHANGES: Remembered[tuple[UnitChanges, dict[str, UnitChange]]] = Remembered(8)


def last_period(session: Session, summary: AuditSummary) -> LastPeriod | None:
    """What changed since the audit before (None where there is none).

    Five SQL queries at most, whatever the number of officials: they are counted in the database, and once for two
    stored results.
    """
    before = previous_audit(session, summary.period)
    if before is None or before.period is None:
        return None
    audit_ids = (before.audit_id, summary.audit_id)
    stored = select(Audit.id, Audit.result_digest).where(Audit.id.in_(audit_ids))
    digests = {row[0]: row[1] for row in session.execute(stored)}
    key = tuple(digests[one] for one in audit_ids)

    def work_out() -> tuple[UnitChanges, dict[str, UnitChange]]:
        changed = _changes_since(session, before.audit_id, summary.audit_id)
        return changed, {one.unit: one for one in changed.units}

    changes, by_unit = work_out() if None in key else _CHANGES.get(key, work_out)
    return LastPeriod(before, before.period, changes, by_unit)


def _changes_since(session: Session, earlier: int, later: int) -> UnitChanges:
    both = [
        session.scalars(
            select(UnitFigure).where(UnitFigure.audit_id == one).order_by(UnitFigure.unit_order, UnitFigure.id)
        ).all()
        for one in (earlier, later)
    ]
    sides = [
        (next((_seen(row) for row in rows if row.is_city), None), [_seen(row) for row in rows if not row.is_city])
        for rows in both
    ]
    return unit_changes(*sides[0], *sides[1], _groups(session, earlier, later))


def _groups(session: Session, earlier: int, later: int) -> Groups:
    """The officials of two audits, counted by unit, rank and class, and those of both by where they went."""
    old, new = aliased(OfficialFigure), aliased(OfficialFigure)
    keys = (new.rank, old.unit, new.unit, old.usage_class, new.usage_class)
    both = (
        select(*keys, func.count())
        .join(old, and_(old.audit_id == earlier, old.official_id == new.official_id, old.rank == new.rank))
        .where(new.audit_id == later)
        .group_by(*keys)
    )
    pairs = tuple(Pair(*cast("Any", row)) for row in session.execute(both))
    counts: dict[int, list[Group]] = {earlier: [], later: []}
    for audit_id, group in _grouped(session, (earlier, later)):
        counts[audit_id].append(group)
    return Groups(tuple(counts[earlier]), tuple(counts[later]), pairs)


def _grouped(session: Session, audit_ids: tuple[int, int]) -> Iterator[tuple[int, Group]]:
    keys = (OfficialFigure.audit_id, OfficialFigure.unit, OfficialFigure.rank, OfficialFigure.usage_class)
    counted = (
        select(*keys, func.count(), func.sum(OfficialFigure.covered_working_days))
        .where(OfficialFigure.audit_id.in_(audit_ids))
        .group_by(*keys)
    )
    for audit_id, *row, days in session.execute(counted):
        yield audit_id, Group(*cast("Any", (*row, int(days))))


def _order(summary: AuditSummary) -> tuple[str, str, int]:
    period = summary.period
    if period is None:
        raise NoFiguresError(summary.audit_id)
    return (period.last.isoformat(), period.first.isoformat(), summary.audit_id)


def snapshot_of(session: Session, summary: AuditSummary, *, reach: Reach) -> Snapshot:
    """A stored audit as a comparison needs it, as far as it is in reach; two SQL queries.

    `city` is the sum over the units in reach where they are not the whole.
    """
    period = summary.period
    if period is None:
        raise NoFiguresError(summary.audit_id)
    of_audit = UnitFigure.audit_id == summary.audit_id
    units = session.scalars(select(UnitFigure).where(of_audit).order_by(UnitFigure.unit_order, UnitFigure.id)).all()
    of_people = (OfficialFigure.audit_id == summary.audit_id, *in_reach(OfficialFigure.unit, reach))
    people = select(*_MEMBER).where(*of_people).order_by(OfficialFigure.name_order)
    members: dict[str, Member] = {}
    for row in session.execute(people):
        members.setdefault(row[0], Member(*cast("Any", row)))
    whole = next((row for row in units if row.is_city), None)
    seen = [row for row in units if not row.is_city and reach.holds(row.unit)]
    tops = topmost(seen)
    part = UnitSeen("", None, ranks_together(map(leaders_of, tops)), ranks_together(map(staff_of, tops)))
    of_all = _seen(whole) if whole is not None else None
    return Snapshot(
        period=period,
        covered_days=summary.covered_days,
        city=of_all if reach.whole else part,
        units=tuple(_seen(row) for row in seen),
        members=members,
    )


def _seen(row: UnitFigure) -> UnitSeen:
    return UnitSeen(row.unit, row.parent, leaders_of(row), staff_of(row))


def with_reasons(session: Session, pair: AuditPair, moved: Iterable[Moved]) -> list[Moved]:
    """The moves that are shown, each with the reasons of both audits; two SQL queries."""
    some = list(moved)
    ids = {one.after.official_id for one in some}
    before, after = (_reasons(session, audit.audit_id, ids) for audit in (pair.earlier, pair.later))
    return [
        replace(
            one,
            before=replace(one.before, reasons=before.get(one.before.official_id, ())),
            after=replace(one.after, reasons=after.get(one.after.official_id, ())),
        )
        for one in some
    ]


def _reasons(session: Session, audit_id: int, official_ids: Collection[str]) -> dict[str, tuple[Text, ...]]:
    wanted = (
        select(OfficialFigure.official_id, OfficialFigure.reasons)
        .where(OfficialFigure.audit_id == audit_id, OfficialFigure.official_id.in_(official_ids))
        .order_by(OfficialFigure.position.desc())
    )
    return {number: from_plain(tuple[Text, ...], said) for number, said in session.execute(wanted)}
