"""Classes are planned, changed and cancelled by the personnel office."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import UnitRow
from core.directory.queries import official_row
from core.permissions import Actor, Permission, require
from core.words import showable
from training.actions import TrainingAction
from training.errors import ClassInputError, SeatError, StaleClassError
from training.models import AttendanceRow, ClassRow, CourseRow, SeatRow
from training.models.classes import MOST_PLACES
from training.moments import Moment
from training.permissions import can_change_class
from training.services.classes import seats, telling
from training.services.classes.locking import course_of, locked_to_change

LONGEST = 200
LONGEST_NOTE = 2_000
FARTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class as somebody writes it down. Times are those of the office's clocks.

    `teacher` is the number of an official, or a name of somebody who is none.
    """

    day: date
    starts: time
    ends: time
    room: str
    places: int
    teacher: str
    note: str = ""


def make_class(
    session: Session, actor: Actor, *, course_key: str, step_key: str | None, unit_key: str | None, plan: ClassPlan,
    moment: Moment,
) -> int:  # fmt: skip
    """A class of a course, for a unit and all below it or (None) for the whole city; its id.

    `step_key` is the class step of the course that being there proves; None takes its first. Raises `ForbiddenError`
    and `ClassInputError`; a unit out of reach is as if there were none.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    course = course_of(session, course_key)
    if course.retired_at is not None:
        raise ClassInputError("Khóa học này không còn dạy nữa.", "This course is not taught any more.")
    unit = _unit(session, actor, unit_key)
    row = ClassRow(
        uid=f"class-{uuid.uuid4().hex}@vanthu",
        course_key=course.key,
        step_key=_step(course, step_key),
        unit=unit.id if unit is not None else None,
        changes=0,
        made_at=moment.now,
        made_by=actor.in_trail,
        **_columns(session, plan, moment),
    )
    session.add(row)
    session.flush()
    facts = {"course": course.key, "unit": unit_key, **_said(row)}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CLASS_MADE, subject=f"class:{row.id}", facts=facts
    )  # fmt: skip
    return row.id


def change_class(
    session: Session, actor: Actor, *, class_id: int, seen_changes: int, plan: ClassPlan, moment: Moment
) -> None:
    """Change time, room, places, teacher or note; who is on the list is told of what concerns them.

    `seen_changes` is `ClassRow.changes` of the page it was decided on. Nothing happens where nothing differs. Raises
    `ForbiddenError`, `ClassNotFoundError`, `StaleClassError`, `ClassInputError`, and `SeatError` for fewer places than
    people with a seat.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    if row.changes != seen_changes:
        raise StaleClassError
    _still_standing(row)
    wanted = _columns(session, plan, moment)
    changed = {name for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        return
    if changed & {"starts_at", "ends_at"} and _somebody_was_there(session, row):
        raise ClassInputError(
            "Đã có người được ghi nhận có mặt; không đổi được giờ học.",
            "Somebody is on record as present; the time can no longer be changed.",
        )
    before = _said(row)
    given = seats.resize(session, row, wanted.pop("places"), actor.in_trail, moment)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.changes += 1
    session.flush()
    telling.seated(session, row, given, moment)
    if changed - {"places"}:
        told = {one.id for one in given}
        telling.moved(session, row, [one for one in _list(session, row) if one.id not in told], moment)
    after = _said(row)
    facts = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CLASS_CHANGED, subject=f"class:{row.id}",
        facts={**facts, "moved_up": len(given)},
    )  # fmt: skip


def cancel_class(session: Session, actor: Actor, *, class_id: int, why: str, moment: Moment) -> None:
    """The class will not take place; whoever is on the list is told, calendars take it out. Twice is once.

    Raises `ForbiddenError`, `ClassNotFoundError`, and `ClassInputError` without a reason or where somebody was there.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    if row.cancelled_at is not None:
        return
    if _somebody_was_there(session, row):
        raise ClassInputError(
            "Đã có người được ghi nhận có mặt; lớp đã diễn ra nên không hủy được.",
            "Somebody is on record as present: the class took place and cannot be cancelled.",
        )
    said = _line(why, "Hãy ghi lý do hủy lớp.", "Please write why the class is cancelled.")
    row.cancelled_at, row.cancelled_by, row.cancelled_why = moment.now, actor.in_trail, said
    row.changes += 1
    session.flush()
    telling.cancelled(session, row, _list(session, row), moment)
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CLASS_CANCELLED, subject=f"class:{row.id}",
        facts={"why": said},
    )  # fmt: skip


def _columns(session: Session, plan: ClassPlan, moment: Moment) -> dict[str, Any]:
    """The plan as columns; raises `ClassInputError` for the first thing that cannot be."""
    zone = ZoneInfo(settings_of(session).timezone)
    starts_at, ends_at = (datetime.combine(plan.day, one, zone) for one in (plan.starts, plan.ends))
    if plan.starts >= plan.ends:
        raise ClassInputError("Giờ kết thúc phải sau giờ bắt đầu.", "The end must be after the beginning.")
    if not moment.today - FARTHEST <= plan.day <= moment.today + FARTHEST:
        raise ClassInputError("Ngày học quá xa so với hôm nay.", "The day is too far from today.")
    if not 1 <= plan.places <= MOST_PLACES:
        raise ClassInputError(f"Số chỗ từ 1 đến {MOST_PLACES}.", f"There are 1 to {MOST_PLACES} places.")
    named = _line(plan.teacher, "Hãy ghi người hướng dẫn.", "Please write who teaches.")
    teacher = official_row(session, named)
    if len(plan.note) > LONGEST_NOTE:
        raise ClassInputError(f"Ghi chú dài quá {LONGEST_NOTE} ký tự.", f"The note is over {LONGEST_NOTE} characters.")
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room": _line(plan.room, "Hãy ghi phòng học.", "Please write the room."),
        "places": plan.places,
        "teacher": teacher.id if teacher is not None else None,
        "teacher_name": teacher.name if teacher is not None else named,
        "note": "\n".join(showable(one) for one in plan.note.strip().splitlines()),
    }


def _line(text: str, vi: str, en: str) -> str:
    said = showable(" ".join(text.split()))
    if not said:
        raise ClassInputError(vi, en)
    if len(said) > LONGEST:
        raise ClassInputError(f"Dài quá {LONGEST} ký tự: {said[:40]}…", f"Over {LONGEST} characters: {said[:40]}…")
    return said


def _unit(session: Session, actor: Actor, unit_key: str | None) -> UnitRow | None:
    found = None
    if unit_key is not None:
        found = session.scalars(select(UnitRow).where(UnitRow.key == unit_key, UnitRow.gone_at.is_(None))).first()
    if not can_change_class(actor, unit_key) or (unit_key is not None and found is None):
        raise ClassInputError("Hãy chọn đơn vị mà lớp dành cho.", "Please choose the unit that the class is for.")
    return found


def _step(course: CourseRow, step_key: str | None) -> str | None:
    known = [one["key"] for one in course.needs if one["kind"] == "class"]
    if step_key is None:
        return known[0] if known else None
    if step_key not in known:
        raise ClassInputError("Khóa học không có buổi học này.", "The course has no such class.")
    return step_key


def _still_standing(row: ClassRow) -> None:
    if row.cancelled_at is not None:
        raise SeatError("Lớp học này đã hủy.", "This class is cancelled.")


def _somebody_was_there(session: Session, row: ClassRow) -> bool:
    wanted = select(AttendanceRow.id).where(AttendanceRow.training_class == row.id).limit(1)
    return session.scalars(wanted).first() is not None


def _list(session: Session, row: ClassRow) -> list[SeatRow]:
    return list(session.scalars(select(SeatRow).where(SeatRow.training_class == row.id).order_by(SeatRow.number)))


def _said(row: ClassRow) -> dict[str, Any]:
    """What the trail says of a class."""
    return {
        "starts_at": row.starts_at.astimezone(ZoneInfo("UTC")).isoformat(),
        "ends_at": row.ends_at.astimezone(ZoneInfo("UTC")).isoformat(),
        "room": row.room,
        "places": row.places,
        "teacher": row.teacher_name,
    }
