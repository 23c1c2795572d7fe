"""What goes wrong with attendance elsewhere: no record without presence, no success without a record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import ForbiddenError
from core.permissions import Actor, Role
from core.settings import Settings
from tests.training.classes.office import (
    COURSE,
    ENDS,
    HR,
    HR_ELSEWHERE,
    OTHER,
    STARTS,
    assignment,
    class_row,
    during,
    moment,
    new_class,
    official,
    plan,
    seats,
)
from training import presence
from training.errors import CheckInError, ClassInputError, ClassNotFoundError
from training.models import AssignmentRow, AttendanceRow, CertificateRow, StepDoneRow
from training.moments import Moment
from training.queries.classes import own_class
from training.services import classes as services
from training.services.classes.attending import Shown, session_of


def code(settings: Settings, session: Session, class_id: int, when: Moment) -> Shown:
    """What the screen shows then."""
    made = presence.code(settings.secret_key, session_of(class_row(session, class_id)), when.now)
    assert made is not None
    return Shown(code=made)


def records(session: Session) -> int:
    return session.scalar(select(func.count(AttendanceRow.id))) or 0


def test_nobody_marks_themselves_present_in_a_class_to_come(session: Session, settings: Settings) -> None:
    """Neither with a code of the right shape, nor with one made for that very time."""
    class_id = new_class(session)
    ahead = code(settings, session, class_id, during(5))
    for when, shown in (
        (moment(), ahead),
        (during(-31), ahead),
        (moment(), Shown(code="00000000")),
        (moment(), Shown()),
    ):
        with pytest.raises(CheckInError, match="too early"):
            services.check_in(session, official(1), class_id=class_id, shown=shown, moment=when)
    with pytest.raises(CheckInError, match="has not begun"):
        services.enter(session, HR, class_id=class_id, official_id="CB1", note="", moment=moment())
    assert records(session) == 0


def test_nobody_checks_in_when_the_class_is_over(session: Session, settings: Settings) -> None:
    class_id = new_class(session)
    last = moment(ENDS + presence.AFTER - timedelta(seconds=1))
    shown = code(settings, session, class_id, last)
    with pytest.raises(CheckInError, match="over"):
        services.check_in(session, official(1), class_id=class_id, shown=shown, moment=moment(ENDS + presence.AFTER))
    services.check_in(session, official(1), class_id=class_id, shown=shown, moment=last)
    assert records(session) == 1


def test_what_is_said_afterwards_is_what_the_record_says(session: Session, settings: Settings) -> None:
    """No success without a record: a wrong code leaves none, and the page knows of none."""
    class_id = new_class(session)
    with pytest.raises(CheckInError, match="nothing was recorded"):
        services.check_in(session, official(1), class_id=class_id, shown=Shown(code="ABCDEFGH"), moment=during(5))
    assert (records(session), own_class(session, official(1), class_id=class_id, now=during(5).now).state) == (
        0,
        "none",
    )
    shown = code(settings, session, class_id, during(5))
    services.check_in(session, official(1), class_id=class_id, shown=shown, moment=during(5))
    own = own_class(session, official(1), class_id=class_id, now=during(6).now)
    assert (records(session), own.state, own.present_at) == (1, "present", during(5).now)


def test_twice_is_once(session: Session, settings: Settings) -> None:
    """The button pressed again, and the sheet after the code: one record, the first, and one step."""
    class_id = new_class(session)
    shown = code(settings, session, class_id, during(5))
    first = services.check_in(session, official(2), class_id=class_id, shown=shown, moment=during(5))
    again = services.check_in(session, official(2), class_id=class_id, shown=Shown(), moment=during(500))
    entered = services.enter(session, HR, class_id=class_id, official_id="CB2", note="dòng 2", moment=during(500))
    assert first == again == entered
    assert session.scalars(select(AttendanceRow.how)).all() == ["code"]
    assert len(session.scalars(select(StepDoneRow)).all()) == 1
    wanted = select(func.count(AuditEntry.id)).where(AuditEntry.action == "training:class:check_in")
    assert session.scalar(wanted) == 1


def test_the_code_of_one_class_is_none_of_another_at_the_same_time(session: Session, settings: Settings) -> None:
    here, there = new_class(session), new_class(session, room="Phòng 6")
    shown = code(settings, session, there, during(5))
    with pytest.raises(CheckInError):
        services.check_in(session, official(1), class_id=here, shown=shown, moment=during(5))
    ticket = presence.ticket(settings.secret_key, session_of(class_row(session, there)), during(5).now)
    with pytest.raises(CheckInError):
        services.check_in(session, official(1), class_id=here, shown=Shown(ticket=ticket), moment=during(6))
    assert records(session) == 0


def test_a_class_that_was_moved_forgets_its_codes(session: Session, settings: Settings) -> None:
    class_id = new_class(session)
    old = code(settings, session, class_id, during(-20))
    later = plan(starts=(STARTS + timedelta(hours=7, minutes=15)).time())
    services.change_class(session, HR, class_id=class_id, seen_changes=0, plan=later, moment=during(-19))
    with pytest.raises(CheckInError):
        services.check_in(session, official(1), class_id=class_id, shown=old, moment=during(-19))


def test_nobody_checks_in_to_a_class_that_was_cancelled(session: Session, settings: Settings) -> None:
    class_id = new_class(session)
    shown = code(settings, session, class_id, during(-20))
    services.cancel_class(session, HR, class_id=class_id, why="Mất điện", moment=during(-19))
    with pytest.raises(CheckInError, match="cancelled"):
        services.check_in(session, official(1), class_id=class_id, shown=shown, moment=during(-19))
    with pytest.raises(CheckInError, match="cancelled"):
        services.enter(session, HR, class_id=class_id, official_id="CB1", note="", moment=during(5))


def test_a_telephone_that_logs_in_slowly_loses_nothing(session: Session, settings: Settings) -> None:
    """The ticket of a scanned code is good when the code is long gone; not for ever."""
    class_id = new_class(session)
    ticket = presence.ticket(settings.secret_key, session_of(class_row(session, class_id)), during(5).now)
    for minutes in (16, 4):  # too late, and before it was made
        with pytest.raises(CheckInError):
            services.check_in(
                session, official(1), class_id=class_id, shown=Shown(ticket=ticket), moment=during(minutes)
            )
    services.check_in(session, official(1), class_id=class_id, shown=Shown(ticket=ticket), moment=during(14))
    assert records(session) == 1


def test_who_came_gets_a_free_chair_and_is_recorded_where_there_is_none(session: Session, settings: Settings) -> None:
    class_id = new_class(session, places=1)
    for number in (3, 4):
        shown = code(settings, session, class_id, during(5))
        services.check_in(session, official(number), class_id=class_id, shown=shown, moment=during(5))
    assert seats(session, class_id) == {3: ("seated", 1)}
    assert records(session) == 2


def test_being_there_proves_only_the_course_of_the_class_and_only_while_it_is_to_be_done(session: Session) -> None:
    session.add(assignment(1, OTHER))
    session.get_one(AssignmentRow, 2).state = "waiting"
    session.flush()
    class_id = new_class(session)
    for number in ("CB1", "CB2"):
        services.enter(session, HR, class_id=class_id, official_id=number, note="", moment=during(10))
    done = session.scalars(select(AssignmentRow).where(AssignmentRow.state == "done")).all()
    assert [(one.official, one.course_key) for one in done] == [(1, COURSE)]

    session.get_one(AssignmentRow, 2).state = "open"  # their wave begins
    session.flush()
    assert services.prove_attended(session, HR, moment=during(3000)) == 1
    assert services.prove_attended(session, HR, moment=during(3000)) == 0
    assert session.scalars(select(CertificateRow.official).order_by(CertificateRow.id)).all() == [1, 2]


def test_a_class_before_the_course_was_assigned_proves_nothing(session: Session) -> None:
    class_id = new_class(session)
    session.get_one(AssignmentRow, 1).state = "waiting"
    session.flush()
    services.enter(session, HR, class_id=class_id, official_id="CB1", note="", moment=during(10))
    row = session.get_one(AssignmentRow, 1)
    row.state, row.assigned_at = "open", during(20).now
    session.flush()
    assert services.prove_attended(session, HR, moment=during(30)) == 0


def test_a_course_without_a_class_is_not_done_by_one(session: Session) -> None:
    session.add(assignment(1, OTHER))
    session.flush()
    class_id = new_class(session, course_key=OTHER)
    assert class_row(session, class_id).step_key is None
    services.enter(session, HR, class_id=class_id, official_id="CB1", note="", moment=during(10))
    assert session.scalars(select(StepDoneRow)).all() == []


def test_only_the_personnel_office_of_the_unit_enters_people_and_nobody_themselves(session: Session) -> None:
    class_id = new_class(session)
    with pytest.raises(ForbiddenError):
        services.enter(session, official(1), class_id=class_id, official_id="CB1", note="", moment=during(10))
    with pytest.raises(ClassNotFoundError):
        services.enter(session, HR_ELSEWHERE, class_id=class_id, official_id="CB6", note="", moment=during(10))
    with pytest.raises(ClassInputError):
        services.enter(session, HR, class_id=class_id, official_id="CB99", note="", moment=during(10))
    themselves = Actor("to.chuc", frozenset({Role.HR, Role.OFFICIAL}), "CB1")
    with pytest.raises(CheckInError, match="Nobody enters themselves"):
        services.enter(session, themselves, class_id=class_id, official_id="CB1", note="", moment=during(10))
    assert records(session) == 0
