"""Figures of use counted in the facts themselves, for whatever reach: seconds for a city.

Rows have the names of `statements.people`, with `unit_key`, and `median` and `waiting` in working seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, func, literal, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.directory.models import UnitRow
from core.permissions import Reach
from eoffice.models import DraftRow, practice_drafts
from eoffice.queries.use import statements
from eoffice.queries.use.model import Acts, OfficialUse, RankUse, Turns, UnitUse, UseClass, UseCoverage
from eoffice.queries.use.rules import CLASSES, UsePeriod

FATES = ("own", "by_deputy", "left", "fresh")


def coverage(session: Session, period: UsePeriod) -> UseCoverage | None:
    """What figures of the period rest on; None where there was no document before its end. One SQL query."""
    first = session.scalar(
        select(func.min(DraftRow.created_at)).where(
            DraftRow.created_at < period.until, DraftRow.id.not_in(practice_drafts())
        )
    )
    if first is None:
        return None
    since = day_in(period.zone, first)
    return UseCoverage(since, period.covered(since), period.working)


def one(session: Session, period: UsePeriod, official_id: str) -> Row[Any] | None:
    """The row of one official, if they were in post. One SQL query."""
    wanted, people = _rows(period)
    return session.execute(wanted.where(people.c.official_id == official_id)).first()


def some(
    session: Session,
    period: UsePeriod,
    *,
    reach: Reach,
    unit_key: str | None,
    sort: str,
    offset: int,
    limit: int | None,
) -> tuple[Sequence[Row[Any]], int]:
    """A part of the officials in reach (of one unit and those below it), and how many there are. Two SQL queries."""
    wanted, people = _rows(period)
    wanted = wanted.where(*in_reach(UnitRow.key, reach))
    if unit_key is not None:
        tree, top = statements.units_and_below(), select(UnitRow.id).where(UnitRow.key == unit_key)
        below = select(tree.c.unit).where(tree.c.top == top.scalar_subquery())
        wanted = wanted.where(people.c.unit.in_(below))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    median = wanted.selected_columns["median"]
    order: dict[str, list[ColumnElement[Any]]] = {
        "name": [],
        "class": [people.c.usage_class],
        "left": [people.c.left.desc(), people.c.usage_class == "unknown"],
        "median": [median.is_(None), median.desc()],
    }
    found = wanted.order_by(*order[sort], people.c.name_order, people.c.id).offset(offset).limit(limit)
    return session.execute(found).all(), total


def classes(session: Session, period: UsePeriod, *, reach: Reach) -> dict[str, UseClass]:
    """official_id -> class, of everybody in reach. One SQL query."""
    people = statements.people(period, statements.turns(period))
    wanted = select(people.c.official_id, people.c.usage_class).join(UnitRow, UnitRow.id == people.c.unit)
    found = session.execute(wanted.where(*in_reach(UnitRow.key, reach)))
    return {official_id: usage_class for official_id, usage_class in found}  # noqa: C416 - rows are no pairs to mypy


def units(session: Session, period: UsePeriod, *, reach: Reach, unit_key: str | None = None) -> list[UnitUse]:
    """The units in reach in which anybody is in post, by name; or that one alone. Two SQL queries."""
    above = select(UnitRow.id.label("id"), UnitRow.parent_id).subquery("above")
    parents = select(UnitRow.id, UnitRow.key)
    names = {key: name for key, name in session.execute(parents)}  # noqa: C416 - rows are no pairs to the type checker
    tree = statements.units_and_below()
    chosen = select(UnitRow.id, UnitRow.key, above.c.parent_id).join(above, above.c.id == UnitRow.id)
    chosen = chosen.where(*in_reach(UnitRow.key, reach))
    if unit_key is not None:
        chosen = chosen.where(UnitRow.key == unit_key)
    tops = chosen.subquery("tops")
    pairs = select(tops.c.id.label("top"), tops.c.key, tops.c.parent_id, tree.c.unit).join(
        tree, tree.c.top == tops.c.id
    )
    found = _summed(session, period, pairs.cte("pairs"))
    return sorted(
        (unit_of(key, None if parent is None else names.get(parent), rows) for (key, parent), rows in found.items()),
        key=lambda one: one.unit or "",
    )


def whole(session: Session, period: UsePeriod, *, reach: Reach) -> UnitUse:
    """The sum over all in reach, each official once. One SQL query."""
    pairs = select(
        literal(0).label("top"), literal("").label("key"), literal(0).label("parent_id"), UnitRow.id.label("unit")
    ).where(*in_reach(UnitRow.key, reach))
    found = _summed(session, period, pairs.cte("pairs"))
    return unit_of(None, None, next(iter(found.values()), []))


def waits(session: Session, period: UsePeriod) -> Sequence[Row[Any]]:
    """`unit_key` and `seconds` of every answered turn of somebody in post. One SQL query."""
    turns = statements.turns(period)
    people = statements.people(period, turns)
    wanted = (
        select(UnitRow.key.label("unit_key"), turns.c.seconds)
        .join(people, people.c.id == turns.c.official)
        .join(UnitRow, UnitRow.id == people.c.unit)
    )
    return session.execute(wanted.where(turns.c.fate.in_(("own", "by_deputy")))).all()


def unit_of(unit: str | None, parent: str | None, rows: Sequence[Any]) -> UnitUse:
    """A unit from rows with `rank`, `usage_class`, `number`, the fates of turns and (the same in all) `median`."""

    def counted(**wanted: str) -> int:
        return sum(row.number for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))

    def ranked(rank: str) -> RankUse:
        using = counted(rank=rank, usage_class="regular") + counted(rank=rank, usage_class="occasional")
        return RankUse(counted(rank=rank), using, counted(rank=rank, usage_class="unknown"))

    sums = (int(sum(getattr(row, name) for row in rows)) for name in FATES)
    return UnitUse(
        unit, parent, ranked("leader"), ranked("staff"), {one: counted(usage_class=one) for one in CLASSES},  # type: ignore[misc]
        Turns(*sums), _hours(rows[0].median) if rows else None,
    )  # fmt: skip


def official_of(row: Any) -> OfficialUse:
    """What a row says."""
    return OfficialUse(
        row.official_id, row.name, row.unit_key, row.title, row.rank, row.usage_class,
        Turns(int(row.own), int(row.by_deputy), int(row.left), int(row.fresh)),
        Acts(
            int(row.agreed), int(row.returned), int(row.opinions), int(row.remarks), int(row.revisions),
            int(row.for_others),
        ),
        _hours(row.median), _hours(row.waiting),
    )  # fmt: skip


def in_reach(key: Any, reach: Reach) -> list[ColumnElement[bool]]:
    """The condition that the unit `key` is in reach."""
    return [] if reach.units is None else [key.in_(reach.units)]


def _rows(period: UsePeriod) -> tuple[Select[Any], CTE]:
    """Everybody's row, with the unit's key and the middle of the waits; and the people it is made of."""
    turns = statements.turns(period)
    people = statements.people(period, turns)
    middle = statements.medians(turns, turns.c.official)
    wanted = (
        select(people, UnitRow.key.label("unit_key"), middle.c.seconds.label("median"))
        .join(UnitRow, UnitRow.id == people.c.unit)
        .outerjoin(middle, middle.c.of == people.c.id)
    )
    return wanted, people


def _summed(session: Session, period: UsePeriod, pairs: CTE) -> dict[tuple[str, int | None], list[Row[Any]]]:
    """The rows of each unit (key and parent): one for each rank and class that is there."""
    period_turns = statements.turns(period)
    people = statements.people(period, period_turns)
    joined = period_turns.join(people, people.c.id == period_turns.c.official).join(
        pairs, pairs.c.unit == people.c.unit
    )
    middle = statements.medians(period_turns, pairs.c.top, joined)
    wanted = (
        select(
            pairs.c.key, pairs.c.parent_id, people.c.rank, people.c.usage_class, func.count().label("number"),
            *(func.sum(people.c[name]).label(name) for name in FATES), func.max(middle.c.seconds).label("median"),
        )
        .join(people, people.c.unit == pairs.c.unit)
        .outerjoin(middle, middle.c.of == pairs.c.top)
        .group_by(pairs.c.key, pairs.c.parent_id, people.c.rank, people.c.usage_class)
    )  # fmt: skip
    found: dict[tuple[str, int | None], list[Row[Any]]] = {}
    for row in session.execute(wanted):
        found.setdefault((row.key, row.parent_id), []).append(row)
    return found


def _hours(seconds: Any) -> float | None:
    """Working hours to a tenth."""
    return None if seconds is None else round(float(seconds) / 3600, 1)
