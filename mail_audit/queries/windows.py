"""Who acted in the last days before any day: 7/30/90/180 days back by unit and rank, and rolling lines by day.

The people are those of one audit, in their units and ranks, without those of whom it could say nothing; the facts are
those of all days that have any (`mail_audit.queries.spans`). Counting happens in SQL: an act at a day counts in every
window that ends on it or on the days after, so each official's acts make intervals, and only their ends are added up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Select, Subquery, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from core.permissions import Reach
from mail_audit.errors import UnitNotFoundError
from mail_audit.models import OfficialFigure
from mail_audit.queries.audits import summary_with_figures
from mail_audit.queries.day_numbers import day_number
from mail_audit.queries.pages import AuditSummary
from mail_audit.queries.spans import KnownDays, facts, known_days
from mail_audit.queries.unit_lines import Line, kept_lines, top_of, units_of
from mail_audit.report.model import Rank
from mail_audit.usage.lines import BACK as LOOK_BACK
from mail_audit.weeks import ancestors

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
    """The windows that end on `day`; `earliest` is the first day with facts. `city` is the sum over all.

    `units` are the part that was asked for, of so many: `tops` without those below another, `every` with them.
    """

    summary: AuditSummary
    day: date
    earliest: date | None
    city: UnitWindows
    units: tuple[UnitWindows, ...]
    every: int
    tops: int


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


def windows(
    session: Session,
    audit_id: int,
    day: date | None = None,
    *,
    reach: Reach,
    tops_only: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> Windows:
    """7/30/90/180 days back from `day` (default: the audit's last) for a part of the units in reach; NotFoundError.

    Of all of them, or (`tops_only`) of those right below the city. `city` is the sum over all in reach.
    """
    summary, _ = summary_with_figures(session, audit_id, reach=reach)
    last = day or _last(summary)
    units = units_of(session, audit_id, reach=reach)
    tops = top_of(units)
    shown = (tops if tops_only else list(units))[offset : None if limit is None else offset + limit]
    kept = kept_lines(session, audit_id, _last(summary), units, reach=reach)
    if kept is not None and kept.holds(last):
        known, lines = kept.known(last - timedelta(max(LOOK_BACK) - 1), last), kept.lines([None, *shown])
        counts = {
            (unit, rank): [line.using(rank, back, last) for back in LOOK_BACK] + [line.totals[rank]]
            for unit, line in lines.items()
            for rank in RANKS
        }
    else:
        known = known_days(session, last - timedelta(max(LOOK_BACK) - 1), last, audit_id=audit_id)
        counts = _counts_now(session, audit_id, known, last, units, whole=reach.whole)
    covers = [_cover(known, last, back) for back in LOOK_BACK]

    def of(unit: str | None) -> tuple[tuple[WindowFigures, ...], ...]:
        return tuple(
            tuple(
                _figures(covers[place], back, counts[unit, rank][place], counts[unit, rank][-1])
                for place, back in enumerate(LOOK_BACK)
            )
            for rank in RANKS
        )

    return Windows(
        summary=summary,
        day=last,
        earliest=known.spans[0].first if known.spans else None,
        city=UnitWindows("", None, *of(None)),
        units=tuple(UnitWindows(unit, units[unit], *of(unit)) for unit in shown),
        every=len(units),
        tops=len(tops),
    )


def _counts_now(
    session: Session, audit_id: int, known: KnownDays, last: date, units: dict[str, str | None], *, whole: bool
) -> dict[tuple[str | None, Rank], list[int]]:
    """(unit or None for all, rank) -> who acted in each of the windows that end on `last`, and how many there are."""
    inside = None if whole else list(units)
    own: dict[tuple[str, Rank], list[int]] = defaultdict(lambda: [0] * (len(LOOK_BACK) + 1))
    for (unit, rank), number in _totals(session, audit_id, inside).items():
        own[unit, rank][-1] = number
    for (unit, rank, back), number in _counts_back(session, audit_id, known, last, inside).items():
        own[unit, rank][LOOK_BACK.index(back)] = number
    sums: dict[tuple[str | None, Rank], list[int]] = defaultdict(lambda: [0] * (len(LOOK_BACK) + 1))
    for (unit, rank), numbers in own.items():
        for one in (unit, *ancestors(unit, units), None):
            sums[one, rank] = [a + b for a, b in zip(sums[one, rank], numbers, strict=True)]
    return sums


def rolling(session: Session, audit_id: int, unit: str | None = None, *, reach: Reach, days: int = 180) -> RollingLine:
    """The rolling shares of a unit (None: of all in reach) up to the audit's last day, over at most `days` days.

    Begins on the first day that has facts. NotFoundError for an audit or a unit that is not known.
    """
    summary, _ = summary_with_figures(session, audit_id, reach=reach)
    last = _last(summary)
    first = last - timedelta(min(days, MOST_DAYS) - 1)
    parents = units_of(session, audit_id, reach=reach)
    if unit is not None and unit not in parents:
        raise UnitNotFoundError(unit)
    kept = kept_lines(session, audit_id, last, parents, reach=reach)
    if kept is not None:
        known = kept.known(first - timedelta(max(ROLLING) - 1), last)
        line: Line | _Steps = kept.lines([unit])[unit]
    else:
        known = known_days(session, first - timedelta(max(ROLLING) - 1), last, audit_id=audit_id)
        line = _line_now(session, audit_id, known, unit, parents, whole=reach.whole)
    begin = max(first, min((span.first for span in known.spans), default=last))
    return RollingLine(
        summary=summary,
        unit=unit,
        ancestors=() if unit is None else tuple(reversed(ancestors(unit, parents))),
        days=tuple(_points(known, begin, last, line)),
    )


def _line_now(
    session: Session, audit_id: int, known: KnownDays, unit: str | None, parents: dict[str, str | None], *, whole: bool
) -> Line | _Steps:
    """The line of a unit (None: of all in reach), counted in the facts themselves."""
    below = None if unit is None else [one for one in parents if unit in (one, *ancestors(one, parents))]
    inside = below if below is not None or whole else list(parents)
    totals: dict[Rank, int] = dict.fromkeys(RANKS, 0)
    for (_, rank), number in _totals(session, audit_id, inside).items():
        totals[rank] += number
    return _Steps(totals, _changes(session, audit_id, known, inside))


def _last(summary: AuditSummary) -> date:
    if summary.period is None:
        raise ValueError("an audit with figures has a period")
    return summary.period.last


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


class _Steps:
    """A line as the days on which it rises or falls; asked from its first day on, in order."""

    def __init__(self, totals: dict[Rank, int], changes: dict[tuple[Rank, int], dict[int, int]]) -> None:
        self.totals = totals
        self._points = {key: (list(accumulate(number for _, number in ordered)), [day for day, _ in ordered])
                        for key, steps in changes.items() for ordered in [sorted(steps.items())]}  # fmt: skip

    def using(self, rank: Rank, back: int, day: date) -> int:
        """Who acted in the window that ends on the day."""
        sums, days = self._points.get((rank, back), ([], []))
        place = bisect_right(days, day.toordinal())
        return sums[place - 1] if place else 0


def _points(known: KnownDays, first: date, last: date, line: Line | _Steps) -> Iterable[RollingDay]:
    for day in (first + timedelta(number) for number in range((last - first).days + 1)):
        covers = {back: _cover(known, day, back) for back in ROLLING}
        sides: Sequence[tuple[WindowFigures, ...]] = [
            tuple(_figures(covers[back], back, line.using(rank, back, day), line.totals[rank]) for back in ROLLING)
            for rank in RANKS
        ]
        yield RollingDay(day, day in known.covered, *sides)


def _cover(known: KnownDays, last: date, back: int) -> tuple[int, bool]:
    """How many of the days of a window are in the logs, and whether that is enough to tell."""
    covered = sum(last - timedelta(number) in known.covered for number in range(back))
    return covered, last in known.covered and covered >= NEARLY_ALL * back


def _figures(cover: tuple[int, bool], back: int, using: int, total: int) -> WindowFigures:
    """A window's figures; not known where too much of it is not in the logs."""
    return WindowFigures(back, cover[0], using if cover[1] else None, total)
