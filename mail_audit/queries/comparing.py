"""Readers that put two stored audits side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.permissions import WHOLE, Reach
from core.words import Text
from mail_audit.comparison import Side, Snapshot, UnitChange, UnitChanges, UnitSeen, notes, unit_changes
from mail_audit.errors import AuditNotFoundError, NoFiguresError
from mail_audit.models import Audit, UnitFigure
from mail_audit.queries.audits import audits_with_figures, previous_audit
from mail_audit.queries.compared_people import People, members_of, people
from mail_audit.queries.pages import AuditSummary, Change
from mail_audit.queries.reached import ranks_together, topmost
from mail_audit.queries.remembered import Remembered
from mail_audit.queries.rows import leaders_of, staff_of
from mail_audit.report.model import Period


@dataclass(frozen=True, slots=True)
class AuditPair:
    """Two audits, the one whose period ends first as `earlier`, and what changed between them.

    `before` and `after` say on what each rests; `people` are those of both, to be asked for a part at a time.
    """

    earlier: AuditSummary
    later: AuditSummary
    before: Side
    after: Side
    notes: tuple[Text, ...]
    changes: UnitChanges
    people: People


def comparison(session: Session, audit_ids: tuple[int, int], *, reach: Reach) -> AuditPair:
    """The two audits side by side, in the order of their periods whatever the order given; eight SQL queries at most.

    Of the units in reach; who went from there elsewhere is among those who are gone. NotFoundError where one is
    unknown or has no figures.
    """
    known = {one.audit_id: one for one in audits_with_figures(session, audit_ids, reach=reach).rows}
    for audit_id in audit_ids:
        if audit_id not in known:
            raise AuditNotFoundError(audit_id)
    earlier, later = sorted((known[audit_id] for audit_id in audit_ids), key=_order)
    found = people(session, earlier.audit_id, later.audit_id, reach=reach)
    before, after = _side(earlier, found.found.before), _side(later, found.found.after)
    changes, _ = _changes_since(session, found, reach)
    return AuditPair(earlier, later, before, after, tuple(notes(before, after)), changes, found)


def _side(summary: AuditSummary, officials: int) -> Side:
    if summary.period is None:
        raise NoFiguresError(summary.audit_id)
    return Side(summary.period, summary.covered_days, officials)


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """The audit before this one, and what changed since by unit; the findings among it name no person."""

    before: AuditSummary
    period: Period
    changes: UnitChanges
    by_unit: dict[str, UnitChange]

    @property
    def leaders(self) -> dict[str, float | None]:
        """Unit -> by how much its leaders' rate changed; only of units that both audits have."""
        both = (one for one in self.changes.units if one.presence == "both")
        return {one.unit: one.leaders.difference if one.leaders.why is None else None for one in both}

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


_CHANGES: Remembered[tuple[UnitChanges, dict[str, UnitChange]]] = Remembered(16)


def last_period(session: Session, summary: AuditSummary) -> LastPeriod | None:
    """What changed since the audit before (None where there is none).

    Six SQL queries at most, whatever the number of officials: they are counted in columns, and once for two stored
    results.
    """
    before = previous_audit(session, summary.period)
    if before is None or before.period is None:
        return None
    audit_ids = (before.audit_id, summary.audit_id)
    changes, by_unit = _changes_since(session, audit_ids, WHOLE)
    return LastPeriod(before, before.period, changes, by_unit)


def _changes_since(
    session: Session, of: tuple[int, int] | People, reach: Reach
) -> tuple[UnitChanges, dict[str, UnitChange]]:
    """What changed by unit between two audits (given by their numbers, or with their people)."""
    earlier, later = of if isinstance(of, tuple) else (of.earlier, of.later)
    stored = select(Audit.id, Audit.result_digest).where(Audit.id.in_((earlier, later)))
    digests = {row[0]: row[1] for row in session.execute(stored)}

    def work_out() -> tuple[UnitChanges, dict[str, UnitChange]]:
        found = people(session, earlier, later, reach=reach) if isinstance(of, tuple) else of
        sides = [_seen_units(session, one, reach) for one in (earlier, later)]
        changed = unit_changes(*sides[0], *sides[1], found.groups)
        return changed, {one.unit: one for one in changed.units}

    if None in digests.values():
        return work_out()
    return _CHANGES.get((digests[earlier], digests[later], reach.units), work_out)


def _seen_units(session: Session, audit_id: int, reach: Reach) -> tuple[UnitSeen | None, list[UnitSeen]]:
    """The city (the sum over the units in reach, where that is not the whole) and the units, by name."""
    wanted = select(UnitFigure).where(UnitFigure.audit_id == audit_id)
    rows = session.scalars(wanted.order_by(UnitFigure.unit_order, UnitFigure.id)).all()
    units = [row for row in rows if not row.is_city and reach.holds(row.unit)]
    if reach.whole:
        return next((_seen(row) for row in rows if row.is_city), None), [_seen(row) for row in units]
    tops = topmost(units)
    city = UnitSeen("", None, ranks_together(map(leaders_of, tops)), ranks_together(map(staff_of, tops)))
    return city, [_seen(row) for row in units]


def _order(summary: AuditSummary) -> tuple[str, str, int]:
    period = summary.period
    if period is None:
        raise NoFiguresError(summary.audit_id)
    return (period.last.isoformat(), period.first.isoformat(), summary.audit_id)


def snapshot_of(session: Session, summary: AuditSummary) -> Snapshot:
    """A stored audit as a comparison with a report needs it; two SQL queries."""
    if summary.period is None:
        raise NoFiguresError(summary.audit_id)
    city, units = _seen_units(session, summary.audit_id, WHOLE)
    members = members_of(session, summary.audit_id)
    return Snapshot(summary.period, summary.covered_days, city, tuple(units), members)


def _seen(row: UnitFigure) -> UnitSeen:
    return UnitSeen(row.unit, row.parent, leaders_of(row), staff_of(row))
