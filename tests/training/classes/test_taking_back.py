"""A record of being there that was entered by mistake is taken back, with the completion and certificate it proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import ForbiddenError
from core.mail.models import MailNotice
from core.permissions import Actor, Role
from core.settings import Settings
from tests.training.classes.office import (
    COURSE,
    DAY,
    HR,
    HR_ELSEWHERE,
    assignment,
    class_row,
    during,
    new_class,
    official,
)
from training import presence
from training.errors import CheckInError, ClassInputError, ClassNotFoundError
from training.models import (
    AssignmentRow,
    AttendanceRow,
    AttendanceTakenBackRow,
    CertificateRow,
    CourseRow,
    StepDoneRow,
)
from training.queries.certificates import verified
from training.queries.class_people import own_taken_back, taken_back_of_class
from training.services import classes as services
from training.services.classes import TakenBack
from training.services.classes.attending import Shown, session_of

WHY = "Nhập nhầm người cùng tên"


def entered(session: Session, number: int = 1, **more: Any) -> int:
    """A class, and an official who was entered as present; its id."""
    class_id = new_class(session, **more)
    services.enter(session, HR, class_id=class_id, official_id=f"CB{number}", note="dòng 7", moment=during(10))
    return class_id


def taken_back(session: Session, class_id: int, number: int = 1, **more: Any) -> TakenBack | None:
    told: dict[str, Any] = {"actor": HR, "why": WHY, "moment": during(60), **more}
    return services.take_back(
        session, told["actor"], class_id=class_id, official_id=f"CB{number}", why=told["why"], moment=told["moment"]
    )


def state(session: Session, official: int = 1) -> str:
    return (
        session.scalars(
            select(AssignmentRow.state).where(AssignmentRow.official == official).order_by(AssignmentRow.id)
        ).first()
        or ""
    )


def test_a_wrong_entry_takes_course_and_certificate_with_it(session: Session) -> None:
    class_id = entered(session)
    first = session.scalars(select(CertificateRow)).one()
    assert (state(session), first.revoked_at) == ("done", None)
    assert taken_back(session, class_id) == TakenBack(reopened=True, revoked=True)
    row = session.scalars(select(AssignmentRow).where(AssignmentRow.official == 1)).one()
    assert (row.state, row.done_at, row.due_on) == ("open", None, DAY + timedelta(days=30))
    assert (first.revoked_why, first.revoked_by) == (WHY, HR.name)
    assert verified(session, first.code, today=DAY).state == "revoked"
    assert session.scalars(select(StepDoneRow)).all() == []
    kept = session.scalars(select(AttendanceTakenBackRow)).one()
    assert (kept.entered_by, kept.note, kept.taken_back_by, kept.why, kept.certificate) == (
        HR.name, "dòng 7", HR.name, WHY, first.id,
    )  # fmt: skip
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "training:class:take_back")).one()
    assert (entry.subject, entry.facts["official"], entry.facts["why"]) == (f"class:{class_id}", "CB1", WHY)
    lines = session.scalars(select(MailNotice.said_vi).order_by(MailNotice.id)).all()
    assert [one.partition(":")[0] for one in lines[-2:]] == [
        "Giấy chứng nhận đã bị thu hồi", "Đã rút ghi nhận có mặt nhập nhầm",
    ]  # fmt: skip
    assert taken_back(session, class_id) is None, "twice is once"
    assert len(session.scalars(select(AttendanceTakenBackRow)).all()) == 1
    services.enter(session, HR, class_id=class_id, official_id="CB1", note="", moment=during(90))
    later = session.scalars(select(CertificateRow).where(CertificateRow.revoked_at.is_(None))).one()
    assert (state(session), later.code != first.code) == ("done", True), "the way back, with a certificate of its own"


def test_who_reads_of_their_own_entry_reads_of_nobody_elses(session: Session) -> None:
    class_id = entered(session)
    services.enter(session, HR, class_id=class_id, official_id="CB2", note="", moment=during(20))
    for number in (1, 2):
        assert taken_back(session, class_id, number) is not None
    assert [one.official_id for one in taken_back_of_class(session, class_id=class_id)] == ["CB2", "CB1"]
    assert [one.official_id for one in own_taken_back(session, official(1), class_id=class_id)] == ["CB1"]
    assert own_taken_back(session, official(3), class_id=class_id) == []
    nobody = Actor("khach", frozenset({Role.OFFICIAL}), None)
    assert own_taken_back(session, nobody, class_id=class_id) == [], "an account that is no official's"


def test_another_class_proves_the_same(session: Session) -> None:
    wrong, right = entered(session), new_class(session)
    services.enter(session, HR, class_id=right, official_id="CB1", note="", moment=during(20))
    other = session.scalars(select(AttendanceRow.id).where(AttendanceRow.training_class == right)).one()
    assert taken_back(session, wrong) == TakenBack(stands=True)
    assert state(session) == "done"
    assert session.scalars(select(CertificateRow.revoked_at)).all() == [None]
    assert session.scalars(select(StepDoneRow.proof)).one() == {"attendance": other, "class": right}
    assert taken_back(session, right) == TakenBack(reopened=True, revoked=True)


def test_a_course_that_needs_the_class_no_more_stays_done(session: Session) -> None:
    class_id = entered(session)
    session.scalars(select(CourseRow).where(CourseRow.key == COURSE)).one().needs = []
    session.flush()
    assert taken_back(session, class_id) == TakenBack()
    assert (state(session), session.scalars(select(CertificateRow.revoked_at)).all()) == ("done", [None])


def test_of_a_course_that_was_not_done_only_the_step_goes(session: Session) -> None:
    course = session.scalars(select(CourseRow).where(CourseRow.key == COURSE)).one()
    course.needs = [*course.needs, {"kind": "quiz", "key": "quiz"}]
    session.flush()
    class_id = entered(session)
    assert (state(session), len(session.scalars(select(StepDoneRow)).all())) == ("open", 1)
    assert taken_back(session, class_id) == TakenBack()
    assert session.scalars(select(StepDoneRow)).all() == []


def test_there_is_time_to_do_it_again_and_a_later_assignment_stays(session: Session) -> None:
    one, two = entered(session, 1), entered(session, 2)
    for number in (1, 2):
        row = session.scalars(select(AssignmentRow).where(AssignmentRow.official == number)).one()
        row.due_on = DAY
    session.add(assignment(2, attempt=2))  # renewed meanwhile
    session.flush()
    assert taken_back(session, one, 1) == TakenBack(reopened=True, revoked=True)
    assert taken_back(session, two, 2) == TakenBack(revoked=True)
    again = session.scalars(select(AssignmentRow).where(AssignmentRow.official == 1)).one()
    assert again.due_on > DAY + timedelta(days=14)
    first, later = session.scalars(select(AssignmentRow).where(AssignmentRow.official == 2).order_by(AssignmentRow.id))
    assert (first.state, first.ended_why, later.state) == ("withdrawn", WHY, "open")


def test_what_is_not_taken_back(session: Session, settings: Settings) -> None:
    class_id = entered(session)
    shown = presence.code(settings.secret_key, session_of(class_row(session, class_id)), during(5).now)
    services.check_in(session, official(3), class_id=class_id, shown=Shown(shown or ""), moment=during(5))
    with pytest.raises(CheckInError, match="by the code"):
        taken_back(session, class_id, 3)
    with pytest.raises(ClassInputError, match="why"):
        taken_back(session, class_id, why="  ")
    with pytest.raises(CheckInError, match="more than a year"):
        taken_back(session, class_id, moment=during(60 * 24 * 400))
    with pytest.raises(ClassNotFoundError):
        taken_back(session, class_id, actor=HR_ELSEWHERE)
    with pytest.raises(ForbiddenError):
        taken_back(session, class_id, actor=official(1))
    with pytest.raises(ClassInputError):
        taken_back(session, class_id, 99)
    assert taken_back(session, class_id, 4) is None, "who is not on record"
    assert session.scalars(select(AttendanceTakenBackRow)).all() == []
    assert state(session) == "done"
