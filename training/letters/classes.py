"""The letter about a class: what, when and where, with a message for the reader's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import OfficialRow
from core.mail import MailKind
from core.mail.letters import Composer, Letter, StaleLetterError, greeting
from core.mail.models import OutgoingMail
from core.words import Language, Text
from training.calendars import Method, as_calendar
from training.models import ClassRow, CourseRow, SeatRow
from training.papers.sheet import span
from training.queries.class_calendars import invitation

TOLD: Mapping[str, tuple[Text, Text]] = {
    "REQUEST": (
        Text("Lớp học", "Class"),
        Text(
            "Ông/Bà có chỗ trong lớp học sau. Thư này kèm lịch; phần mềm thư sẽ đưa lớp vào lịch của Ông/Bà, hoặc sửa"
            " lại nếu lớp đã có trong lịch.",
            "You have a seat in the following class. This message puts it in your calendar, or corrects it there.",
        ),
    ),
    "CANCEL": (
        Text("Không còn lớp học", "No longer a class"),
        Text(
            "Ông/Bà không còn chỗ trong lớp học sau, hoặc lớp đã hủy. Thư này xóa lớp khỏi lịch của Ông/Bà.",
            "You have no seat any more in the following class, or it was cancelled. This message takes it out of your"
            " calendar.",
        ),
    ),
}


def invited(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The letter about a seat that was given, or one that is gone. Stale once a later one about it was queued."""
    seat = session.get(SeatRow, mail.facts.get("seat"))
    sequence, method = int(mail.facts.get("sequence", -1)), cast("Method", mail.facts.get("method"))
    if seat is None or seat.sequence != sequence + 1:
        raise StaleLetterError("a later message says what holds now")
    row = session.get_one(ClassRow, seat.training_class)
    if row.ends_at <= now:
        raise StaleLetterError("the class is over")
    language = cast("Language", mail.language)
    course = session.scalars(select(CourseRow).where(CourseRow.key == row.course_key)).one()
    title = Text(course.title_vi, course.title_en).to(language)
    opening, said = TOLD[method]
    when = span(row.starts_at, row.ends_at, settings_of(session).timezone, language)
    why = row.cancelled_why if row.cancelled_at is not None else None
    told = invitation(
        session, row, sequence=sequence, said_at=mail.created_at, language=language, address=mail.address,
        name=session.get_one(OfficialRow, seat.official).name,
    )  # fmt: skip
    return Letter(
        language=language,
        subject=f"{opening.to(language)}: {title}, {when}",
        greeting=greeting(session, mail).to(language),
        paragraphs=tuple(one.to(language) for one in (said, *_about(row, title, when), *_reason(why))),
        button=(Text("Mở trang lớp học", "Open the class").to(language), told.page),
        why=Text(
            "Ông/Bà nhận thư này vì có tên trong danh sách của lớp học.",
            "You get this message because you are on the list of the class.",
        ).to(language),
        calendar=(method, as_calendar(told, method).decode()),
    )


LETTERS: Mapping[str, Composer] = {MailKind.TRAINING_CLASS_INVITED: invited}


def _about(row: ClassRow, title: str, when: str) -> list[Text]:
    told = [
        Text(f"{title}. Thời gian: {when}.", f"{title}. Time: {when}."),
        Text(
            f"Phòng: {row.room}. Người hướng dẫn: {row.teacher_name}.",
            f"Room: {row.room}. Teacher: {row.teacher_name}.",
        ),
    ]
    return [*told, *([Text(row.note, row.note)] if row.note else [])]


def _reason(why: str | None) -> list[Text]:
    return [] if why is None else [Text(f"Lý do hủy: {why}", f"Why it is cancelled: {why}")]
