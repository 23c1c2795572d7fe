"""What was learnt, thing by thing, as statements tell it: assigned, each step proved, done; or withdrawn again.

What was withdrawn is there as its withdrawal only, so that nobody counts it who does not know what that means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import WHOLE, Actor, Permission, Reach, require
from core.words import Text
from training.models import AssignmentRow, CourseRow, ScormReportRow, StatementRow, StepDoneRow, WithdrawnRow
from training.recordstore.options import StoreOptions, site_of
from training.statements import Learnt, Subject, statement

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was learnt, and of whom and what."""

    subject: Subject
    learnt: Learnt


def statements(
    session: Session, actor: Actor, *, since: datetime | None = None, offset: int = 0, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """The statements about everybody in the actor's reach, the earliest first. Raises `ForbiddenError`. One query.

    With names, for whoever reads them here may see them on the pages.
    """
    require(actor, Permission.TRAINING_ASSIGNMENT_READ)
    part = None if limit is None else slice(max(0, offset), max(0, offset) + max(0, limit))
    wanted = _ordered(_with_names(_parts(actor.reach(Permission.TRAINING_ASSIGNMENT_READ), since, part), _turns()))
    site = site_of(settings_of(session))
    found = session.execute(wanted.execution_options(yield_per=ROWS_AT_ONCE))
    events = (_event(row, names=True) for row in found)
    return (statement(site, one.subject, one.learnt) for one in events)


def count_statements(session: Session, actor: Actor, *, since: datetime | None = None) -> int:
    """How many there are in the actor's reach. Raises `ForbiddenError`. One query."""
    require(actor, Permission.TRAINING_ASSIGNMENT_READ)
    kinds = _kinds(actor.reach(Permission.TRAINING_ASSIGNMENT_READ), since=since)
    counted = [_number(one).scalar_subquery() for one in kinds]
    return sum(session.execute(select(*counted)).one())


def untold(session: Session, *, limit: int, withdrawn: bool = False) -> list[Event]:
    """The earliest things, or else the earliest withdrawals, that the record store has not answered yet.

    A withdrawal is told even where it is not known that the store took the thing: its answer may have been lost. One
    SQL query.
    """
    names = StoreOptions.of(settings_of(session)).names
    rows = session.execute(_ordered(_untold(withdrawn)).limit(limit))
    return [_event(row, names=names) for row in rows]


def has_untold(session: Session) -> bool:
    """Whether there is anything to tell the record store."""
    return any(session.execute(_untold(withdrawn).limit(1)).first() is not None for withdrawn in (False, True))


def _number(kind: _Kind) -> Select[int]:
    """How many things of this kind there are: rows, not values of a column, so that the shortest index will do."""
    return select(func.count()).select_from(kind.assignment.class_).where(*kind.conditions)


def _with_names(parts: Subquery, turns: Subquery) -> Select[Any]:
    """`assignment`, `what`, `key`, `at`, `voids`, `turn` of these parts, with person and course."""
    return (
        select(parts.c.assignment, parts.c.what, parts.c.key, parts.c.at, parts.c.voids, _turn(parts, turns),
               OfficialRow.official_id, OfficialRow.name, AssignmentRow.course_key, CourseRow.title_vi,
               CourseRow.title_en, ScormReportRow.status, ScormReportRow.score)
        .join(AssignmentRow, AssignmentRow.id == parts.c.assignment)
        .join(OfficialRow, OfficialRow.id == AssignmentRow.official)
        .outerjoin(CourseRow, CourseRow.key == AssignmentRow.course_key)
        .outerjoin(turns, _same(turns, parts))
        .outerjoin(
            ScormReportRow,
            and_(parts.c.what == "scorm", ScormReportRow.assignment == parts.c.assignment,
                 ScormReportRow.key == parts.c.key),
        )
    )  # fmt: skip


def _untold(withdrawn: bool) -> Select[Any]:
    """What the record store has not answered; no withdrawal of what it refused."""
    parts, turns = _parts(WHOLE), _turns()
    turn = _turn(parts, turns)
    count = case((turn > 0, "#" + cast(turn, String)), else_="")
    thing = parts.c.key + count
    name = case((parts.c.voids.is_(None), parts.c.what + ":" + thing), else_="voided:" + parts.c.voids + ":" + thing)
    told = exists().where(StatementRow.assignment == parts.c.assignment, StatementRow.event == name)
    refused = exists().where(
        StatementRow.assignment == parts.c.assignment,
        StatementRow.event == parts.c.voids + ":" + thing,
        StatementRow.state == "refused",
    )
    return _with_names(parts, turns).where(
        parts.c.voids.is_not(None) if withdrawn else parts.c.voids.is_(None), ~told, ~refused
    )


def _turns() -> Subquery:
    """How often each thing was withdrawn that ever was."""
    kind = (WithdrawnRow.assignment, WithdrawnRow.what, WithdrawnRow.key)
    return select(*kind, func.count().label("turn")).group_by(*kind).subquery("turns")


def _same(turns: Subquery, parts: Subquery) -> ColumnElement[bool]:
    return and_(
        turns.c.assignment == parts.c.assignment, turns.c.what == parts.c.what, turns.c.key == parts.c.key
    )  # fmt: skip


def _turn(parts: Subquery, turns: Subquery) -> ColumnElement[int]:
    return func.coalesce(parts.c.turn, turns.c.turn, 0).label("turn")


def _parts(reach: Reach, since: datetime | None = None, part: slice | None = None) -> Subquery:
    """All that happened to assignments in reach, or those in these places.

    For these so many of each kind are looked at as may come before their end. Names and courses are joined to what is
    left: to all that comes before, they would be most of the work.
    """
    found = []
    for one in _kinds(reach, since=since):
        is_withdrawal = one.assignment is WithdrawnRow.assignment
        wanted = select(
            one.assignment.label("assignment"), one.what.label("what"), one.key.label("key"), one.at.label("at"),
            (WithdrawnRow.what if is_withdrawal else cast(null(), String)).label("voids"),
            (WithdrawnRow.turn if is_withdrawal else cast(null(), Integer)).label("turn"),
        ).where(*one.conditions)  # fmt: skip
        if part is not None:
            wanted = select(_ordered(wanted).limit(part.stop).subquery())
        found.append(wanted)
    whole = union_all(*found).subquery("events")
    return whole if part is None else _ordered(select(whole)).slice(part.start, part.stop).subquery("part")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of things that happened, by the columns of its table."""

    assignment: Any
    what: Any
    key: Any
    at: Any
    conditions: tuple[ColumnElement[bool], ...]


def _kinds(reach: Reach, *, since: datetime | None) -> tuple[_Kind, ...]:
    """Assigned, each step, done, withdrawn: in reach, since then.

    Which assignments are in reach is said once, and looked for first: else a database walks over all that ever
    happened, in order, and asks of each thing whether it is.
    """
    own = None if reach.units is None else _within(reach)

    def kind(assignment: Any, what: Any, key: Any, at: Any, *conditions: ColumnElement[bool]) -> _Kind:
        inside = () if own is None else (assignment.in_(select(own.c.id)),)
        return _Kind(assignment, what, key, at, (*conditions, *inside, *(() if since is None else (at >= since,))))

    row, step, gone = AssignmentRow, StepDoneRow, WithdrawnRow
    return (
        kind(row.id, literal("assigned"), literal(""), row.assigned_at, row.state.not_in(("excused", "withdrawn"))),
        kind(step.assignment, step.kind, step.key, step.done_at),
        kind(row.id, literal("done"), literal(""), row.done_at, row.done_at.is_not(None)),
        kind(gone.assignment, literal("voided"), gone.key, gone.withdrawn_at),
    )


def _within(reach: Reach) -> CTE:
    """The assignments of whoever has a post in reach."""
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit)
    whose = AssignmentRow.official.in_(posts.where(UnitRow.key.in_(reach.units or ())))
    return select(AssignmentRow.id).where(whose).cte("own")


def _ordered(wanted: Select[Any]) -> Select[Any]:
    """By time; what happened at one moment has an order of its own, or a page would lose what the next one doubles."""
    order = ("at", "assignment", "what", "key", "voids", "turn")
    return wanted.order_by(*(wanted.selected_columns[name] for name in order))


def _event(row: Any, *, names: bool) -> Event:
    subject = Subject(
        official_id=row.official_id,
        name=row.name if names else None,
        assignment_id=row.assignment,
        course_key=row.course_key,
        course=Text(row.title_vi or row.course_key, row.title_en or row.course_key),
    )
    return Event(subject, Learnt(row.what, row.key, row.at, row.turn, row.voids, row.status, row.score))
