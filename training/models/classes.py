"""Classes: a course taught in a room at a time, who has a seat, who waits for one, and who was there.

A seat is a chair with a number: the database refuses two people on one chair, whatever happens at the same moment. Who
waits has no chair and keeps the number of the order in which people asked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

MOST_PLACES = 1000
SEAT_STATES = ("seated", "waiting", "left")
"""Has a chair; waits for one; has given it back, or was taken off the list."""
HOW_PRESENT = ("code", "entered")
"""Checked in with the code of the screen, or entered by the personnel office from the signed sheet."""


class ClassRow(Base):
    """A session of a course. `starts_at` and `ends_at` are moments; pages show them in the office's zone.

    `changes` counts every change of what people were told (time, room, teacher, cancellation): a page that was made
    before is told so, and an invitation that was overtaken is not sent. `unit` None: for the whole city.
    """

    __tablename__ = "training_class"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order"),
        CheckConstraint(f"places BETWEEN 1 AND {MOST_PLACES}", name="places"),
        CheckConstraint("changes >= 0", name="counted"),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancelled_why IS NULL)",
            name="cancelled_whole",
        ),
        Index("ix_training_class_starts_at", "starts_at"),
        Index("ix_training_class_course_key", "course_key", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """What calendars know it by, the same for ever."""
    course_key: Mapped[str]
    step_key: Mapped[str | None]
    """The class step of the course that being there proves; None where the course has none."""
    unit: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    room: Mapped[str]
    places: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    teacher: Mapped[int | None] = mapped_column(ForeignKey("official.id"), index=True)
    """The teacher, where it is an official: they see the screen and the sheet of their class."""
    teacher_name: Mapped[str]
    note: Mapped[str]
    """What those who come should know; may be empty."""
    changes: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancelled_why: Mapped[str | None]


class SeatRow(Base):
    """An official on the list of a class; one row a person, whatever they did in which order.

    `number` is the place in the order of asking, a new one each time somebody asks again. `sequence` counts the
    calendar messages to this person about this class: the SEQUENCE of the next one (RFC 5546) is always higher.
    """

    __tablename__ = "class_seat"
    __table_args__ = (
        UniqueConstraint("training_class", "official", name="uq_class_seat_training_class_official"),
        UniqueConstraint("training_class", "number", name="uq_class_seat_training_class_number"),
        CheckConstraint(one_of("state", SEAT_STATES), name="state"),
        CheckConstraint("(state = 'seated') = (chair IS NOT NULL)", name="seated_on_chair"),
        CheckConstraint("(state = 'seated') = (seated_at IS NOT NULL)", name="seated_when"),
        CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name="left_when"),
        CheckConstraint(f"chair IS NULL OR chair BETWEEN 1 AND {MOST_PLACES}", name="chair"),
        CheckConstraint("number >= 1 AND sequence >= 0", name="counted"),
        Index(
            "uq_class_seat_chair",
            "training_class",
            "chair",
            unique=True,
            sqlite_where=text("chair IS NOT NULL"),
            postgresql_where=text("chair IS NOT NULL"),
        ),
        Index("ix_class_seat_official", "official", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_class: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    state: Mapped[str]
    number: Mapped[int]
    chair: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    """Who put them on the list: they themselves, or the personnel office."""
    seated_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class AttendanceRow(Base):
    """An official was there: once for each class. `by` is who said so, as the trail names them."""

    __tablename__ = "class_attendance"
    __table_args__ = (
        UniqueConstraint("training_class", "official", name="uq_class_attendance_training_class_official"),
        CheckConstraint(one_of("how", HOW_PRESENT), name="how"),
        Index("ix_class_attendance_official", "official"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_class: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    how: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]
    """What whoever entered it by hand added; empty else."""


class AttendanceTakenBackRow(Base):
    """A record of somebody's being there that was entered wrongly: as it was, and who took it back, when and why.

    `certificate` is the one that was revoked with it, where the record had completed a course.
    """

    __tablename__ = "class_attendance_taken_back"
    __table_args__ = (
        CheckConstraint("entered_at <= taken_back_at", name="in_order"),
        Index("ix_class_attendance_taken_back_training_class", "training_class", "official"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_class: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    note: Mapped[str]
    taken_back_at: Mapped[datetime]
    taken_back_by: Mapped[str]
    why: Mapped[str]
    certificate: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
