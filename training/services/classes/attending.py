"""Being there, on record: by the code of the screen, or entered by the personnel office from the signed sheet.

A record is made or it is not, and what is said afterwards is read from the record. Being there proves the class step
of the course, for whoever has it to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of
from core.directory.models import OfficialRow
from core.permissions import Actor, Permission, require
from core.words import showable
from training import presence
from training.actions import TrainingAction
from training.errors import CheckInError, ClassNotFoundError
from training.models import AssignmentRow, AttendanceRow, ClassRow, StepDoneRow
from training.moments import Moment
from training.services.classes import seats
from training.services.classes.locking import locked, locked_to_change, own_row
from training.services.completing import step_done

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows to prove that they are in the room: the code, or the ticket their browser got for one."""

    code: str = ""
    ticket: str = ""


def check_in(session: Session, actor: Actor, *, class_id: int, shown: Shown, moment: Moment) -> int:
    """The actor is there: the id of the record, the same when they come twice. Who came gets a free chair, if any.

    Raises `ForbiddenError`, `ClassNotFoundError`, and `CheckInError` outside the class's time, or where what is shown
    does not prove that they are in the room. Then nothing is recorded.
    """
    require(actor, Permission.TRAINING_CLASS_ATTEND)
    own, row = own_row(session, actor), locked(session, class_id)
    if own is None:
        raise ClassNotFoundError(class_id)
    known = _record_of(session, row, own)
    if known is not None:
        return known
    _check_time(row, moment.now)
    if not _proves(session, row, shown, moment.now):
        raise CheckInError(
            "Mã trên màn hình đã đổi hoặc không đúng; chưa ghi nhận gì. Hãy quét lại mã đang hiện trên màn hình.",
            "The code on the screen has changed, or is another one; nothing was recorded. Please scan it again.",
        )
    return _there(session, actor, row, own, "code", "", moment)


def enter(session: Session, actor: Actor, *, class_id: int, official_id: str, note: str, moment: Moment) -> int:
    """Put on record that an official (by number) was there; the id of the record, the same for one who is on record.

    Not before the class begins. Raises `ForbiddenError`, `ClassNotFoundError`, `ClassInputError` for a number that
    nobody in reach has, and `CheckInError`.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    official = seats.reached(session, actor, official_id)
    known = _record_of(session, row, official)
    if known is not None:
        return known
    if row.cancelled_at is not None:
        raise CheckInError("Lớp học này đã hủy; chưa ghi nhận gì.", "This class is cancelled; nothing was recorded.")
    if moment.now < row.starts_at:
        raise CheckInError("Lớp học chưa bắt đầu; chưa ghi nhận gì.", "The class has not begun; nothing was recorded.")
    if official.official_id == actor.official_id:
        raise CheckInError(
            "Không tự nhập có mặt cho chính mình; chưa ghi nhận gì.",
            "Nobody enters themselves as present; nothing was recorded.",
        )
    said = showable(" ".join(note.split()))[:LONGEST_NOTE]
    return _there(session, actor, row, official, "entered", said, moment)


def prove_attended(session: Session, actor: Actor, *, moment: Moment) -> int:
    """Prove the class step for whoever was there while their wave had not begun, and has begun since; how many.

    Only by a class since the course was assigned: who has to renew a certificate comes again.
    """
    steps = (StepDoneRow.assignment == AssignmentRow.id) & (StepDoneRow.kind == "class")
    wanted = (
        select(AssignmentRow.id, AttendanceRow.id, ClassRow.id, ClassRow.step_key)
        .join(AttendanceRow, AttendanceRow.official == AssignmentRow.official)
        .join(ClassRow, ClassRow.id == AttendanceRow.training_class)
        .outerjoin(StepDoneRow, steps & (StepDoneRow.key == ClassRow.step_key))
        .where(AssignmentRow.state == "open", ClassRow.course_key == AssignmentRow.course_key)
        .where(AttendanceRow.at >= AssignmentRow.assigned_at, ClassRow.step_key.is_not(None), StepDoneRow.id.is_(None))
        .order_by(AssignmentRow.id, AttendanceRow.id)
    )
    return sum(
        step_done(
            session, actor, assignment_id=assignment, kind="class", key=step,
            proof={"attendance": attendance, "class": class_id}, moment=moment,
        )
        for assignment, attendance, class_id, step in session.execute(wanted).all()
        if step is not None
    )  # fmt: skip


def session_of(row: ClassRow) -> presence.Session:
    """The class as the codes know it."""
    return presence.Session(row.uid, row.starts_at, row.ends_at, cancelled=row.cancelled_at is not None)


def _there(
    session: Session, actor: Actor, row: ClassRow, official: OfficialRow, how: str, note: str, moment: Moment
) -> int:
    record = AttendanceRow(
        training_class=row.id, official=official.id, how=how, at=moment.now, by=actor.in_trail, note=note
    )  # fmt: skip
    session.add(record)
    session.flush()
    if moment.now < row.ends_at:
        seats.seat_if_free(session, row, official, actor.in_trail, moment)
    proved = _prove(session, actor, row, official, record, moment)
    action = TrainingAction.CLASS_CHECKED_IN if how == "code" else TrainingAction.ATTENDANCE_ENTERED
    facts = {"official": official.official_id, "attendance": record.id, "proved": proved}
    audit.record(session, actor=actor.in_trail, action=action, subject=f"class:{row.id}", facts=facts)
    return record.id


def _prove(
    session: Session, actor: Actor, row: ClassRow, official: OfficialRow, record: AttendanceRow, moment: Moment
) -> bool:
    """The class step of the course, where this person has it to do now."""
    wanted = select(AssignmentRow.id).where(
        AssignmentRow.official == official.id, AssignmentRow.course_key == row.course_key, AssignmentRow.state == "open"
    )
    assignment = session.scalars(wanted).first()
    if assignment is None or row.step_key is None:
        return False
    proof = {"attendance": record.id, "class": row.id}
    return step_done(
        session, actor, assignment_id=assignment, kind="class", key=row.step_key, proof=proof, moment=moment
    )  # fmt: skip


def _record_of(session: Session, row: ClassRow, official: OfficialRow) -> int | None:
    wanted = select(AttendanceRow.id).where(
        AttendanceRow.training_class == row.id, AttendanceRow.official == official.id
    )
    return session.scalars(wanted).first()


def _check_time(row: ClassRow, now: datetime) -> None:
    when = session_of(row)
    if when.cancelled:
        raise CheckInError("Lớp học này đã hủy; chưa ghi nhận gì.", "This class is cancelled; nothing was recorded.")
    if now < when.opens_at:
        raise CheckInError(
            "Chưa đến giờ ghi nhận có mặt của lớp này; chưa ghi nhận gì.",
            "It is too early to check in to this class; nothing was recorded.",
        )
    if now >= when.closes_at:
        raise CheckInError(
            "Lớp học đã kết thúc nên không tự ghi nhận được nữa; chưa ghi nhận gì. Nếu đã có mặt, hãy báo bộ phận tổ"
            " chức cán bộ để được nhập theo danh sách ký tên.",
            "The class is over, so that nobody can check in any more; nothing was recorded. If you were there, ask the"
            " personnel office to enter you from the signed sheet.",
        )


def _proves(session: Session, row: ClassRow, shown: Shown, now: datetime) -> bool:
    key, when = settings_of(session).secret_key, session_of(row)
    return presence.is_good(key, when, shown.code, now) or presence.is_good_ticket(key, when, shown.ticket, now)
