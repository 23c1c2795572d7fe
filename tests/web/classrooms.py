"""A course with a class in the town, and the clock of its pages: what the pages of classes are tested on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import utc_now
from core.directory.models import OfficialRow
from core.permissions import command_line_actor
from training.models import AssignmentRow, CourseRow
from training.moments import Moment
from training.services.classes import ClassPlan, make_class
from web.views import classes, home, learning, own_classes

ZONE = "Asia/Ho_Chi_Minh"
COURSE = "in_class"
DAY = date(2026, 11, 24)
STARTS = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Half past eight at the office."""
Clock = Callable[[datetime], None]


def settle(session: Session) -> int:
    """The course, which CB1, CB2 and CB3 have to do, and a class of it with two places; the class's number."""
    now = STARTS - timedelta(days=2)
    session.add(
        CourseRow(
            key=COURSE, version=1, title_vi="Hộp thư công vụ", title_en="Your official mailbox", summary_vi="",
            summary_en="", audience="everybody", minutes=20, valid_months=12, pass_mark=80,
            needs=[{"kind": "class", "key": "room"}], digest="0" * 64,
        )
    )  # fmt: skip
    for number in ("CB1", "CB2", "CB3"):
        official = session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == number)).one()
        session.add(
            AssignmentRow(
                official=official, course_key=COURSE, drawn=False, reason_vi="Thử", reason_en="A trial",
                assigned_at=now, assigned_by="x", starts_on=DAY - timedelta(days=7), due_on=DAY + timedelta(days=30),
                state="open", attempt=1,
            )
        )  # fmt: skip
    session.flush()
    plan = ClassPlan(DAY, time(8, 30), time(10, 30), "Phòng 5", 2, "CB2", "Mang theo điện thoại.")
    return make_class(
        session, command_line_actor(), course_key=COURSE, step_key=None, unit_key=None, plan=plan,
        moment=Moment(now, day_in(ZONE, now)),
    )  # fmt: skip


def set_clock(patched: pytest.MonkeyPatch) -> Clock:
    """Says what time the pages take it for; sessions and cookies go on by the real one."""

    def turned(now: datetime) -> None:
        for module in (classes, home, learning, own_classes):
            patched.setattr(module, "utc_now", lambda: now)

    turned(utc_now())
    return turned
