"""Readers of the use of the e-office: one official, the officials of a unit, units with what lies below them."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import CTE, ColumnElement, Row, func, literal, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.directory.models import UnitRow
from core.errors import NotFoundError
from core.permissions import Actor, Permission, Reach
from core.words import Text
from eoffice.models import DraftRow, practice_drafts
from eoffice.queries.use import statements
from eoffice.queries.use.model import Acts, OfficialUse, RankUse, Turns, UnitUse, UseClass, UseCoverage
from eoffice.queries.use.rules import CLASSES, UsePeriod

UseSort = Literal["name", "class", "left", "median"]


def use_coverage(session: Session, period: UsePeriod) -> UseCoverage | None:
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


def official_use(session: Session, actor: Actor, *, official_id: str, period: UsePeriod) -> OfficialUse:
    """What is said of one official. One SQL query.

    Raises `NotFoundError` for somebody who is not in the actor's reach, or was in no post in the period.
    """
    period_turns = statements.turns(period)
    people = statements.people(period, period_turns)
    found = session.execute(_rows(people, period_turns).where(people.c.official_id == official_id)).first()
    if found is None or not actor.may_of(Permission.EOFFICE_USE_READ, official_id, (found.unit_key,)):
        raise NotFoundError(Text("Không có cán bộ này.", "There is no such official."), detail=official_id)
    return _official(found)


def officials_use(
    session: Session, actor: Actor, *, period: UsePeriod, unit_key: str | None = None, sort: UseSort = "name",
    offset: int = 0, limit: int | None = 50,
) -> tuple[list[OfficialUse], int]:  # fmt: skip
    """The officials in reach (of one unit and those below it), and how many there are. Two SQL queries.

    By name the Vietnamese way; by class; those who leave most first; those where it takes longest first.
    """
    period_turns = statements.turns(period)
    people = statements.people(period, period_turns)
    wanted = _reached(_rows(people, period_turns), actor)
    if unit_key is not None:
        tree, top = statements.units_and_below(), select(UnitRow.id).where(UnitRow.key == unit_key)
        below = select(tree.c.unit).where(tree.c.top == top.scalar_subquery())
        wanted = wanted.where(people.c.unit.in_(below))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    median = wanted.selected_columns["median"]
    order: dict[UseSort, list[ColumnElement[Any]]] = {
        "name": [],
        "class": [people.c.usage_class],
        "left": [people.c.left.desc(), people.c.usage_class == "unknown"],
        "median": [median.is_(None), median.desc()],
    }
    found = wanted.order_by(*order[sort], people.c.name_order, people.c.id).offset(offset).limit(limit)
    return [_official(row) for row in session.execute(found)], total


def classes_in(session: Session, *, period: UsePeriod, reach: Reach) -> dict[str, UseClass]:
    """official_id -> what is said of everybody in reach who was in post in the period. One SQL query."""
    people = statements.people(period, statements.turns(period))
    wanted = select(people.c.official_id, people.c.usage_class).join(UnitRow, UnitRow.id == people.c.unit)
    found = session.execute(wanted.where(*_in_reach(UnitRow.key, reach)))
    return {official_id: usage_class for official_id, usage_class in found}  # noqa: C416 - rows are no pairs to mypy


def units_use(session: Session, actor: Actor, *, period: UsePeriod, unit_key: str | None = None) -> list[UnitUse]:
    """The units in reach in which anybody is in post, each with what lies below it, by name; or that one alone.

    Two SQL queries.
    """
    reach = actor.reach(Permission.EOFFICE_USE_READ)
    above = select(UnitRow.id.label("id"), UnitRow.parent_id).subquery("above")
    parents = select(UnitRow.id, UnitRow.key)
    names = {key: name for key, name in session.execute(parents)}  # noqa: C416 - rows are no pairs to the type checker
    tree = statements.units_and_below()
    chosen = select(UnitRow.id, UnitRow.key, above.c.parent_id).join(above, above.c.id == UnitRow.id)
    chosen = chosen.where(*_in_reach(UnitRow.key, reach))
    if unit_key is not None:
        chosen = chosen.where(UnitRow.key == unit_key)
    tops = chosen.subquery("tops")
    pairs = select(tops.c.id.label("top"), tops.c.key, tops.c.parent_id, tree.c.unit).join(
        tree, tree.c.top == tops.c.id
    )
    found = _summed(session, period, pairs.cte("pairs"))
    return sorted(
        (_unit(key, None if parent is None else names.get(parent), rows) for (key, parent), rows in found.items()),
        key=lambda one: one.unit or "",
    )


def whole_use(session: Session, actor: Actor, *, period: UsePeriod) -> UnitUse:
    """The sum over all that the actor reaches, each official once. One SQL query."""
    reach = actor.reach(Permission.EOFFICE_USE_READ)
    pairs = select(
        literal(0).label("top"), literal("").label("key"), literal(0).label("parent_id"), UnitRow.id.label("unit")
    ).where(*_in_reach(UnitRow.key, reach))
    found = _summed(session, period, pairs.cte("pairs"))
    return _unit(None, None, next(iter(found.values()), []))


def _rows(people: CTE, period_turns: CTE) -> Any:
    """Everybody's row, with the unit's key and the middle of the waits."""
    middle = statements.medians(period_turns, period_turns.c.official)
    return (
        select(people, UnitRow.key.label("unit_key"), middle.c.seconds.label("median"))
        .join(UnitRow, UnitRow.id == people.c.unit)
        .outerjoin(middle, middle.c.of == people.c.id)
    )


def _reached(wanted: Any, actor: Actor) -> Any:
    return wanted.where(*_in_reach(UnitRow.key, actor.reach(Permission.EOFFICE_USE_READ)))


def _in_reach(key: Any, reach: Reach) -> list[ColumnElement[bool]]:
    return [] if reach.units is None else [key.in_(reach.units)]


def _summed(session: Session, period: UsePeriod, pairs: CTE) -> dict[tuple[str, int | None], list[Row[Any]]]:
    """The rows of each unit (key and parent): one for each rank and class that is there."""
    period_turns = statements.turns(period)
    people = statements.people(period, period_turns)
    joined = period_turns.join(people, people.c.id == period_turns.c.official).join(
        pairs, pairs.c.unit == people.c.unit
    )
    middle = statements.medians(period_turns, pairs.c.top, joined)
    names = ("own", "by_deputy", "left", "fresh")
    wanted = (
        select(
            pairs.c.key, pairs.c.parent_id, people.c.rank, people.c.usage_class, func.count().label("number"),
            *(func.sum(people.c[name]).label(name) for name in names), func.max(middle.c.seconds).label("median"),
        )
        .join(people, people.c.unit == pairs.c.unit)
        .outerjoin(middle, middle.c.of == pairs.c.top)
        .group_by(pairs.c.key, pairs.c.parent_id, people.c.rank, people.c.usage_class)
    )  # fmt: skip
    found: dict[tuple[str, int | None], list[Row[Any]]] = {}
    for row in session.execute(wanted):
        found.setdefault((row.key, row.parent_id), []).append(row)
    return found


def _unit(unit: str | None, parent: str | None, rows: list[Row[Any]]) -> UnitUse:
    def counted(**wanted: str) -> int:
        return sum(row.number for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))

    def ranked(rank: str) -> RankUse:
        using = counted(rank=rank, usage_class="regular") + counted(rank=rank, usage_class="occasional")
        return RankUse(counted(rank=rank), using, counted(rank=rank, usage_class="unknown"))

    sums = (int(sum(getattr(row, name) for row in rows)) for name in ("own", "by_deputy", "left", "fresh"))
    return UnitUse(
        unit, parent, ranked("leader"), ranked("staff"), {one: counted(usage_class=one) for one in CLASSES},  # type: ignore[misc]
        Turns(*sums), _hours(rows[0].median) if rows else None,
    )  # fmt: skip


def _official(row: Row[Any]) -> OfficialUse:
    return OfficialUse(
        row.official_id, row.name, row.unit_key, row.title, row.rank, row.usage_class,
        Turns(int(row.own), int(row.by_deputy), int(row.left), int(row.fresh)),
        Acts(
            int(row.agreed), int(row.returned), int(row.opinions), int(row.remarks), int(row.revisions),
            int(row.for_others),
        ),
        _hours(row.median), _hours(row.waiting),
    )  # fmt: skip


def _hours(seconds: Any) -> float | None:
    """Working hours to a tenth."""
    return None if seconds is None else round(float(seconds) / 3600, 1)
