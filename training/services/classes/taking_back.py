"""A record of somebody's being there that was entered by mistake is taken back, and what it had proved with it.

Only what the personnel office entered: who checked in by the code of the screen was in the room. The record is kept
with who took it back, when and why. Where another class proves the same step, that one stands in its place; else the
step is to be done again, and a certificate that stood on it is revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import OfficialRow
from core.permissions import Actor, Permission, require
from core.words import showable
from training.actions import TrainingAction
from training.errors import CheckInError, ClassInputError
from training.models import AssignmentRow, AttendanceRow, AttendanceTakenBackRow, ClassRow, StepDoneRow
from training.moments import Moment
from training.services import completing
from training.services.classes import seats, telling
from training.services.classes.locking import locked_to_change

LONGEST_REASON = 500
LATEST = timedelta(days=366)
"""So long after a class what was entered of it may be taken back."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What it came to: the course is to be done again (`reopened`), its certificate was `revoked`, or another class
    proves the same (`stands`).
    """

    reopened: bool = False
    revoked: bool = False
    stands: bool = False


def take_back(
    session: Session, actor: Actor, *, class_id: int, official_id: str, why: str, moment: Moment
) -> TakenBack | None:
    """Take back that an official (by number) was entered as present; None where they are not on record (any more).

    Raises `ForbiddenError`, `ClassNotFoundError`, `ClassInputError` for a number that nobody in reach has or without a
    reason, and `CheckInError` for oneself, for who checked in by the code, and a year after the class.
    """
    require(actor, Permission.TRAINING_CLASS_CHANGE)
    row = locked_to_change(session, actor, class_id)
    official = seats.reached(session, actor, official_id)
    said = _reason(why)
    wanted = select(AttendanceRow).where(AttendanceRow.training_class == row.id, AttendanceRow.official == official.id)
    record = session.scalars(wanted).first()
    if record is None:
        return None
    _check(actor, row, official, record, moment)
    found, certificate = _unprove(session, actor, row, record, said, moment)
    kept = AttendanceTakenBackRow(
        training_class=row.id, official=official.id, entered_at=record.at, entered_by=record.by, note=record.note,
        taken_back_at=moment.now, taken_back_by=actor.in_trail, why=said, certificate=certificate,
    )  # fmt: skip
    session.add(kept)
    facts = {"official": official.official_id, "attendance": record.id, "entered_by": record.by, "why": said}
    facts |= {"reopened": found.reopened, "stands": found.stands, "certificate": certificate}
    session.delete(record)
    session.flush()
    telling.taken_back(session, row, official.id, kept.id, moment)
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.ATTENDANCE_TAKEN_BACK, subject=f"class:{row.id}",
        facts=facts,
    )  # fmt: skip
    return found


def _check(actor: Actor, row: ClassRow, official: OfficialRow, record: AttendanceRow, moment: Moment) -> None:
    if official.official_id == actor.official_id:
        raise CheckInError(
            "Không tự rút ghi nhận của chính mình; chưa đổi gì.",
            "Nobody changes their own record; nothing was changed.",
        )
    if record.how != "entered":
        raise CheckInError(
            "Người này tự ghi nhận bằng mã trên màn hình trong phòng; chỉ rút được ghi nhận nhập tay. Chưa đổi gì.",
            "This person checked in by the code in the room; only what was entered by hand can be taken back. Nothing"
            " was changed.",
        )
    if moment.now > row.ends_at + LATEST:
        raise CheckInError(
            "Lớp học đã qua hơn một năm nên không rút được ghi nhận nữa; chưa đổi gì.",
            "The class was more than a year ago: its record stays. Nothing was changed.",
        )


def _unprove(
    session: Session, actor: Actor, row: ClassRow, record: AttendanceRow, why: str, moment: Moment
) -> tuple[TakenBack, int | None]:
    """What the record proved is proved no more, unless another one does; and the certificate that was revoked.

    The assignments are locked before anything is looked at: a record that stands in for this one may be taken back at
    the same moment, under the lock of its own class.
    """
    theirs = select(AssignmentRow).where(
        AssignmentRow.official == record.official, AssignmentRow.course_key == row.course_key
    )
    locked = theirs.order_by(AssignmentRow.id).with_for_update().execution_options(populate_existing=True)
    held = {one.id: one for one in session.scalars(locked)}
    wanted = select(StepDoneRow).where(StepDoneRow.assignment.in_(held), StepDoneRow.kind == "class")
    step = next((one for one in session.scalars(wanted) if one.proof.get("attendance") == record.id), None)
    if step is None:
        return TakenBack(), None
    assignment = held[step.assignment]
    other = _other_proof(session, step, assignment, record)
    if other is not None:
        step.proof = {"attendance": other.id, "class": other.training_class}
        return TakenBack(stands=True), None
    undone = completing.step_undone(session, actor, step, assignment=assignment, why=why, moment=moment)
    return TakenBack(reopened=undone.reopened, revoked=undone.certificate is not None), undone.certificate


def _other_proof(
    session: Session, step: StepDoneRow, assignment: AssignmentRow, record: AttendanceRow
) -> AttendanceRow | None:
    """The first other record of a class of the same course and step, since the course was assigned."""
    wanted = (
        select(AttendanceRow)
        .join(ClassRow, ClassRow.id == AttendanceRow.training_class)
        .where(AttendanceRow.official == record.official, AttendanceRow.id != record.id)
        .where(ClassRow.course_key == assignment.course_key, ClassRow.step_key == step.key)
        .where(AttendanceRow.at >= assignment.assigned_at)
        .order_by(AttendanceRow.at, AttendanceRow.id)
    )
    return session.scalars(wanted).first()


def _reason(why: str) -> str:
    said = showable(" ".join(why.split()))
    if not said or len(said) > LONGEST_REASON:
        raise ClassInputError(
            f"Hãy ghi lý do rút ghi nhận, không quá {LONGEST_REASON} ký tự.",
            f"Please write why the entry is taken back, in at most {LONGEST_REASON} characters.",
        )
    return said
