"""Readers of targets, and of how the figures of an audit stand to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.directory.models import UnitRow
from core.permissions import WHOLE, Reach
from mail_audit.models import TargetRow, UnitFigure
from mail_audit.queries.audits import latest_audit
from mail_audit.queries.pages import AuditSummary
from mail_audit.queries.rows import leaders_of, staff_of
from mail_audit.report.model import Rank, RankFigures
from mail_audit.targets import WHOLE_CITY, Target, TargetResult, applying, judge


@dataclass(frozen=True, slots=True)
class SetTarget:
    """A target as it is set, by whom and when, and how the latest figures stand to it (None without figures)."""

    target_id: int
    target: Target
    set_at: datetime
    set_by: str
    result: TargetResult | None


def units_for_targets(session: Session) -> list[str]:
    """Units that a target may be set for: those of the directory, by name, then others of the latest audit."""
    listed = select(UnitRow.key).where(UnitRow.gone_at.is_(None)).order_by(UnitRow.id)
    found = dict.fromkeys(session.scalars(listed))
    latest = latest_audit(session, reach=WHOLE)
    if latest is not None:
        audited = (
            select(UnitFigure.unit)
            .where(UnitFigure.audit_id == latest.audit_id, UnitFigure.is_city.is_(other=False))
            .order_by(UnitFigure.unit_order)
        )
        found |= dict.fromkeys(session.scalars(audited))
    return list(found)


def targets(session: Session, *, reach: Reach) -> list[SetTarget]:
    """All targets of units in reach, beside the figures of the latest audit.

    The city's first (where the whole is in reach), then by unit and day.
    """
    rows = session.scalars(select(TargetRow).order_by(TargetRow.unit, TargetRow.rank, TargetRow.due)).all()
    latest = latest_audit(session, reach=WHOLE)
    figures = _figures(session, latest, {row.unit for row in rows})
    return [
        SetTarget(
            row.id,
            target := _target(row),
            row.set_at,
            row.set_by,
            _judged(target, figures, latest) if latest is not None else None,
        )
        for row in rows
        if reach.holds(row.unit)
    ]


def target_results(
    session: Session, summary: AuditSummary, *, reach: Reach, unit: str | None = None
) -> tuple[TargetResult, ...]:
    """How an audit's figures stand to the targets of units in reach (and of the city) that apply to its period.

    Of one `unit` where it is given (`WHOLE_CITY`: of the city). Empty without targets or figures.
    """
    if summary.period is None:
        return ()
    wanted = select(TargetRow) if unit is None else select(TargetRow).where(TargetRow.unit == unit)
    rows = [row for row in session.scalars(wanted) if reach.holds(row.unit)]
    chosen = applying((_target(row) for row in rows), summary.period)
    if not chosen:
        return ()
    figures = _figures(session, summary, {target.unit for target in chosen})
    return tuple(_judged(target, figures, summary) for target in chosen)


def set_targets_of(session: Session) -> list[Target]:
    """All targets that are set."""
    return [_target(row) for row in session.scalars(select(TargetRow).order_by(TargetRow.id))]


def _target(row: TargetRow) -> Target:
    return Target(row.unit, cast("Rank", row.rank), row.share, row.due)


def _figures(
    session: Session, summary: AuditSummary | None, units: Collection[str]
) -> dict[tuple[str, Rank], RankFigures]:
    """(unit, rank) -> the figures of an audit, of these units and the city."""
    if summary is None:
        return {}
    found: dict[tuple[str, Rank], RankFigures] = {}
    wanted = select(UnitFigure).where(
        UnitFigure.audit_id == summary.audit_id, or_(UnitFigure.is_city, UnitFigure.unit.in_(units))
    )
    for row in session.scalars(wanted):
        key = WHOLE_CITY if row.is_city else row.unit
        found[key, "leader"], found[key, "staff"] = leaders_of(row), staff_of(row)
    return found


def _judged(target: Target, figures: dict[tuple[str, Rank], RankFigures], summary: AuditSummary) -> TargetResult:
    return judge(target, figures.get((target.unit, target.rank)), summary.covered_days)
