"""An office where courses are followed: two departments, their heads, accounts for most, a course of two steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from core.directory.models import Account, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.services.wording import put_words
from core.mail.models import MailNotice
from core.permissions import Actor, Granted, Role
from training.models import AssignmentRow, CourseRow
from training.moments import Moment
from training.queries.followed import assignments_to_follow
from training.reminders import Kind
from training.services.assigning import assign_by_hand
from training.services.reminding import remind

ASSIGNED, DUE = date(2026, 10, 26), date(2026, 11, 20)
"""A Monday, and a Friday."""
UNITS = (("city", None), ("works", "city"), ("health", "city"))
PEOPLE: Mapping[str, tuple[str, str, str]] = {
    "chair": ("city", "Chủ tịch", "leader"),
    "head": ("works", "Giám đốc", "leader"),
    "second": ("works", "Phó Giám đốc", "leader"),
    "an": ("works", "Chuyên viên", "staff"),
    "binh": ("works", "Chuyên viên", "staff"),
    "doctor": ("health", "Giám đốc", "leader"),
    "nurse": ("health", "Chuyên viên", "staff"),
}
"""Number -> unit, title, rank."""
NO_ACCOUNT = "binh"
HR = Actor("nhansu", frozenset({Role.HR}))
WORKS_HR = Actor("nhansu.works", granted=(Granted(Role.HR, frozenset({"works"})),))
COURSE = "mailbox"
STEPS = [{"kind": "lesson", "key": "one"}, {"kind": "quiz", "key": "end"}]


def moment(day: date, hour: int = 0) -> Moment:
    """Seven in the morning of that day in Viet Nam, and so many hours later."""
    return Moment(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), day)


def settle(session: Session) -> None:
    """Units, people with posts and mailboxes, accounts, a course."""
    units: dict[str, int] = {}
    for key, parent in UNITS:
        row = UnitRow(key=key, name=f"Sở {key}", parent_id=None if parent is None else units[parent])
        session.add(row)
        session.flush()
        units[key] = row.id
    for number, (unit, title, rank) in PEOPLE.items():
        person = OfficialRow(official_id=number, name=f"Nguyễn Văn {number.title()}")
        session.add(person)
        session.flush()
        session.add(PostRow(official=person.id, position=0, unit=units[unit], title=title, rank=rank))
        address = f"{number}@tp.example.gov.vn"
        session.add(MailboxRow(address=address, kind="personal", unit=units[unit], owner=person.id))
        if number != NO_ACCOUNT:
            at = moment(ASSIGNED).now
            session.add(Account(name=number, password_hash="", official=person.id, created_at=at,
                                password_changed_at=at))  # fmt: skip
    session.add(course(COURSE))
    session.flush()
    put_words(session)


def course(key: str) -> CourseRow:
    """A course as it is once it was written."""
    return CourseRow(
        key=key, version=1, title_vi=f"Khóa {key}", title_en=f"Course {key}", summary_vi="", summary_en="",
        audience="everybody", minutes=10, pass_mark=80, needs=STEPS, digest="0" * 64,
    )  # fmt: skip


def assigned(session: Session, number: str, *, due: date = DUE, on: date = ASSIGNED) -> int:
    """A course that somebody is to do, from `on` until `due`."""
    return assign_by_hand(
        session, HR, official_id=number, course_key=COURSE, due_on=due, reason="ít dùng thư", moment=moment(on)
    )


def run_day(session: Session, day: date) -> list[tuple[int, Kind]]:
    """What the morning's run sends on that day."""
    sent = []
    for assignment_id in assignments_to_follow(session, until=day):
        kind = remind(session, assignment_id=assignment_id, moment=moment(day))
        if kind is not None:
            sent.append((assignment_id, kind))
    return sent


def walk(session: Session, first: date, last: date) -> list[tuple[str, Kind]]:
    """What goes out from day to day, with the day it does."""
    found: list[tuple[str, Kind]] = []
    day = first
    while day <= last:
        if is_working_day(day):
            found += [(f"{day:%d/%m}", kind) for _, kind in run_day(session, day)]
        day += timedelta(days=1)
    return found


def official(session: Session, number: str) -> int:
    """The row of somebody."""
    return session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == number)).one()


def told(session: Session) -> list[tuple[str, str]]:
    """Who was told what about courses, in Vietnamese, in the order of telling."""
    wanted = select(Account.name, MailNotice.said_vi).join(Account, Account.id == MailNotice.account)
    wanted = wanted.where(MailNotice.kind.like("training:course:%"))
    return [(name, said) for name, said in session.execute(wanted.order_by(MailNotice.id))]


def assignment(session: Session, assignment_id: int) -> AssignmentRow:
    """The row of an assignment as it is now."""
    return session.get_one(AssignmentRow, assignment_id, populate_existing=True)
