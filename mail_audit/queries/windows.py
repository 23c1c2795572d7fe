"""Who acted in the last days before any day: 7/30/90/180 days back by unit and rank, and rolling lines by day.

The people are those of one audit, in their units and ranks, without those of whom it could say nothing; the facts are
those of all days that have any (`mail_audit.queries.spans`). Counting happens in SQL: an act at a day counts in every
window that ends on it or on the days after, so each official's acts make intervals, and only their ends are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from core.permissions import Reach
from mail_audit.errors import UnitNotFoundError
from mail_audit.models import OfficialFigure, UnitFigure
from mail_audit.queries.audits import summary_with_figures
from mail_audit.queries.day_numbers import day_number
from mail_audit.queries.pages import AuditSummary
from mail_audit.queries.reached import in_reach
from mail_audit.queries.spans import KnownDays, facts, known_days
from mail_audit.report.model import Rank
from mail_audit.weeks import ancestors

LOOK_BACK = (7, 30, 90, 180)
ROLLING = (7, 30)
MOST_DAYS = 400
"""A line is never longer than this, in days."""
NEARLY_ALL = 0.8
"""A window is known where its last day is in the logs and at least this share of its days is."""
RANKS: tuple[Rank, ...] = ("leader", "staff")


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """Officials of one rank in the `days` that end on a day: of `total` people `using` acted (None: not known).

    `covered` of the days are in the logs.
    """

    days: int
    covered: int
    using: int | None
    total: int

    @property
    def rate(self) -> float | None:
        """The share that acted; None where that is not known, or where there is nobody."""
        return self.using / self.total if self.using is not None and self.total else None


@dataclass(frozen=True, slots=True)
class UnitWindows:
    """One unit (with its sub-units): a window's figures for each number of days in `LOOK_BACK`."""

    unit: str
    parent: str | None
    leaders: tuple[WindowFigures, ...]
    staff: tuple[WindowFigures, ...]


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows that end on `day`; `earliest` is the first day with facts. `city` is the sum over all."""

    summary: AuditSummary
    day: date
    earliest: date | None
    city: UnitWindows
    units: tuple[UnitWindows, ...]


@dataclass(frozen=True, slots=True)
class RollingDay:
    """The windows of `ROLLING` days that end on `day`; `covered` tells whether the day itself is in the logs."""

    day: date
    covered: bool
    leaders: tuple[WindowFigures, ...]
    staff: tuple[WindowFigures, ...]


@dataclass(frozen=True, slots=True)
class RollingLine:
    """A unit's line (`unit` None: the whole city), a point a day."""

    summary: AuditSummary
    unit: str | None
    ancestors: tuple[str, ...]
    days: tuple[RollingDay, ...]


def windows(session: Session, audit_id: int, day: date | None = None, *, reach: Reach) -> Windows:
    """7/30/90/180 days back from `day` (default: the audit's last) for every unit in reach and rank; NotFoundError.

    `city` is the sum over those units.
    """
    summary, _ = summary_with_figures(session, audit_id, reach=reach)
    last = day or _last(summary)
    known = known_days(session, last - timedelta(max(LOOK_BACK) - 1), last, audit_id=audit_id)
    units = units_of(session, audit_id, reach=reach)
    inside = None if reach.whole else list(units)
    totals = _totals(session, audit_id, inside)
    counts = _counts_back(session, audit_id, known, last, inside)
    above = {unit: (unit, *ancestors(unit, units)) for unit in units}
    sums: dict[tuple[str | None, Rank, int], int] = defaultdict(int)
    for (unit, rank, back), number in (*counts.items(), *(((u, r, 0), n) for (u, r), n in totals.items())):
        for one in (*above.get(unit, (unit,)), None):
            sums[one, rank, back] += number

    covers = {back: _cover(known, last, back) for back in LOOK_BACK}

    def of(unit: str | None) -> tuple[tuple[WindowFigures, ...], ...]:
        return tuple(
            tuple(_figures(covers[back], back, sums[unit, rank, back], sums[unit, rank, 0]) for back in LOOK_BACK)
            for rank in RANKS
        )

    return Windows(
        summary=summary,
        day=last,
        earliest=known.spans[0].first if known.spans else None,
        city=UnitWindows("", None, *of(None)),
        units=tuple(UnitWindows(unit, parent, *of(unit)) for unit, parent in units.items()),
    )


def rolling(session: Session, audit_id: int, unit: str | None = None, *, reach: Reach, days: int = 180) -> RollingLine:
    """The rolling shares of a unit (None: of all in reach) up to the audit's last day, over at most `days` days.

    Begins on the first day that has facts. NotFoundError for an audit or a unit that is not known.
    """
    summary, _ = summary_with_figures(session, audit_id, reach=reach)
    last = _last(summary)
    first = last - timedelta(min(days, MOST_DAYS) - 1)
    known = known_days(session, first - timedelta(max(ROLLING) - 1), last, audit_id=audit_id)
    parents = units_of(session, audit_id, reach=reach)
    if unit is not None and unit not in parents:
        raise UnitNotFoundError(unit)
    below = None if unit is None else [one for one in parents if unit in (one, *ancestors(one, parents))]
    inside = below if below is not None or reach.whole else list(parents)
    begin = max(first, min((span.first for span in known.spans), default=last))
    changes = _changes(session, audit_id, known, inside)
    totals: dict[Rank, int] = dict.fromkeys(RANKS, 0)
    for (_, rank), number in _totals(session, audit_id, inside).items():
        totals[rank] += number
    return RollingLine(
        summary=summary,
        unit=unit,
        ancestors=() if unit is None else tuple(reversed(ancestors(unit, parents))),
        days=tuple(_line(known, begin, last, changes, totals)),
    )


def _last(summary: AuditSummary) -> date:
    if summary.period is None:
        raise ValueError("an audit with figures has a period")
    return summary.period.last


def units_of(session: Session, audit_id: int, *, reach: Reach) -> dict[str, str | None]:
    """Units in reach with the one above each, by name."""
    found = (
        select(UnitFigure.unit, UnitFigure.parent)
        .where(UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False), *in_reach(UnitFigure.unit, reach))
        .order_by(UnitFigure.unit_order, UnitFigure.id)
    )
    return {row.unit: row.parent for row in session.execute(found)}


def _people(audit_id: int, inside: Collection[str] | None) -> tuple[Any, ...]:
    """Whose acts count: the audit's officials it can judge, of all units or of some."""
    wanted: tuple[Any, ...] = (OfficialFigure.audit_id == audit_id, OfficialFigure.usage_class != "unknown")
    return wanted if inside is None else (*wanted, OfficialFigure.unit.in_(inside))


def _totals(session: Session, audit_id: int, inside: Collection[str] | None) -> dict[tuple[str, Rank], int]:
    counted = (
        select(OfficialFigure.unit, OfficialFigure.rank, func.count())
        .where(*_people(audit_id, inside))
        .group_by(OfficialFigure.unit, OfficialFigure.rank)
    )
    return {(unit, rank): number for unit, rank, number in session.execute(counted)}  # type: ignore[misc]


def _acted(session: Session, audit_id: int, known: KnownDays, inside: Collection[str] | None) -> Subquery | None:
    """`person`, `unit`, `rank`, `day` (as a number): the days on which an official acted, in any mailbox of theirs.

    Who owns what is worked out first and once: left to itself, SQLite opens the list of mailboxes of every official for
    each day of every mailbox.
    """
    seen = facts(known.spans, ("acts_a", "acts_b"))
    if seen is None:
        return None
    days = seen.subquery("seen")
    each = func.json_each if session.get_bind().dialect.name == "sqlite" else func.json_array_elements_text
    boxes = each(OfficialFigure.mailboxes).table_valued("value", name="boxes")
    owners = (
        select(
            OfficialFigure.id.label("person"),
            OfficialFigure.unit,
            OfficialFigure.rank,
            boxes.c.value.label("mailbox"),
        )
        .select_from(OfficialFigure)
        .join(boxes, true())
        .where(*_people(audit_id, inside))
        .cte("owners")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(owners.c.person, owners.c.unit, owners.c.rank, day_number(days.c.day).label("day"))
        .join(days, days.c.mailbox == owners.c.mailbox)
        .where(days.c.acts_a + days.c.acts_b > 0)
        .subquery("acted")
    )


def _counts_back(
    session: Session, audit_id: int, known: KnownDays, last: date, inside: Collection[str] | None
) -> dict[tuple[str, Rank, int], int]:
    """(unit, rank, days back) -> officials who acted in the last so many days, counted in their own unit only."""
    acted = _acted(session, audit_id, known, inside)
    if acted is None:
        return {}
    newest = (
        select(acted.c.unit, acted.c.rank, func.max(acted.c.day).label("day"))
        .group_by(acted.c.person, acted.c.unit, acted.c.rank)
        .subquery("newest")
    )
    since = {back: last.toordinal() - back for back in LOOK_BACK}
    counted = select(
        newest.c.unit,
        newest.c.rank,
        *(func.sum(case((newest.c.day > since[back], 1), else_=0)) for back in LOOK_BACK),
    ).group_by(newest.c.unit, newest.c.rank)
    return {
        (row[0], row[1], back): row[2 + place]
        for row in session.execute(counted)
        for place, back in enumerate(LOOK_BACK)
    }


def _changes(
    session: Session, audit_id: int, known: KnownDays, inside: Collection[str] | None
) -> dict[tuple[Rank, int], dict[int, int]]:
    """(rank, window) -> day -> by how many the number of officials changes who acted in the window ending on it."""
    acted = _acted(session, audit_id, known, inside)
    if acted is None:
        return {}
    own = acted.c.person
    order = select(
        acted.c.rank,
        acted.c.day,
        func.lag(acted.c.day).over(partition_by=own, order_by=acted.c.day).label("before"),
        func.lead(acted.c.day).over(partition_by=own, order_by=acted.c.day).label("after"),
    ).cte("ordered")
    parts: list[Select[Any]] = []
    for back in ROLLING:
        window = literal(back)
        begins = (order.c.before.is_(None)) | (order.c.day - order.c.before >= back)
        ends = (order.c.after.is_(None)) | (order.c.after - order.c.day >= back)
        parts.append(select(order.c.rank, window.label("back"), order.c.day, literal(1).label("step")).where(begins))
        parts.append(select(order.c.rank, window, order.c.day + back, literal(-1)).where(ends))
    steps = union_all(*parts).subquery("steps")
    summed = select(steps.c.rank, steps.c.back, steps.c.day, func.sum(steps.c.step)).group_by(
        steps.c.rank, steps.c.back, steps.c.day
    )
    found: dict[tuple[Rank, int], dict[int, int]] = defaultdict(dict)
    for rank, back, day, step in session.execute(summed):
        found[rank, back][day] = step
    return found


def _line(
    known: KnownDays,
    first: date,
    last: date,
    changes: dict[tuple[Rank, int], dict[int, int]],
    totals: dict[Rank, int],
) -> Iterable[RollingDay]:
    now: dict[tuple[Rank, int], int] = {}
    for key, steps in changes.items():
        now[key] = sum(step for day, step in steps.items() if day < first.toordinal())
    day = first
    while day <= last:
        for key, steps in changes.items():
            now[key] += steps.get(day.toordinal(), 0)
        covers = {back: _cover(known, day, back) for back in ROLLING}
        sides: Sequence[tuple[WindowFigures, ...]] = [
            tuple(_figures(covers[back], back, now.get((rank, back), 0), totals[rank]) for back in ROLLING)
            for rank in RANKS
        ]
        yield RollingDay(day, day in known.covered, *sides)
        day += timedelta(1)


def _cover(known: KnownDays, last: date, back: int) -> tuple[int, bool]:
    """How many of the days of a window are in the logs, and whether that is enough to tell."""
    covered = sum(last - timedelta(number) in known.covered for number in range(back))
    return covered, last in known.covered and covered >= NEARLY_ALL * back


def _figures(cover: tuple[int, bool], back: int, using: int, total: int) -> WindowFigures:
    """A window's figures; not known where too much of it is not in the logs."""
    return WindowFigures(back, cover[0], using if cover[1] else None, total)
