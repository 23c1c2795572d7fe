"""Readers of officials and of the mailboxes nobody owns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.permissions import NOTHING, Reach
from mail_audit.errors import OfficialNotFoundError
from mail_audit.figure_lines import FIGURES
from mail_audit.models import Audit, AuditFinding, MailboxDay, OfficialFigure, UnassignedMailboxFigure, UnitFigure
from mail_audit.queries.audits import summary_with_figures
from mail_audit.queries.days import calendar
from mail_audit.queries.pages import OfficialList, OfficialPage, OfficialRow, OfficialSort, OwnPeriod, UnassignedList
from mail_audit.queries.prepared import official_columns
from mail_audit.queries.rows import (
    OFFICIAL_ROW_COLUMNS,
    finding,
    official_figures,
    unassigned_mailbox,
)
from mail_audit.report import columns
from mail_audit.report.model import OfficialFigures
from mail_audit.weeks import ancestors


def official(session: Session, audit_id: int, official_id: str) -> OfficialPage:
    """One official with the calendar of the period; NotFoundError. Who may look is asked by `services.looking`.

    `findings` are those of the official's unit. One who stands in the report with several posts is shown by the first.
    """
    summary, coverage = summary_with_figures(session, audit_id, reach=NOTHING)
    row = official_by_id(session, audit_id, official_id)
    figures = official_figures(row)
    rows = list(session.scalars(_days_of(audit_id, figures)))
    parents = select(UnitFigure.unit, UnitFigure.parent).where(
        UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False)
    )
    above = ancestors(figures.unit, {row.unit: row.parent for row in session.execute(parents)})
    said = (
        select(AuditFinding)
        .where(AuditFinding.audit_id == audit_id, AuditFinding.unit == figures.unit)
        .order_by(AuditFinding.position)
    )
    return OfficialPage(
        summary=summary,
        figures=figures,
        ancestors=tuple(reversed(above)),
        days=calendar(summary.period, coverage, figures, rows),
        findings=tuple(finding(row) for row in session.scalars(said)),
        values=_values(figures, rows),
    )


def figure_values(session: Session, row: OfficialFigure) -> dict[str, int | None]:
    """The figures of an official that open into lines, by name; None where the logs cannot tell."""
    figures = official_figures(row)
    return _values(figures, list(session.scalars(_days_of(row.audit_id, figures))))


def _days_of(audit_id: int, figures: OfficialFigures) -> Select[MailboxDay]:
    """The facts of an official's mailboxes on the days that count."""
    found = select(MailboxDay).where(MailboxDay.audit_id == audit_id, MailboxDay.mailbox.in_(figures.mailboxes))
    spans = [MailboxDay.day.between(span.first, span.last) for span in figures.in_post]
    return found.where(or_(*spans)) if spans else found


def _values(figures: OfficialFigures, days: Iterable[MailboxDay]) -> dict[str, int | None]:
    """Most figures stand in the report; what others did in the mailbox stands in its days."""
    rows = list(days)
    return {
        name: getattr(figures, name) if hasattr(figures, name) else sum(getattr(row, name) for row in rows)
        for name in FIGURES
    }


def periods_of(session: Session, official_id: str, *, limit: int | None = None) -> tuple[OwnPeriod, ...]:
    """The reports that say something of an official, the latest period first (`limit`: the latest of them).

    One who stands in a report with several posts is told of by the first.
    """
    figure = aliased(OfficialFigure)
    first_post = (
        select(func.min(figure.position))
        .where(figure.official_id == official_id, figure.audit_id == OfficialFigure.audit_id)
        .scalar_subquery()
    )
    found = (
        select(
            Audit.id,
            Audit.first_day,
            Audit.last_day,
            OfficialFigure.usage_class,
            OfficialFigure.active_working_days,
            OfficialFigure.covered_working_days,
        )
        .join(OfficialFigure, OfficialFigure.audit_id == Audit.id)
        .where(
            OfficialFigure.official_id == official_id,
            OfficialFigure.position == first_post,
            Audit.stored_at.is_not(None),
        )
        .order_by(Audit.last_day.desc(), Audit.first_day.desc(), Audit.id.desc())
        .limit(limit)
    )
    return tuple(OwnPeriod(*cast("Any", row)) for row in session.execute(found))


def official_by_id(session: Session, audit_id: int, official_id: str) -> OfficialFigure:
    """The row of an official in a run (the first, where there are several); NotFoundError."""
    wanted = select(OfficialFigure).where(
        OfficialFigure.audit_id == audit_id, OfficialFigure.official_id == official_id
    )
    # Sorted here: asked to sort by position, SQLite would walk the index of positions through the whole city.
    rows = sorted(session.scalars(wanted), key=lambda row: row.position)
    if not rows:
        raise OfficialNotFoundError(official_id)
    return rows[0]


def officials(
    session: Session,
    audit_id: int,
    *,
    reach: Reach,
    unit_key: str | None = None,
    sub_units: bool = False,
    usage_class: str | None = None,
    rank: str | None = None,
    text: str = "",
    sort: OfficialSort = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> OfficialList:
    """A part of the officials in reach: of one unit (and those below), one class, one rank, a piece of name or id.

    Counts that are not known sort last either way; names sort the Vietnamese way (given name first).
    """
    units = reach.units
    if unit_key is not None:
        below: Any = session.scalars(_units_below(audit_id, unit_key)) if sub_units else [unit_key]
        units = frozenset(below) if units is None else units & frozenset(below)
    chosen = columns.positions(
        official_columns(session, audit_id),
        units=units,
        usage_class=usage_class,
        rank=rank,
        text=text.strip(),
        sort=sort,
        descending=descending,
    )
    first = max(0, offset)
    return OfficialList(_rows_at(session, audit_id, chosen[first : first + max(0, limit)]), len(chosen))


def _rows_at(session: Session, audit_id: int, places: Sequence[int]) -> tuple[OfficialRow, ...]:
    """The officials at these places of the report, in the order given."""
    found = select(OfficialFigure.position, *OFFICIAL_ROW_COLUMNS).where(
        OfficialFigure.audit_id == audit_id, OfficialFigure.position.in_(places)
    )
    rows = {row[0]: OfficialRow(*cast("Any", row[1:])) for row in session.execute(found)}
    return tuple(rows[place] for place in places)


def unassigned(session: Session, audit_id: int, *, offset: int = 0, limit: int = 100) -> UnassignedList:
    """Mailboxes without an owner among the officials, the busiest first."""
    own = UnassignedMailboxFigure.audit_id == audit_id
    found = (
        select(UnassignedMailboxFigure)
        .where(own)
        .order_by(UnassignedMailboxFigure.traffic.desc(), UnassignedMailboxFigure.position)
        .offset(max(0, offset))
        .limit(max(0, limit))
    )
    total = session.scalar(select(func.count()).select_from(UnassignedMailboxFigure).where(own)) or 0
    return UnassignedList(tuple(unassigned_mailbox(row) for row in session.scalars(found)), total)


def _units_below(audit_id: int, unit_key: str) -> Select[tuple[str]]:
    """The unit and all below it; a ring of units ends because UNION drops what was found already."""
    of_run = (UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False))
    tree = select(UnitFigure.unit).where(*of_run, UnitFigure.unit == unit_key).cte("below", recursive=True)
    tree = tree.union(select(UnitFigure.unit).where(*of_run, UnitFigure.parent == tree.c.unit))
    return select(tree.c.unit)
