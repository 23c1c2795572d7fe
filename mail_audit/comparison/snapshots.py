"""The little of a whole report that a comparison needs."""

from __future__ import annotations

from mail_audit.comparison.model import Member, Snapshot, UnitSeen
from mail_audit.report.model import OfficialFigures, Report, UnitFigures


def snapshot(report: Report) -> Snapshot:
    """The snapshot of `report`; an official who stands in it several times counts by the first."""
    period = report.period
    members: dict[str, Member] = {}
    for official in report.officials:
        members.setdefault(official.official_id, _member(official))
    return Snapshot(
        period=period,
        covered_days=sum(period.first <= day <= period.last for day in set(report.coverage.covered_days)),
        city=None if report.city is None else unit_seen(report.city),
        units=tuple(unit_seen(unit) for unit in report.units),
        members=members,
    )


def unit_seen(unit: UnitFigures) -> UnitSeen:
    """The unit's ranks without the rest."""
    return UnitSeen(unit.unit, unit.parent, unit.leaders, unit.staff)


def _member(official: OfficialFigures) -> Member:
    return Member(
        official_id=official.official_id,
        name=official.name,
        unit=official.unit,
        rank=official.rank,
        usage_class=official.usage_class,
        active_days=official.active_working_days,
        covered_days=official.covered_working_days,
        reasons=official.reasons,
    )
