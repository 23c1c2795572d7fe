"""Readers of units: the city, one unit, all units."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.permissions import WHOLE, Reach
from mail_audit.errors import NoFiguresError, UnitNotFoundError
from mail_audit.models import AuditFinding, OfficialFigure, UnitFigure, UnitWeek
from mail_audit.queries.audits import summary_with_figures
from mail_audit.queries.comparing import LastPeriod, last_period
from mail_audit.queries.pages import AuditSummary, Change, OfficialRow, UnitPicture, UnitRow, UnitSort, Week
from mail_audit.queries.reached import together
from mail_audit.queries.remembered import Remembered, remembered_of
from mail_audit.queries.rows import OFFICIAL_ROW_COLUMNS, finding, official_row, unit_figures
from mail_audit.queries.unit_lines import top_of, units_of
from mail_audit.report.model import Coverage, Finding
from mail_audit.weeks import ancestors, weeks_of

MOST_OFFICIALS = 200
"""Officials shown on a unit's own page; `queries.officials` pages through more."""


def city(session: Session, audit_id: int, *, reach: Reach, part: slice | None = None) -> UnitPicture:
    """The whole city, or all that is in reach; NotFoundError when the audit is unknown or has no figures yet.

    `sub_units` are the units without a unit above; or a `part` of the rows of a table (where a single unit stands above
    all others its row would say nothing, and those right below it are the rows). `findings` are what changed since last
    period, then all of the report's in its order. A reader who reaches a part only (`is_part`) gets the sum of that
    part and the findings about it.
    """
    summary, coverage = summary_with_figures(session, audit_id, reach=reach)
    whole = session.scalars(select(UnitFigure).where(UnitFigure.audit_id == audit_id, UnitFigure.is_city)).first()
    if whole is None:
        raise NoFiguresError(audit_id)
    since = last_period(session, summary)
    parents = units_of(session, audit_id, reach=reach)
    tops = [one for one, parent in parents.items() if parent not in parents]
    shown, rows = (tops, tops) if part is None else ((table := top_of(parents))[part], table)
    found = {row.unit: row for row in _unit_rows(session, audit_id, [*shown, *(() if reach.whole else tops)])}
    own = [whole] if reach.whole else [found[one] for one in tops]
    within = () if reach.whole else (AuditFinding.unit.in_(reach.units or ()),)
    return UnitPicture(
        summary=summary,
        is_city=True,
        is_part=not reach.whole,
        figures=unit_figures(whole) if reach.whole else together([unit_figures(row) for row in own]),
        ancestors=(),
        sub_units=tuple(UnitRow(unit_figures(found[one]), _change(since, one)) for one in shown),
        sub_units_total=len(rows),
        officials=(),
        officials_total=summary.officials,
        findings=tuple(
            one
            for one in (*(since.changes.findings if since else ()), *_findings(session, audit_id, *within))
            if reach.holds(one.unit)
        ),
        weeks=_weeks(session, summary, coverage, own),
        # of several units there is no change that compares: those who moved between them would count twice
        change=_change(since, None) if reach.whole else _change(since, tops[0]) if len(tops) == 1 else None,
    )


def unit(session: Session, audit_id: int, unit_key: str, *, reach: Reach, part: slice | None = None) -> UnitPicture:
    """One unit with its sub-units, or a `part` of them; NotFoundError. `findings` are those of the unit itself."""
    summary, coverage = summary_with_figures(session, audit_id, reach=reach)
    parents = units_of(session, audit_id, reach=WHOLE)
    if unit_key not in parents or not reach.holds(unit_key):
        raise UnitNotFoundError(unit_key)
    below = [one for one, parent in parents.items() if parent == unit_key and one != unit_key]
    shown = below if part is None else below[part]
    rows = _unit_rows(session, audit_id, [unit_key, *shown])
    own = next(row for row in rows if row.unit == unit_key)
    since = last_period(session, summary)
    officials, total = _officials(session, audit_id, unit_key)
    above = ancestors(unit_key, parents)
    return UnitPicture(
        summary=summary,
        is_city=False,
        figures=unit_figures(own),
        ancestors=tuple(one for one in reversed(above) if reach.holds(one)),
        sub_units=tuple(UnitRow(unit_figures(row), _change(since, row.unit)) for row in rows if row is not own),
        sub_units_total=len(below),
        officials=officials,
        officials_total=total,
        findings=(
            *(one for one in (since.changes.findings if since else ()) if one.unit == unit_key),
            *_findings(session, audit_id, AuditFinding.unit == unit_key),
        ),
        weeks=_weeks(session, summary, coverage, [own]),
        change=_change(since, unit_key),
    )


@dataclass(frozen=True, slots=True)
class UnitList:
    """A part of the units: of so many `every` in reach, or of the `tops` among them that have none above."""

    rows: tuple[UnitRow, ...]
    every: int
    tops: int


def units(
    session: Session,
    audit_id: int,
    *,
    reach: Reach,
    sort: UnitSort = "unit",
    descending: bool = False,
    tops_only: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> UnitList:
    """A part of the units in reach; a rate that is not known sorts last either way, equal units by name.

    What they are sorted by is read of all of them, the figures of those that are shown.
    """
    summary, _ = summary_with_figures(session, audit_id, reach=reach)
    since = last_period(session, summary)
    parents = units_of(session, audit_id, reach=reach)
    tops = top_of(parents)
    chosen = tops if tops_only else list(parents)
    if sort == "unit":
        ordered = chosen[::-1] if descending else chosen
    else:
        values = _values(session, audit_id, sort, since)
        known = [(value, unit) for unit in chosen for value in [values.get(unit)] if value is not None]
        ranked = sorted(known, key=lambda one: one[0], reverse=descending)
        ordered = [unit for _, unit in ranked] + [unit for unit in chosen if values.get(unit) is None]
    shown = ordered[offset : None if limit is None else offset + limit]
    figures = {row.unit: unit_figures(row) for row in _unit_rows(session, audit_id, shown)}
    return UnitList(tuple(UnitRow(figures[unit], _change(since, unit)) for unit in shown), len(parents), len(tops))


_VALUES: Remembered[dict[str, float | None]] = Remembered(16)


def _values(session: Session, audit_id: int, sort: UnitSort, since: LastPeriod | None) -> dict[str, float | None]:
    """Unit -> what it is sorted by (None, or not there: not known)."""
    if sort == "change":
        return {} if since is None else since.leaders
    columns: dict[UnitSort, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
        "officials": UnitFigure.leaders_total + UnitFigure.staff_total,
        "leaders": UnitFigure.leaders_rate,
        "staff": UnitFigure.staff_rate,
    }  # fmt: skip
    wanted = select(UnitFigure.unit, columns[sort]).where(
        UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False)
    )
    return remembered_of(session, audit_id, _VALUES, lambda: {row[0]: row[1] for row in session.execute(wanted)}, sort)


def _unit_rows(session: Session, audit_id: int, units: Collection[str] | None = None) -> list[UnitFigure]:
    """All units of a run by name, or these."""
    found = select(UnitFigure).where(UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False))
    if units is not None:
        found = found.where(UnitFigure.unit.in_(units))
    return list(session.scalars(found.order_by(UnitFigure.unit_order, UnitFigure.id)))


def _change(since: LastPeriod | None, unit: str | None) -> Change | None:
    return since.of(unit) if since is not None else None


def _findings(session: Session, audit_id: int, *about: ColumnElement[bool]) -> tuple[Finding, ...]:
    """Findings about some units, or all of them."""
    found = select(AuditFinding).where(AuditFinding.audit_id == audit_id, *about).order_by(AuditFinding.position)
    return tuple(finding(row) for row in session.scalars(found))


def _officials(session: Session, audit_id: int, unit_key: str) -> tuple[tuple[OfficialRow, ...], int]:
    """Those whose post is in this very unit, leaders first, and how many there are."""
    own = (OfficialFigure.audit_id == audit_id, OfficialFigure.unit == unit_key)
    found = (
        select(*OFFICIAL_ROW_COLUMNS)
        .where(*own)
        .order_by(OfficialFigure.rank, OfficialFigure.name_order, OfficialFigure.id)
        .limit(MOST_OFFICIALS)
    )
    total = session.scalar(select(func.count()).select_from(OfficialFigure).where(*own)) or 0
    return tuple(official_row(row) for row in session.execute(found)), total


def _weeks(session: Session, summary: AuditSummary, coverage: Coverage, rows: Sequence[UnitFigure]) -> tuple[Week, ...]:
    """One entry for every week of the period, covered or not: of the city's row, or of units with nobody in common."""
    period = summary.period
    if period is None:
        return ()
    found = (
        select(UnitWeek.start, func.sum(UnitWeek.leaders_using), func.sum(UnitWeek.staff_using))
        .where(
            UnitWeek.audit_id == summary.audit_id,
            UnitWeek.unit.in_([row.unit for row in rows]),
            UnitWeek.is_city == any(row.is_city for row in rows),
        )
        .group_by(UnitWeek.start)
    )
    acted = {start: (int(leaders), int(staff)) for start, leaders, staff in session.execute(found)}
    covered = {day - timedelta(days=day.weekday()) for day in coverage.covered_days}
    return tuple(
        Week(
            start=start,
            leaders_using=acted.get(start, (0, 0))[0],
            leaders_total=sum(row.leaders_total for row in rows),
            staff_using=acted.get(start, (0, 0))[1],
            staff_total=sum(row.staff_total for row in rows),
            covered=start in covered,
        )
        for start in weeks_of(period.first, period.last)
    )
