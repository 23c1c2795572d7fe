"""Reminders to come: what goes out today and in the days after, if nothing changes; and what went out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Permission, Reach, require
from core.words import Text
from training.models import AssignmentRow, CourseRow, ReminderRow
from training.queries.followed import AT_ONCE, alike, followed, with_absences
from training.reminders import Coming, Kind, coming, is_away

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


@dataclass(frozen=True, slots=True)
class _Group:
    """Assignments that are reminded alike: how many, their ids, and what goes out."""

    number: int
    ids: Callable[[], list[int]]
    plan: tuple[Coming, ...]


def reminders(
    session: Session, actor: Actor, *, today: date, part: slice = EVERYTHING, sent_limit: int = 50
) -> Reminders:
    """A part of the reminders of the next two weeks, today's first, and the last ones sent. Raises `ForbiddenError`.

    Seven SQL queries, and three more for every five thousand assignments of people who are away. What comes of the
    same days is worked out once: only the part that is shown is read by name.
    """
    require(actor, Permission.TRAINING_BOARD_READ)
    reach, last = actor.reach(Permission.TRAINING_BOARD_READ), today + timedelta(days=DAYS)
    inside = _inside(reach)
    absent = with_absences(session, inside, until=last, today=today)
    away = followed(session, absent, today=today)
    groups = [_Group(1, partial(_only, one.assignment_id), tuple(coming(one.following, today, last))) for one in away]
    groups += [
        _Group(one.number, one.assignment_ids, tuple(coming(one.following, today, last)))
        for one in alike(session, inside, until=last, today=today, absent=[one.id for one in absent])
    ]
    days: defaultdict[date, list[tuple[Kind, _Group]]] = defaultdict(list)
    for group in groups:
        for each in group.plan:
            days[each.day].append((each.kind, group))
    courses = _courses(session)
    total = sum(group.number for on in days.values() for _, group in on)
    return Reminders(
        _shown(session, days, range(total)[part], courses),
        total,
        sum(group.number for _, group in days.get(today, ())),
        sum(is_away(one.following, today) for one in away),
        _sent(session, reach, courses, sent_limit),
    )


def _only(assignment_id: int) -> list[int]:
    return [assignment_id]


def _shown(
    session: Session, days: Mapping[date, list[tuple[Kind, _Group]]], part: range, courses: dict[str, Text]
) -> tuple[ComingReminder, ...]:
    """The reminders at these places, by day and assignment; of other days no assignment is looked at."""
    passed, chosen = 0, []
    for day in sorted(days):
        number = sum(group.number for _, group in days[day])
        begin, end = max(part.start - passed, 0), min(part.stop - passed, number)
        if begin < end:
            every = sorted((one, kind) for kind, group in days[day] for one in group.ids())
            chosen += [(day, kind, one) for one, kind in every[begin:end]]
        passed += number
    rows = _assignments(session, [one for _, _, one in chosen])
    names = _names(session, [official for official, _, _ in rows.values()])
    return tuple(
        ComingReminder(day, kind, one, *names[rows[one][0]], _title(courses, rows[one][1]), rows[one][2])
        for day, kind, one in chosen
    )


def _assignments(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, str, date]]:
    """Assignment -> row of the official, key of the course, the day it is due."""
    found: dict[int, tuple[int, str, date]] = {}
    every = sorted(set(ids))
    for begin in range(0, len(every), AT_ONCE):
        wanted = select(AssignmentRow.id, AssignmentRow.official, AssignmentRow.course_key, AssignmentRow.due_on)
        some = wanted.where(AssignmentRow.id.in_(every[begin : begin + AT_ONCE]))
        found.update((row[0], (row[1], row[2], row[3])) for row in session.execute(some))
    return found


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
    for begin in range(0, len(every), AT_ONCE):
        wanted = select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name)
        for key, number, name in session.execute(wanted.where(OfficialRow.id.in_(every[begin : begin + AT_ONCE]))):
            found[key] = (number, name)
    return found


def _courses(session: Session) -> dict[str, Text]:
    wanted = select(CourseRow.key, CourseRow.title_vi, CourseRow.title_en)
    return {key: Text(vi, en) for key, vi, en in session.execute(wanted)}


def _title(courses: dict[str, Text], key: str) -> Text:
    return courses.get(key, Text(key, key))
