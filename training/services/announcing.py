"""Telling learners of a course that is theirs to begin: once each, in the day's message.

Nobody is told while they wait for their wave: that would be learning of it before those they are compared with. Nor is
anybody told of what was excused, withdrawn or done before; and what has not left the house when a course ends is taken
out of the day's message again. The note of it is written with the line that tells, and the database holds everything to
one note an assignment: killed, run again or run twice at once, everybody is told once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from core import audit
from core.db import settings_of, unit_of_work
from core.directory.models import Account
from core.jobs import Run
from core.mail import MailKind, tell, untell
from core.mail.options import MailOptions
from core.permissions import SCHEDULER
from core.words import Text, day_words
from training.actions import TrainingAction
from training.models import AssignmentRow, AssignmentToldRow, CourseRow
from training.moments import Moment

AT_ONCE = 100
"""Assignments of one transaction."""
NEWS = timedelta(days=14)
"""What began longer ago is no news: where mail was off until now, nobody is told of it any more."""


def news_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether there is anybody to be told, where mail is sent at all."""
    del last, now
    if not MailOptions.of(settings_of(session)).is_on:
        return None
    return {} if session.scalars(select(AssignmentRow.id).where(_untold()).limit(1)).first() is not None else None


def tell_all(run: Run, *, moment: Moment) -> None:
    """Tell everybody who is to be told, some in each transaction."""
    told = 0
    while True:
        with unit_of_work(run.settings) as session:
            some = tell_some(session, moment=moment)
            run.confirm(session)
        told += some
        if not some:
            return
        run.progress(told, told)


def tell_some(session: Session, *, moment: Moment) -> int:
    """Tell the learners of the first `AT_ONCE` assignments that nobody was told of; how many assignments.

    Nothing is noted while mail is off. One entry in the trail for all of them.
    """
    if not MailOptions.of(settings_of(session)).is_on:
        return 0
    wanted = select(AssignmentRow).where(_untold()).order_by(AssignmentRow.id).limit(AT_ONCE)
    locked = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    rows = session.scalars(locked).all()  # what another worker tells just now is that one's
    known = select(AssignmentToldRow.assignment).where(AssignmentToldRow.assignment.in_([row.id for row in rows]))
    just_told = set(session.scalars(known))  # committed after the rows were looked for, before they were locked
    rows = [row for row in rows if row.id not in just_told]
    courses = {one.key: one for one in session.scalars(select(CourseRow))}
    accounts = 0
    for row in rows:
        noted = AssignmentToldRow(assignment=row.id, accounts=0, told_at=moment.now)
        session.add(noted)
        session.flush()
        if row.course_key in courses and row.starts_on >= moment.today - NEWS:
            noted.accounts = _tell(session, row, courses[row.course_key], moment)
            accounts += noted.accounts
    session.flush()
    if rows:
        facts = {"assignments": len(rows), "accounts": accounts, "first": rows[0].id, "last": rows[-1].id}
        action = TrainingAction.ASSIGNMENT_TOLD
        audit.record(session, actor=SCHEDULER.name, action=action, subject="assignments", facts=facts)
    return len(rows)


def hush(session: Session, assignments: Iterable[int]) -> None:
    """Take what these were to be told out of messages that are not made yet: the course is done, excused, withdrawn."""
    untell(session, kind=MailKind.TRAINING_COURSE_ASSIGNED, things=[_thing(one) for one in assignments])


def _tell(session: Session, row: AssignmentRow, course: CourseRow, moment: Moment) -> int:
    accounts = select(Account.id).where(Account.official == row.official, Account.closed_at.is_(None))
    return tell(
        session, accounts=session.scalars(accounts).all(), kind=MailKind.TRAINING_COURSE_ASSIGNED,
        said=_said(row, course), thing=_thing(row.id), now=moment.now,
    )  # fmt: skip


def _said(row: AssignmentRow, course: CourseRow) -> Text:
    """Which course, how long it takes, by when. Why, stands on its page alone: reasons tell of what somebody does."""
    day = day_words(row.due_on)
    opening = Text("Khóa học mới", "A new course")
    if row.renews is not None:
        opening = Text("Học lại để gia hạn giấy chứng nhận", "To be taken again, to renew your certificate")
    return Text(
        f"{opening.vi}: “{course.title_vi}”, khoảng {course.minutes} phút, hạn {day.vi}. Trang khóa học ghi rõ lý do.",
        f"{opening.en}: “{course.title_en}”, about {course.minutes} minutes, due on {day.en}. Its page says why.",
    )


def _thing(assignment: int) -> str:
    return f"assignment:{assignment}:assigned"


def _untold() -> ColumnElement[bool]:
    return (AssignmentRow.state == "open") & ~exists().where(AssignmentToldRow.assignment == AssignmentRow.id)
