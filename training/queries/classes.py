"""Readers of classes: those in reach, one with its list, and an official's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.name_order import text_order
from core.permissions import Actor, Permission
from core.words import Text
from training.errors import ClassNotFoundError
from training.models import (
    STILL_OPEN,
    AssignmentRow,
    AttendanceRow,
    AttendanceTakenBackRow,
    ClassRow,
    CourseRow,
    SeatRow,
)
from training.permissions import can_change_class, can_run_class
from training.presence import AFTER

When = Literal["coming", "past"]
OwnState = Literal["present", "seated", "waiting", "absent", "none"]


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in a list; `seated` of `places` chairs are taken, `waiting` people wait, `present` were there."""

    class_id: int
    title: Text
    starts_at: datetime
    ends_at: datetime
    room: str
    teacher: str
    note: str
    unit: str | None
    """Name of the unit it is for; None: the whole city."""
    places: int
    seated: int
    waiting: int
    present: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class OnList:
    """Somebody on the list of a class, or who was there without being on it."""

    official: int
    official_id: str
    name: str
    unit: str
    """Name of the unit of their main post; empty where they have none."""
    state: str
    """A state of `models.classes.SEAT_STATES`; `none` where they were not on the list."""
    present_at: datetime | None
    how: str | None
    by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class with all that its page says. `line` counts; `people` have a seat or were there, by name."""

    line: ClassLine
    uid: str
    course_key: str
    step_key: str | None
    unit_key: str | None
    teacher_id: str | None
    changes: int
    cancelled_why: str | None
    cancelled_by: str | None
    cancelled_at: datetime | None
    made_by: str
    made_at: datetime
    people: tuple[OnList, ...]
    waiting: tuple[OnList, ...]
    """Who waits, the next one first."""
    may_change: bool


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class as an official sees it who could come."""

    line: ClassLine
    state: OwnState
    place_in_line: int | None
    present_at: datetime | None


def classes(
    session: Session, actor: Actor, *, now: datetime, when: When = "coming", offset: int = 0, limit: int = 50
) -> tuple[list[ClassLine], int]:
    """Classes that the actor plans or teaches: those to come (and running) soonest first, or past, the last one first.

    And how many there are. Three SQL queries.
    """
    inside = and_(_in_reach(actor), ClassRow.ends_at >= now if when == "coming" else ClassRow.ends_at < now)
    order = ClassRow.starts_at.asc() if when == "coming" else ClassRow.starts_at.desc()
    found = _lines(session, inside, order, offset=offset, limit=limit)
    total = session.scalar(select(func.count(ClassRow.id)).where(inside)) or 0
    return list(found.values()), total


def class_page(session: Session, actor: Actor, *, class_id: int) -> ClassPage:
    """One class with its list, for whoever plans or teaches it. Raises `ClassNotFoundError`. Five SQL queries."""
    wanted = (
        select(ClassRow, UnitRow.key, OfficialRow.official_id)
        .outerjoin(UnitRow, UnitRow.id == ClassRow.unit)
        .outerjoin(OfficialRow, OfficialRow.id == ClassRow.teacher)
        .where(ClassRow.id == class_id)
    )
    found = session.execute(wanted).first()
    if found is None or not can_run_class(actor, found[1], found[2]):
        raise ClassNotFoundError(class_id)
    row, unit_key, teacher = found[0], found[1], found[2]
    listed = _on_list(session, row)
    return ClassPage(
        line=_lines(session, ClassRow.id == class_id, ClassRow.id.asc())[class_id],
        uid=row.uid,
        course_key=row.course_key,
        step_key=row.step_key,
        unit_key=unit_key,
        teacher_id=teacher,
        changes=row.changes,
        cancelled_why=row.cancelled_why,
        cancelled_by=row.cancelled_by,
        cancelled_at=row.cancelled_at,
        made_by=row.made_by,
        made_at=row.made_at,
        people=tuple(one for one in listed if one.state == "seated" or one.present_at is not None),
        waiting=tuple(one for one in listed if one.state == "waiting" and one.present_at is None),
        may_change=can_change_class(actor, unit_key),
    )


def own_classes(session: Session, actor: Actor, *, now: datetime) -> list[OwnClass]:
    """Classes the official is on the list of or was at, and those to come of courses they have to do; soonest first.

    Past ones for a year. None for an account that is no official's. Six SQL queries.
    """
    own = _own_id(session, actor)
    if own is None:
        return []
    seats = {one.training_class: one for one in session.scalars(select(SeatRow).where(SeatRow.official == own))}
    was = session.scalars(select(AttendanceRow).where(AttendanceRow.official == own))
    present = {one.training_class: one.at for one in was}
    wrongly = select(AttendanceTakenBackRow.training_class).where(AttendanceTakenBackRow.official == own)
    listed = {key for key, one in seats.items() if one.state != "left"} | {*present, *session.scalars(wrongly)}
    inside = or_(
        and_(ClassRow.id.in_(listed), ClassRow.ends_at > now - timedelta(days=366)),
        and_(ClassRow.starts_at > now, ClassRow.cancelled_at.is_(None), _open_to(own)),
    )
    lines = _lines(session, inside, ClassRow.starts_at.asc())
    ahead = _places_in_line(session, [key for key, one in seats.items() if one.state == "waiting"], own)
    return [
        OwnClass(
            line=line,
            state=_own_state(seats.get(key), present.get(key), line, now),
            place_in_line=ahead.get(key),
            present_at=present.get(key),
        )
        for key, line in lines.items()
    ]


def own_class(session: Session, actor: Actor, *, class_id: int, now: datetime) -> OwnClass:
    """One class as the official sees it, whether or not they are on its list. Raises `ClassNotFoundError`.

    Whoever stands in the room may come by the code of the screen, whosever class it is: so any class that has begun or
    soon will be is there, and of others only those of `own_classes`.
    """
    found = next((one for one in own_classes(session, actor, now=now) if one.line.class_id == class_id), None)
    if found is not None:
        return found
    own = _own_id(session, actor)
    lines = _lines(session, ClassRow.id == class_id, ClassRow.id.asc())
    if own is None or class_id not in lines:
        raise ClassNotFoundError(class_id)
    line = lines[class_id]
    soon = line.starts_at - timedelta(hours=1) <= now < line.ends_at + AFTER
    if not soon:
        raise ClassNotFoundError(class_id)
    return OwnClass(line, "none", None, None)


def the_class(session: Session, class_id: int) -> ClassRow | None:
    """The row of a class, to check a code of its screen by; None where there is none."""
    return session.get(ClassRow, class_id)


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    """Of classes: that the actor plans, or teaches."""
    reach = actor.reach(Permission.TRAINING_CLASS_CHANGE)
    units = select(UnitRow.id).where(UnitRow.key.in_(reach.units or ()))
    teaches = ClassRow.teacher.in_(select(OfficialRow.id).where(OfficialRow.official_id == actor.official_id))
    return ClassRow.id.is_not(None) if reach.whole else or_(ClassRow.unit.in_(units), teaches)


def _lines(
    session: Session, inside: ColumnElement[bool], order: ColumnElement[Any], *, offset: int = 0, limit: int = 500
) -> dict[int, ClassLine]:
    """Classes by id, in that order. Two SQL queries."""
    wanted = (
        select(ClassRow, CourseRow.title_vi, CourseRow.title_en, UnitRow.key)
        .outerjoin(CourseRow, CourseRow.key == ClassRow.course_key)
        .outerjoin(UnitRow, UnitRow.id == ClassRow.unit)
        .where(inside)
        .order_by(order, ClassRow.id)
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    counts = _counts(session, [row[0].id for row in rows])
    return {
        one.id: ClassLine(
            class_id=one.id,
            title=Text(vi or one.course_key, en or one.course_key),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            room=one.room,
            teacher=one.teacher_name,
            note=one.note,
            unit=unit,
            places=one.places,
            seated=counts.get((one.id, "seated"), 0),
            waiting=counts.get((one.id, "waiting"), 0),
            present=counts.get((one.id, "present"), 0),
            cancelled=one.cancelled_at is not None,
        )
        for one, vi, en, unit in rows
    }


def _counts(session: Session, ids: list[int]) -> dict[tuple[int, str], int]:
    """(Class, state of a seat or `present`) -> how many. One SQL query."""
    seats = select(SeatRow.training_class, SeatRow.state, func.count()).where(SeatRow.training_class.in_(ids))
    there = select(AttendanceRow.training_class, func.min("present"), func.count())
    both = seats.group_by(SeatRow.training_class, SeatRow.state).union_all(
        there.where(AttendanceRow.training_class.in_(ids)).group_by(AttendanceRow.training_class)
    )
    return {(key, state): count for key, state, count in session.execute(both)}


def _on_list(session: Session, row: ClassRow) -> list[OnList]:
    """Everybody on the list or present; who waits by the order of asking, the others by name. Two SQL queries."""
    seats = select(SeatRow.official).where(SeatRow.training_class == row.id)
    on_list = seats.union(select(AttendanceRow.official).where(AttendanceRow.training_class == row.id))
    posts = select(PostRow.official, func.min(PostRow.position).label("position")).group_by(PostRow.official)
    main = posts.where(PostRow.official.in_(on_list)).subquery()
    wanted = (
        select(OfficialRow, UnitRow.key, SeatRow, AttendanceRow)
        .outerjoin(SeatRow, and_(SeatRow.official == OfficialRow.id, SeatRow.training_class == row.id))
        .outerjoin(
            AttendanceRow, and_(AttendanceRow.official == OfficialRow.id, AttendanceRow.training_class == row.id)
        )
        .outerjoin(main, main.c.official == OfficialRow.id)
        .outerjoin(PostRow, and_(PostRow.official == main.c.official, PostRow.position == main.c.position))
        .outerjoin(UnitRow, UnitRow.id == PostRow.unit)
        .where(OfficialRow.id.in_(on_list))
    )
    found = []
    for line in session.execute(wanted).all():
        official: OfficialRow = line[0]
        seat: SeatRow | None = line[2]
        was: AttendanceRow | None = line[3]
        state = "none" if seat is None or seat.state == "left" else seat.state
        if state == "none" and was is None:
            continue
        order = (0, seat.number, "") if seat is not None and state == "waiting" else (1, 0, official.name_order)
        one = OnList(
            official=official.id,
            official_id=official.official_id,
            name=official.name,
            unit=line[1] or "",
            state=state,
            present_at=was.at if was is not None else None,
            how=was.how if was is not None else None,
            by=was.by if was is not None else None,
            note=was.note if was is not None else "",
        )
        found.append((order, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _open_to(own: int) -> ColumnElement[bool]:
    """Of classes: of a course that the official has to do, for everybody or for their unit or one above it."""
    courses = select(AssignmentRow.course_key).where(AssignmentRow.official == own, AssignmentRow.state.in_(STILL_OPEN))
    return and_(ClassRow.course_key.in_(courses), or_(ClassRow.unit.is_(None), ClassRow.unit.in_(_above(own))))


def _above(own: int) -> ColumnElement[Any]:
    """The units of the official's posts, and all above them."""
    tree = select(PostRow.unit.label("unit")).where(PostRow.official == own).cte("above", recursive=True)
    parents = select(UnitRow.parent_id).join(tree, UnitRow.id == tree.c.unit).where(UnitRow.parent_id.is_not(None))
    return select(tree.union(parents).c.unit).scalar_subquery()


def _places_in_line(session: Session, waiting_in: list[int], own: int) -> dict[int, int]:
    """Class -> the official's place in its line."""
    mine = select(SeatRow.training_class, SeatRow.number).where(SeatRow.official == own, SeatRow.state == "waiting")
    here = mine.where(SeatRow.training_class.in_(waiting_in)).subquery()
    wanted = (
        select(SeatRow.training_class, func.count())
        .join(here, and_(here.c.training_class == SeatRow.training_class, SeatRow.number <= here.c.number))
        .where(SeatRow.state == "waiting")
        .group_by(SeatRow.training_class)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _own_state(seat: SeatRow | None, present_at: datetime | None, line: ClassLine, now: datetime) -> OwnState:
    if present_at is not None:
        return "present"
    if seat is None or seat.state == "left":
        return "none"
    if seat.state == "waiting":
        return "waiting"
    return "absent" if line.ends_at + AFTER <= now and not line.cancelled else "seated"


def _own_id(session: Session, actor: Actor) -> int | None:
    if actor.official_id is None:
        return None
    return session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == actor.official_id)).first()


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course that may be taught in a class, with the step that being there proves; None where it has no such step."""

    course_key: str
    step_key: str | None
    title: Text


def course_choices(session: Session) -> list[CourseChoice]:
    """Every course that is taught, once for each of its class steps, those with such steps first. One SQL query."""
    found = []
    for row in session.scalars(select(CourseRow).where(CourseRow.retired_at.is_(None)).order_by(CourseRow.key)):
        steps: list[str | None] = [one["key"] for one in row.needs if one["kind"] == "class"]
        title = Text(row.title_vi, row.title_en)
        found += [CourseChoice(row.key, step, title) for step in steps or [None]]
    return sorted(found, key=lambda one: one.step_key is None)


def unit_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Key of the units that the actor may make classes for, and what they are called: that, too. One SQL query."""
    reach = actor.reach(Permission.TRAINING_CLASS_CHANGE)
    wanted = select(UnitRow.key).where(UnitRow.gone_at.is_(None))
    if reach.units is not None:
        wanted = wanted.where(UnitRow.key.in_(reach.units))
    return [(key, key) for key in sorted(session.scalars(wanted), key=text_order)]


def taught_classes(session: Session, actor: Actor, *, now: datetime) -> list[ClassLine]:
    """The classes to come that the actor teaches, soonest first. Two SQL queries."""
    teaches = ClassRow.teacher.in_(select(OfficialRow.id).where(OfficialRow.official_id == actor.official_id))
    return list(_lines(session, and_(teaches, ClassRow.ends_at >= now - AFTER), ClassRow.starts_at.asc()).values())
