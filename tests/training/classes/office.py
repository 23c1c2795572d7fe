"""A department whose people have a course to do that needs a class, and an office of mail that takes notice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.directory.models import Account, GrantRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Granted, Role
from training.models import AssignmentRow, ClassRow, CourseRow, SeatRow
from training.moments import Moment
from training.services.classes import ClassPlan, make_class

ZONE = "Asia/Ho_Chi_Minh"
DAY = date(2026, 11, 24)
STARTS, ENDS = datetime(2026, 11, 24, 1, 30, tzinfo=UTC), datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
"""Half past eight to half past ten at the office."""
NAMES = ("Nguyễn Thị Ngọc Ánh", "Trần Văn Ửng", "Lê Thị Thu Hà", "Phạm Đức Long", "Hoàng Minh Quân", "Vũ Ngọc Lan")
COURSE, OTHER = "mailbox_class", "phone_class"
HERE, HOUSING, ELSEWHERE = "Sở Xây dựng", "Phòng Quản lý nhà", "Sở Y tế"
HR = Actor("to.chuc", frozenset({Role.HR}))
HR_ELSEWHERE = Actor("to.chuc.y.te", granted=(Granted(Role.HR, frozenset({ELSEWHERE})),))


def settle(session: Session) -> None:
    """Units, officials 1 to 6 with accounts and mailboxes (the last one elsewhere), courses, and who has them to do."""
    here = UnitRow(key=HERE, name=HERE)
    elsewhere = UnitRow(key=ELSEWHERE, name=ELSEWHERE)
    session.add_all([here, elsewhere])
    session.flush()
    housing = UnitRow(key=HOUSING, name=HOUSING, parent_id=here.id)
    session.add(housing)
    session.flush()
    for number, name in enumerate(NAMES, start=1):
        unit = elsewhere if number == len(NAMES) else housing if number % 2 else here
        _person(session, number, name, unit)
    for key, needs in ((COURSE, [{"kind": "class", "key": "room"}]), (OTHER, [])):
        session.add(course(key, needs))
    session.flush()
    for number in range(1, len(NAMES) + 1):
        session.add(assignment(number))
    hr = Account(name=HR.name, password_hash="", created_at=at(), password_changed_at=at(), failed=0)
    session.add(hr)
    session.flush()
    session.add(GrantRow(account=hr.id, role="hr", since=date(2026, 1, 1), given_at=at(), given_by="x"))
    session.flush()


def _person(session: Session, number: int, name: str, unit: UnitRow) -> None:
    row = OfficialRow(official_id=f"CB{number}", name=name)
    session.add(row)
    session.flush()
    session.add(PostRow(official=row.id, position=0, unit=unit.id, title="Chuyên viên", rank="staff"))
    address = f"cb{number}@tp.example.gov.vn"
    session.add(MailboxRow(address=address, kind="personal", unit=unit.id, owner=row.id))
    session.add(
        Account(
            name=f"cb{number}", password_hash="", official=row.id, created_at=at(), password_changed_at=at(), failed=0
        )
    )
    session.flush()


def course(key: str, needs: list[dict[str, str]], **more: object) -> CourseRow:
    """A course of these steps, whose certificate holds a year."""
    told = {
        "version": 1, "title_vi": "Hộp thư công vụ", "title_en": "Your official mailbox", "summary_vi": "",
        "summary_en": "", "audience": "everybody", "minutes": 20, "valid_months": 12, "pass_mark": 80,
        "digest": "0" * 64, "retired_at": None,
    }  # fmt: skip
    return CourseRow(key=key, needs=needs, **{**told, **more})


def assignment(official: int, course_key: str = COURSE, **more: object) -> AssignmentRow:
    """The course assigned to an official (by row), open."""
    told = {
        "reason_vi": "Thử", "reason_en": "A trial", "assigned_at": at(-86_400), "assigned_by": "to.chuc",
        "starts_on": DAY - timedelta(days=7), "due_on": DAY + timedelta(days=30), "state": "open", "drawn": False,
        "attempt": 1,
    }  # fmt: skip
    return AssignmentRow(official=official, course_key=course_key, **{**told, **more})


def at(seconds: float = 0) -> datetime:
    """Two days before the class, in the morning, and so many seconds later."""
    return datetime(2026, 11, 22, 1, 0, tzinfo=UTC) + timedelta(seconds=seconds)


def moment(now: datetime | None = None) -> Moment:
    """A moment with its day at the office; `at()` where none is given."""
    now = now or at()
    return Moment(now, day_in(ZONE, now))


def during(minutes: float = 0) -> Moment:
    """So many minutes after the class began."""
    return moment(STARTS + timedelta(minutes=minutes))


def official(number: int) -> Actor:
    """The account of one of the officials."""
    return Actor(f"cb{number}", frozenset({Role.OFFICIAL}), f"CB{number}")


def plan(**changed: object) -> ClassPlan:
    """The class of the tests; two places."""
    told: dict[str, object] = {
        "day": DAY, "starts": time(8, 30), "ends": time(10, 30), "room": "Phòng 5, tầng 2", "places": 2,
        "teacher": "CB5", "note": "Mang theo điện thoại.",
    }  # fmt: skip
    return ClassPlan(**{**told, **changed})  # type: ignore[arg-type]


def new_class(session: Session, *, course_key: str = COURSE, unit_key: str | None = None, **changed: object) -> int:
    """A class that the personnel office made."""
    return make_class(
        session, HR, course_key=course_key, step_key=None, unit_key=unit_key, plan=plan(**changed), moment=moment()
    )  # fmt: skip


def class_row(session: Session, class_id: int) -> ClassRow:
    return session.scalars(
        select(ClassRow).where(ClassRow.id == class_id).execution_options(populate_existing=True)
    ).one()


def seats(session: Session, class_id: int) -> dict[int, tuple[str, int | None]]:
    """Row of an official -> state and chair."""
    wanted = select(SeatRow).where(SeatRow.training_class == class_id).execution_options(populate_existing=True)
    return {one.official: (one.state, one.chair) for one in session.scalars(wanted)}
