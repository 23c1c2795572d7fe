"""Reminders to come: what goes out today and in the days after, if nothing changes; and what went out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Permission, Reach, require
from core.words import Text
from training.models import AssignmentRow, CourseRow, ReminderRow
from training.queries.followed import followed, to_follow
from training.reminders import Kind, coming, is_away

KIND_WORDS: dict[Kind, Text] = {
    "before_14": Text("nhắc người học, còn 14 ngày", "to the learner, 14 days before"),
    "before_7": Text("nhắc người học, còn 7 ngày", "to the learner, 7 days before"),
    "before_3": Text("nhắc người học, còn 3 ngày", "to the learner, 3 days before"),
    "before_1": Text("nhắc người học, còn 1 ngày", "to the learner, 1 day before"),
    "head_1": Text("báo lãnh đạo đơn vị, quá hạn 1 ngày", "to the head of the unit, 1 day late"),
    "head_7": Text("báo lãnh đạo đơn vị, quá hạn 7 ngày", "to the head of the unit, 7 days late"),
}
DAYS = 14
EVERYTHING = slice(None)


@dataclass(frozen=True, slots=True)
class ComingReminder:
    """A reminder that goes out on `day`."""

    day: date
    kind: Kind
    assignment_id: int
    official_id: str
    name: str
    course: Text
    due_on: date


@dataclass(frozen=True, slots=True)
class SentReminder:
    """A reminder that went out; `to` is None where a late learner has no head, `accounts` 0 where nobody was told."""

    sent_at: datetime
    kind: Kind
    official_id: str
    name: str
    course: Text
    due_on: date
    to: str | None
    accounts: int


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is to come, what went out last, and how many learners are reminded of nothing because they are away.

    `coming` may be a part of `total`, of which `of_today` go out today.
    """

    coming: tuple[ComingReminder, ...]
    total: int
    of_today: int
    paused: int
    sent: tuple[SentReminder, ...]


def reminders(
    session: Session, actor: Actor, *, today: date, part: slice = EVERYTHING, sent_limit: int = 50
) -> Reminders:
    """A part of the reminders of the next two weeks, today's first, and the last ones sent. Raises `ForbiddenError`.

    Six SQL queries and three more for every five thousand assignments.
    """
    require(actor, Permission.TRAINING_BOARD_READ)
    reach, last = actor.reach(Permission.TRAINING_BOARD_READ), today + timedelta(days=DAYS)
    wanted = select(AssignmentRow).where(to_follow(last), _inside(reach)).order_by(AssignmentRow.id)
    rows = {one.id: one for one in session.scalars(wanted)}
    states = followed(session, list(rows.values()), today=today)
    # A wave begins for many people at once: what comes of the same days is worked out once.
    plans = {one: tuple(coming(one, today, last)) for one in {state.following for state in states}}
    found = [(one, each) for one in states for each in plans[one.following]]
    found.sort(key=lambda pair: (pair[1].day, pair[0].assignment_id))
    shown = found[part]
    names = _names(session, [one.official for one, _ in shown])
    courses = _courses(session)
    return Reminders(
        tuple(
            ComingReminder(each.day, each.kind, one.assignment_id, *names[one.official],
                           _title(courses, rows[one.assignment_id].course_key), rows[one.assignment_id].due_on)
            for one, each in shown
        ),
        len(found),
        sum(each.day == today for _, each in found),
        sum(is_away(one.following, today) for one in states),
        _sent(session, reach, courses, sent_limit),
    )  # fmt: skip


def _sent(session: Session, reach: Reach, courses: dict[str, Text], limit: int) -> tuple[SentReminder, ...]:
    wanted = (
        select(ReminderRow, AssignmentRow.official, AssignmentRow.course_key)
        .join(AssignmentRow, AssignmentRow.id == ReminderRow.assignment)
        .where(_inside(reach))
        .order_by(ReminderRow.id.desc())
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    people = _names(session, [key for row in rows for key in (row[1], row[0].official) if key is not None])
    return tuple(
        SentReminder(
            one.sent_at, cast("Kind", one.kind), *people[official], _title(courses, course), one.due_on,
            None if one.official is None else people[one.official][1], one.accounts,
        )
        for one, official, course in rows
    )  # fmt: skip


def _inside(reach: Reach) -> ColumnElement[bool]:
    """As a condition on `AssignmentRow`: of somebody with a post in reach."""
    if reach.units is None:
        return true()
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units))
    return AssignmentRow.official.in_(posts)


def _names(session: Session, officials: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Row of an official -> number and name."""
    found: dict[int, tuple[str, str]] = {}
    every = sorted(set(officials))
    for begin in range(0, len(every), 5_000):
        wanted = select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name)
        for key, number, name in session.execute(wanted.where(OfficialRow.id.in_(every[begin : begin + 5_000]))):
            found[key] = (number, name)
    return found


def _courses(session: Session) -> dict[str, Text]:
    wanted = select(CourseRow.key, CourseRow.title_vi, CourseRow.title_en)
    return {key: Text(vi, en) for key, vi, en in session.execute(wanted)}


def _title(courses: dict[str, Text], key: str) -> Text:
    return courses.get(key, Text(key, key))
