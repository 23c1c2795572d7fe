"""Assignments: made by hand, begun on the first day of their wave, withdrawn. Those of rules: `services.campaigns`."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import OfficialRow
from core.directory.queries import official_row, unit_keys_of
from core.permissions import Actor, Permission, require
from core.words import Text, showable
from training.actions import TrainingAction
from training.errors import AlreadyAssignedError, AssigningError, AssignmentNotFoundError, MovedOnError
from training.models import STILL_OPEN, AssignmentRow, CourseRow
from training.moments import Moment
from training.permissions import can_assign_to
from training.services.announcing import hush

LONGEST_REASON = 500
"""Characters of what somebody writes."""


def assign_by_hand(
    session: Session,
    actor: Actor,
    *,
    official_id: str,
    course_key: str,
    due_on: date,
    reason: str | Text,
    moment: Moment,
) -> int:
    """Have an official (by number) do a course by `due_on`, from today on; the id of the assignment.

    `reason` is a `Text` where the program says it; what somebody typed stands in both languages as it was typed.

    Raises `ForbiddenError`, `AssigningError` for an official who is not in reach, a course that is none, a day that is
    past or no reason, and `AlreadyAssignedError` for somebody who has that course to do.
    """
    require(actor, Permission.TRAINING_RULE_CHANGE)
    official = reached_official(session, actor, official_id)
    words = Text(reason, reason) if isinstance(reason, str) else reason
    said = Text(checked_reason(words.vi), checked_reason(words.en))
    check_course(session, course_key)
    if due_on < moment.today:
        raise AssigningError("Hạn hoàn thành đã qua.", "The day by which it is to be done is past.")
    row = AssignmentRow(
        official=official.id, course_key=course_key, reason_vi=said.vi, reason_en=said.en, assigned_at=moment.now,
        assigned_by=actor.in_trail, starts_on=moment.today, due_on=due_on, state="open",
        attempt=attempts(session, official.id, course_key) + 1,
    )  # fmt: skip
    if open_assignment(session, official.id, course_key) is not None:
        raise AlreadyAssignedError
    session.add(row)
    session.flush()
    facts = {"official": official.official_id, "course": course_key, "due": due_on.isoformat(), "by_hand": True}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.ASSIGNMENT_MADE, subject=f"assignment:{row.id}",
        facts=facts,
    )  # fmt: skip
    return row.id


def withdraw_assignment(session: Session, actor: Actor, *, assignment_id: int, why: str, moment: Moment) -> None:
    """Take back what is not done yet. Raises `ForbiddenError`, `AssignmentNotFoundError`, `AssigningError`
    without a reason, and `MovedOnError` for one that is over; one that was withdrawn already stays as it is.
    """
    require(actor, Permission.TRAINING_RULE_CHANGE)
    wanted = select(AssignmentRow).where(AssignmentRow.id == assignment_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).first()
    official = None if row is None else session.get_one(OfficialRow, row.official)
    if (
        row is None
        or official is None
        or not can_assign_to(actor, official.official_id, unit_keys_of(session, official.id))
    ):
        raise AssignmentNotFoundError(assignment_id)
    if row.state == "withdrawn":
        return
    if row.state not in STILL_OPEN:
        raise MovedOnError("Lượt học này đã kết thúc.", "This assignment is over already.")
    row.ended_why = checked_reason(why)
    row.state, row.ended_at, row.ended_by = "withdrawn", moment.now, actor.in_trail
    session.flush()
    hush(session, [row.id])
    facts = {"official": official.official_id, "course": row.course_key}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.ASSIGNMENT_WITHDRAWN,
        subject=f"assignment:{assignment_id}", facts=facts,
    )  # fmt: skip


def begin_waves(session: Session, actor: Actor, *, moment: Moment) -> int:
    """Open what waited for the first day of its wave; how many assignments. Raises `ForbiddenError`."""
    require(actor, Permission.TRAINING_RULE_CHANGE)
    wanted = (
        select(AssignmentRow)
        .where(AssignmentRow.state == "waiting", AssignmentRow.starts_on <= moment.today)
        .order_by(AssignmentRow.id)
        .with_for_update()
    )
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    for row in rows:
        row.state = "open"
    session.flush()
    if rows:
        begun = Counter((row.campaign, row.wave) for row in rows)
        facts = {"waves": [[campaign, wave, number] for (campaign, wave), number in sorted(begun.items(), key=str)]}
        audit.record(
            session, actor=actor.in_trail, action=TrainingAction.WAVES_BEGUN, subject="assignments", facts=facts
        )
    return len(rows)


def open_assignment(session: Session, official: int, course_key: str) -> int | None:
    """The assignment of a course that an official (by row) has still to do; None where there is none."""
    wanted = select(AssignmentRow.id).where(
        AssignmentRow.official == official,
        AssignmentRow.course_key == course_key,
        AssignmentRow.state.in_(STILL_OPEN),
    )
    return session.scalars(wanted).first()


def attempts(session: Session, official: int, course_key: str) -> int:
    """How often the official was given the course, however that ended."""
    wanted = select(func.count()).where(AssignmentRow.official == official, AssignmentRow.course_key == course_key)
    return session.scalar(wanted) or 0


def reached_official(session: Session, actor: Actor, official_id: str) -> OfficialRow:
    """The official of that number; whom the actor does not reach is as if not in the directory (`AssigningError`)."""
    found = official_row(session, official_id.strip())
    if (
        found is None
        or found.gone_at is not None
        or not can_assign_to(actor, found.official_id, unit_keys_of(session, found.id))
    ):
        raise stranger(official_id)
    return found


def stranger(official_id: str) -> AssigningError:
    """What is said of a number that nobody in reach has."""
    said = showable(official_id.strip()[:64])
    return AssigningError(
        f"Danh bạ không có cán bộ nào mang mã “{said}”.",
        f"There is no official with the number “{said}” in the directory.",
    )


def checked_reason(text: str) -> str:
    """What somebody wrote as a reason, on one line; raises `AssigningError` where there is none or too much."""
    said = " ".join(text.split())
    if not said:
        raise AssigningError("Hãy ghi lý do.", "Please write the reason.")
    if len(said) > LONGEST_REASON:
        why = Text(f"Lý do dài quá {LONGEST_REASON} ký tự.", f"The reason is longer than {LONGEST_REASON} characters.")
        raise AssigningError(why.vi, why.en)
    return showable(said)


def check_course(session: Session, course_key: str) -> None:
    """Raises `AssigningError` for what is no course, or one that is not taught any more."""
    taught = select(CourseRow.id).where(CourseRow.key == course_key, CourseRow.retired_at.is_(None))
    if session.scalars(taught).first() is None:
        raise AssigningError("Không có khóa học này.", "There is no such course.", detail=course_key[:64])
