"""A class as an event of somebody's calendar: what the letter about a seat carries, and what its owner may fetch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import OfficialRow
from core.mail.options import MailOptions
from core.permissions import Actor
from core.words import Language, Text, showable
from training.calendars import Invitation, as_calendar
from training.errors import ClassNotFoundError
from training.models import ClassRow, CourseRow, SeatRow


def invitation(
    session: Session, row: ClassRow, *, sequence: int, said_at: datetime, language: Language, address: str, name: str
) -> Invitation:
    """The class for the calendar of somebody with this `address` and `name`. One SQL query."""
    settings = settings_of(session)
    course = session.scalars(select(CourseRow).where(CourseRow.key == row.course_key)).one()
    options = MailOptions.of(settings)
    return Invitation(
        uid=row.uid,
        sequence=sequence,
        said_at=said_at,
        title=showable(Text(course.title_vi, course.title_en).to(language)),
        room=row.room,
        description=row.note,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=settings.timezone,
        organiser=options.sender,
        organiser_name="Vanthu",
        attendee=address,
        attendee_name=showable(name),
        page=f"{options.site}/learning/classes/{row.id}",
        cancelled=row.cancelled_at is not None,
    )


def own_calendar(session: Session, actor: Actor, *, class_id: int, language: Language, now: datetime) -> bytes:
    """The event of a class in which the actor has a seat, as a calendar object for a file.

    It says what the last message about it said, under the same UID. Raises `ClassNotFoundError` without a seat.
    """
    wanted = (
        select(SeatRow, ClassRow, OfficialRow.name)
        .join(ClassRow, ClassRow.id == SeatRow.training_class)
        .join(OfficialRow, OfficialRow.id == SeatRow.official)
        .where(SeatRow.training_class == class_id, SeatRow.state == "seated")
        .where(OfficialRow.official_id == actor.official_id)
    )
    found = session.execute(wanted).first()
    if found is None:
        raise ClassNotFoundError(class_id)
    seat, row, name = found
    told = invitation(
        session, row, sequence=max(seat.sequence - 1, 0), said_at=now, language=language, address="", name=name
    )  # fmt: skip
    return as_calendar(told, None)
