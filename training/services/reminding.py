"""Reminders of courses: each goes out once, whatever runs twice or is killed, and none after the course is done.

The assignment's row is locked, looked at again, and the reminder noted in the transaction that tells. The note's
uniqueness is what the database holds two processes to: the second one's transaction, mail and all, is undone.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import is_working_day
from core.db import settings_of, unit_of_work
from core.directory.models import Account, OfficialRow
from core.jobs import Run
from core.mail import MailKind, tell
from core.mail.options import MailOptions
from core.permissions import SCHEDULER
from core.words import Text, day_words
from training.actions import TrainingAction
from training.models import AssignmentRow, CourseRow, ReminderRow
from training.moments import Moment
from training.queries.followed import assignments_to_follow, followed, to_follow
from training.queries.heads import head_over
from training.reminders import Kind, is_to_head, to_send

MORNING = time(6, 30)
"""From when on days are looked at: before the day's mail is made, so that it holds what they say."""


def reminders_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether reminders have to be sent: once a working day, in the morning, where mail is sent at all."""
    settings = settings_of(session)
    here = now.astimezone(ZoneInfo(settings.timezone))
    looked = last is not None and last.astimezone(here.tzinfo).date() >= here.date()
    early = here.time() < MORNING or not is_working_day(here.date())
    return None if looked or early or not MailOptions.of(settings).is_on else {}


def remind_all(run: Run, *, moment: Moment) -> None:
    """Send every reminder of the day, assignment by assignment, each in a transaction of its own."""
    with unit_of_work(run.settings) as session:
        assignments = assignments_to_follow(session, until=moment.today)
    for number, assignment_id in enumerate(assignments):
        with unit_of_work(run.settings) as session:
            remind(session, assignment_id=assignment_id, moment=moment)
            run.confirm(session)
        run.progress(number + 1, len(assignments))


def remind(session: Session, *, assignment_id: int, moment: Moment) -> Kind | None:
    """Send what is to go out today about this assignment; which kind, None for nothing.

    Nothing goes out while mail is off, so that nothing is noted that nobody was told.
    """
    if not MailOptions.of(settings_of(session)).is_on:
        return None
    wanted = select(AssignmentRow).where(AssignmentRow.id == assignment_id, to_follow(moment.today)).with_for_update()
    assignment = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if assignment is None or assignment.state != "open":
        return None
    kind = to_send(followed(session, [assignment], today=moment.today)[0].following, moment.today)
    if kind is not None:
        _send(session, assignment, kind, moment)
    return kind


def _send(session: Session, assignment: AssignmentRow, kind: Kind, moment: Moment) -> None:
    to_head = is_to_head(kind)
    whom = head_over(session, assignment.official, moment.today) if to_head else assignment.official
    row = ReminderRow(
        assignment=assignment.id, kind=kind, due_on=assignment.due_on, official=whom, accounts=0, sent_at=moment.now
    )
    session.add(row)
    session.flush()
    row.accounts = tell(
        session,
        accounts=[] if whom is None else _accounts_of(session, whom),
        kind=MailKind.TRAINING_COURSE_LATE if to_head else MailKind.TRAINING_COURSE_DUE,
        said=_late(session, assignment) if to_head else _due(session, assignment, moment.today),
        thing=f"{'late' if to_head else 'assignment'}:{assignment.id}:{kind}:{assignment.due_on.isoformat()}",
        now=moment.now,
    )
    session.flush()
    action = TrainingAction.ASSIGNMENT_ESCALATED if to_head else TrainingAction.ASSIGNMENT_REMINDED
    facts = {"reminder": kind, "due": assignment.due_on.isoformat(), "accounts": row.accounts}
    if to_head:
        facts["to"] = None if whom is None else _official(session, whom).official_id
    subject = f"assignment:{assignment.id}"
    audit.record(session, actor=SCHEDULER.name, action=action, subject=subject, facts=facts)


def _due(session: Session, assignment: AssignmentRow, today: date) -> Text:
    course, day = _course(session, assignment), day_words(assignment.due_on)
    if assignment.due_on < today:
        return Text(
            f"Khóa học “{course.vi}” đã đến hạn {day.vi} trong lúc Ông/Bà vắng mặt; xin học trong hôm nay.",
            f"The course “{course.en}” was due on {day.en} while you were away; please take it today.",
        )
    return Text(f"Hạn {day.vi}: khóa học “{course.vi}”", f"Due on {day.en}: the course “{course.en}”")


def _late(session: Session, assignment: AssignmentRow) -> Text:
    course, day = _course(session, assignment), day_words(assignment.due_on)
    name = _official(session, assignment.official).name
    return Text(
        f"Quá hạn từ {day.vi}: {name} chưa học xong khóa “{course.vi}”.",
        f"Overdue since {day.en}: {name} has not done the course “{course.en}”.",
    )


def _course(session: Session, assignment: AssignmentRow) -> Text:
    """The course's title; its key where there is no course of that name any more."""
    wanted = select(CourseRow.title_vi, CourseRow.title_en).where(CourseRow.key == assignment.course_key)
    found = session.execute(wanted).first()
    return Text(assignment.course_key, assignment.course_key) if found is None else Text(*found)


def _official(session: Session, official: int) -> OfficialRow:
    return session.get_one(OfficialRow, official)


def _accounts_of(session: Session, official: int) -> list[int]:
    """The open account of an official (by row): one or none."""
    wanted = select(Account.id).where(Account.official == official, Account.closed_at.is_(None))
    return list(session.scalars(wanted))
