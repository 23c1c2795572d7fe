"""Telling people about their class: a message for the calendar to who has a seat, a line to who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import Account
from core.mail import MailKind, OwnLetter, tell
from core.words import Text, day_words
from training.calendars import Method
from training.models import ClassRow, CourseRow, SeatRow
from training.moments import Moment


def seated(session: Session, row: ClassRow, seats: Iterable[SeatRow], moment: Moment) -> None:
    """They have a seat now: the class for their calendar."""
    said = _said(session, row, Text("Có chỗ trong lớp", "You have a seat in the class"))
    for seat in seats:
        _to_calendar(session, row, seat, "REQUEST", said, moment)


def moved(session: Session, row: ClassRow, seats: Iterable[SeatRow], moment: Moment) -> None:
    """Time, room or teacher changed."""
    said = _said(session, row, Text("Lớp học thay đổi", "The class has changed"))
    for seat in seats:
        if seat.state == "seated":
            _to_calendar(session, row, seat, "REQUEST", said, moment)
        elif seat.state == "waiting":
            _line(session, row, seat, said, moment)


def unseated(session: Session, row: ClassRow, seats: Iterable[SeatRow], moment: Moment) -> None:
    """They have no seat any more: out of the calendar."""
    said = _said(session, row, Text("Không còn chỗ trong lớp", "You have no seat any more in the class"))
    for seat in seats:
        _to_calendar(session, row, seat, "CANCEL", said, moment)


def cancelled(session: Session, row: ClassRow, seats: Iterable[SeatRow], moment: Moment) -> None:
    """The class will not take place."""
    said = _said(session, row, Text("Lớp học đã hủy", "The class is cancelled"))
    for seat in seats:
        if seat.state == "seated":
            _to_calendar(session, row, seat, "CANCEL", said, moment)
        elif seat.state == "waiting":
            _line(session, row, seat, said, moment)


def taken_back(session: Session, row: ClassRow, official: int, record: int, moment: Moment) -> None:
    """An official (by row) is on record as present no more."""
    said = _said(session, row, Text("Đã rút ghi nhận có mặt nhập nhầm", "A wrong entry of your attendance was removed"))
    _tell(session, official, said, f"class:{row.id}:taken_back:{record}", moment, None)


def _to_calendar(session: Session, row: ClassRow, seat: SeatRow, method: Method, said: Text, moment: Moment) -> None:
    """One message, with a SEQUENCE of its own; of a class that is over there is nothing to say to a calendar."""
    if row.ends_at <= moment.now:
        return
    sequence = seat.sequence
    seat.sequence += 1
    session.flush()

    def facts(_account: int) -> Mapping[str, Any]:
        return {"seat": seat.id, "sequence": sequence, "method": method}

    own = OwnLetter(MailKind.TRAINING_CLASS_INVITED, facts)
    _tell(session, seat.official, said, f"class:{row.id}:{sequence}", moment, own)


def _line(session: Session, row: ClassRow, seat: SeatRow, said: Text, moment: Moment) -> None:
    _tell(session, seat.official, said, f"class:{row.id}:change:{row.changes}", moment, None)


def _tell(session: Session, official: int, said: Text, thing: str, moment: Moment, own: OwnLetter | None) -> None:
    wanted = select(Account.id).where(Account.official == official, Account.closed_at.is_(None))
    tell(
        session, accounts=session.scalars(wanted).all(), kind=MailKind.TRAINING_CLASS_CHANGED, said=said, thing=thing,
        now=moment.now, own=own,
    )  # fmt: skip


def _said(session: Session, row: ClassRow, what: Text) -> Text:
    course = session.scalars(select(CourseRow).where(CourseRow.key == row.course_key)).one()
    begins = row.starts_at.astimezone(ZoneInfo(settings_of(session).timezone))
    day = day_words(begins)
    return Text(
        f"{what.vi}: {course.title_vi}, {begins:%H:%M} {day.vi}, {row.room}",
        f"{what.en}: {course.title_en}, {begins:%H:%M}, {day.en}, {row.room}",
    )
