"""Seats: asked for, given back, and given on to who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import OfficialRow
from core.directory.queries import official_row, unit_keys_of, units_below
from core.permissions import Actor, Permission, require
from training import seating
from training.actions import TrainingAction
from training.errors import ClassInputError, ClassNotFoundError, SeatError
from training.models import STILL_OPEN, AssignmentRow, ClassRow, SeatRow
from training.moments import Moment
from training.seating import Seating
from training.services.classes import telling
from training.services.classes.locking import locked, locked_to_change, own_row


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking: on a chair, or at this place in the line (1 gets the next free chair)."""

    seated: bool
    place_in_line: int | None


def ask_seat(session: Session, actor: Actor, *, class_id: int, moment: Moment) -> Asked:
    """The actor asks for a seat in a class of a course they have to do; twice is once.

    Raises `ForbiddenError`, `ClassNotFoundError` for a class that is not for them, and `SeatError` for one that has
    begun or is cancelled, or where the line is full.
    """
    require(actor, Permission.TRAINING_CLASS_ATTEND)
    own, row = own_row(session, actor), locked(session, class_id)
    if own is None or not _is_for(session, row, own):
        raise ClassNotFoundError(class_id)
    return _ask(session, actor, row, own, moment)


def give_seat(session: Session, actor: Actor, *, class_id: int, official_id: str, moment: Moment) -> Asked:
    """Put an official (by number) on the list of a class, whatever they have to do; in line where it is full.

    Raises `ForbiddenError`, `ClassNotFoundError`, `ClassInputError` for a number nobody in reach has, and `SeatError`.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    return _ask(session, actor, row, reached(session, actor, official_id), moment)


def leave_seat(session: Session, actor: Actor, *, class_id: int, moment: Moment) -> None:
    """The actor gives the seat back, or waits no longer; nothing where they have none. The first in line moves up.

    Raises `ForbiddenError`, `ClassNotFoundError`, and `SeatError` once the class has begun.
    """
    require(actor, Permission.TRAINING_CLASS_ATTEND)
    own, row = own_row(session, actor), locked(session, class_id)
    if own is None or own.id not in _people(session, row):
        raise ClassNotFoundError(class_id)
    _leave(session, actor, row, own, moment)


def take_seat_away(session: Session, actor: Actor, *, class_id: int, official_id: str, moment: Moment) -> None:
    """Take an official off the list. Raises as `give_seat`."""
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    official = official_row(session, official_id.strip())
    if official is None or official.id not in _people(session, row):
        raise ClassInputError("Người này không có trong danh sách lớp.", "This official is not on the list.")
    _leave(session, actor, row, official, moment)


def free_seats(session: Session, *, official: int, by: str, moment: Moment) -> int:
    """Give back every seat to come of an official (by row) who has left, and every place in a line; how many.

    Who waited moves up and is told. The entry in the trail is the caller's.
    """
    listed = select(SeatRow.training_class).where(SeatRow.official == official, SeatRow.state != "left")
    ahead = select(ClassRow.id).where(
        ClassRow.id.in_(listed), ClassRow.starts_at > moment.now, ClassRow.cancelled_at.is_(None)
    )
    found = session.scalars(ahead.order_by(ClassRow.id)).all()
    for class_id in found:
        row = locked(session, class_id)
        rows = _rows(session, row)
        before = _seating(row, rows)
        telling.seated(
            session, row, apply(session, row, rows, before, seating.leave(before, official), by, moment), moment
        )
    return len(found)


def seat_if_free(session: Session, row: ClassRow, official: OfficialRow, by: str, moment: Moment) -> None:
    """A chair for somebody who came, where one is free. Of a locked class; tells nobody and records nothing."""
    rows = _rows(session, row)
    before = _seating(row, rows)
    if before.free > 0:
        apply(session, row, rows, before, seating.ask(before, official.id), by, moment)


def resize(session: Session, row: ClassRow, places: int, by: str, moment: Moment) -> list[SeatRow]:
    """Another number of places in a locked class; the seats of those who moved up. Raises `SeatError`."""
    rows = _rows(session, row)
    before = _seating(row, rows)
    after = seating.resize(before, places)
    row.places = places
    return apply(session, row, rows, before, after, by, moment)


def reached(session: Session, actor: Actor, official_id: str) -> OfficialRow:
    """The official of that number, where the actor reaches them; raises `ClassInputError` as if there were none."""
    found = official_row(session, official_id.strip()[:64])
    if found is None or found.gone_at is not None or not actor.may_of(
        Permission.TRAINING_CLASS_CHANGE, found.official_id, unit_keys_of(session, found.id)
    ):  # fmt: skip
        raise ClassInputError(
            "Danh bạ không có cán bộ nào mang mã này.", "There is no official with this number in the directory."
        )
    return found


def _ask(session: Session, actor: Actor, row: ClassRow, official: OfficialRow, moment: Moment) -> Asked:
    _still_ahead(row, moment)
    rows = _rows(session, row)
    before = _seating(row, rows)
    after = seating.ask(before, official.id)
    if after != before:
        given = apply(session, row, rows, before, after, actor.in_trail, moment)
        telling.seated(session, row, given, moment)
        facts = {"official": official.official_id, "seated": after.chair_of(official.id) is not None}
        _record(session, actor, TrainingAction.SEAT_ASKED, row, facts)
    return Asked(after.chair_of(official.id) is not None, after.place_in_line(official.id))


def _leave(session: Session, actor: Actor, row: ClassRow, official: OfficialRow, moment: Moment) -> None:
    _still_ahead(row, moment)
    rows = _rows(session, row)
    before = _seating(row, rows)
    had_chair = before.chair_of(official.id) is not None
    given = apply(
        session, row, rows, before, seating.leave(before, official.id), actor.in_trail, moment
    )  # fmt: skip
    if had_chair:
        telling.unseated(session, row, [rows[official.id]], moment)
    telling.seated(session, row, given, moment)
    moved_up = [session.get_one(OfficialRow, one.official).official_id for one in given]
    facts = {"official": official.official_id, "had_seat": had_chair, "moved_up": moved_up}
    _record(session, actor, TrainingAction.SEAT_LEFT, row, facts)


def apply(
    session: Session, row: ClassRow, rows: dict[int, SeatRow], before: Seating, after: Seating, by: str, moment: Moment
) -> list[SeatRow]:
    """Writes what became of the list; the rows of those who got a chair by it, in the order of chairs.

    A chair is empty before somebody else sits down on it: those who leave are written first, then those who change
    chairs (each to a lower one), then those who get one.
    """
    for person in before.people - after.people:
        one = rows[person]
        one.state, one.chair, one.seated_at, one.left_at = "left", None, None, moment.now
    session.flush()
    sat = {person for _, person in before.seated}
    for chair, person in after.seated:
        if person in sat and rows[person].chair != chair:
            rows[person].chair = chair
            session.flush()
    number = session.scalar(select(func.max(SeatRow.number)).where(SeatRow.training_class == row.id)) or 0
    given = []
    chairs: list[tuple[int | None, int]] = [*after.seated, *((None, one) for one in after.waiting)]
    for place, person in chairs:
        if person not in before.people:
            number += 1
            _put_on_list(session, row, rows, person, number, by, moment)
        if place is not None and person not in sat:
            one = rows[person]
            one.state, one.chair, one.seated_at = "seated", place, moment.now
            given.append(one)
        session.flush()
    return given


def _put_on_list(
    session: Session, row: ClassRow, rows: dict[int, SeatRow], person: int, number: int, by: str, moment: Moment
) -> None:
    one = rows.get(person)
    if one is None:
        one = SeatRow(training_class=row.id, official=person, sequence=0)
        rows[person] = one
        session.add(one)
    one.state, one.number, one.chair, one.asked_at, one.asked_by = "waiting", number, None, moment.now, by
    one.seated_at = one.left_at = None


def _seating(row: ClassRow, rows: Mapping[int, SeatRow]) -> Seating:
    """The list as `training.seating` knows it."""
    seated = sorted((one.chair, one.official) for one in rows.values() if one.chair is not None)
    waiting = sorted((one.number, one.official) for one in rows.values() if one.state == "waiting")
    return Seating(row.places, tuple(seated), tuple(official for _, official in waiting))


def _rows(session: Session, row: ClassRow) -> dict[int, SeatRow]:
    """Row of an official -> their row on the list, of those who left too."""
    wanted = select(SeatRow).where(SeatRow.training_class == row.id).execution_options(populate_existing=True)
    return {one.official: one for one in session.scalars(wanted)}


def _people(session: Session, row: ClassRow) -> frozenset[int]:
    return _seating(row, _rows(session, row)).people


def _still_ahead(row: ClassRow, moment: Moment) -> None:
    if row.cancelled_at is not None:
        raise SeatError("Lớp học này đã hủy.", "This class is cancelled.")
    if row.starts_at <= moment.now:
        raise SeatError("Lớp học đã bắt đầu.", "The class has begun.")


def _is_for(session: Session, row: ClassRow, official: OfficialRow) -> bool:
    """Whether the class is of a course the official has to do, and for their unit; or they are on its list already."""
    if official.id in _people(session, row):
        return True
    assigned = select(AssignmentRow.id).where(
        AssignmentRow.official == official.id,
        AssignmentRow.course_key == row.course_key,
        AssignmentRow.state.in_(STILL_OPEN),
    )
    if session.scalars(assigned).first() is None:
        return False
    return row.unit is None or bool(units_below(session, [row.unit])[row.unit] & unit_keys_of(session, official.id))


def _record(session: Session, actor: Actor, action: TrainingAction, row: ClassRow, facts: dict[str, object]) -> None:
    audit.record(session, actor=actor.in_trail, action=action, subject=f"class:{row.id}", facts=facts)


__all__ = ["Asked", "ask_seat", "give_seat", "leave_seat", "reached", "resize", "seat_if_free", "take_seat_away"]
