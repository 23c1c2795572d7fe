"""What decides about reminders of assignments: days, absences, exemptions, and what went out already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import settings_of
from core.directory.models import OfficialRow
from core.permissions import WHOLE
from mail_audit.queries.absences import absences
from training.models import STILL_OPEN, AssignmentRow, ExemptionRow, ReminderRow
from training.reminders import AFTER, BEFORE, Absence, Following, Kind

LONGEST_HOLIDAY = timedelta(days=14)
"""A reminder may go out so many days earlier than its own day: on the working day before a holiday."""
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Followed:
    """An assignment with what decides about its reminders."""

    assignment_id: int
    official: int
    """Row of the learner."""
    following: Following


def assignments_to_follow(session: Session, *, until: date) -> list[int]:
    """The open assignments of which a reminder may have to go out by that day: due soon, or late and not told twice."""
    return list(session.scalars(select(AssignmentRow.id).where(to_follow(until)).order_by(AssignmentRow.id)))


def to_follow(until: date) -> ColumnElement[bool]:
    """As a condition on `AssignmentRow`: to be done by somebody who is here, due soon, not all reminders sent yet."""
    told = exists().where(
        ReminderRow.assignment == AssignmentRow.id,
        ReminderRow.due_on == AssignmentRow.due_on,
        ReminderRow.kind == max(AFTER, key=lambda kind: AFTER[kind]),
    )
    here = exists().where(OfficialRow.id == AssignmentRow.official, OfficialRow.gone_at.is_(None))
    near = until + timedelta(days=max(BEFORE.values())) + LONGEST_HOLIDAY
    return and_(AssignmentRow.state.in_(STILL_OPEN), AssignmentRow.due_on <= near, ~told, here)


def followed(session: Session, assignments: Sequence[AssignmentRow], *, today: date) -> list[Followed]:
    """Each of these with its absences, exemptions and reminders. Three SQL queries for every five thousand."""
    if not assignments:
        return []
    first = min([today, *(one.due_on for one in assignments)])
    last = max([today, *(one.due_on for one in assignments)]) + timedelta(days=366)
    away = absences(session, [one.official for one in assignments], first, last, reach=WHOLE)
    exempt = _exemptions(session, assignments, first)
    sent = _sent(session, assignments)
    zone = settings_of(session).timezone
    return [
        Followed(
            one.id,
            one.official,
            Following(
                since=max(day_in(zone, one.assigned_at), one.starts_on),
                due=one.due_on,
                away=tuple(Absence(*span) for span in away.get(one.official, ())) + exempt.get(one.id, ()),
                sent=frozenset(sent.get(one.id, ())),
            ),
        )
        for one in assignments
    ]


def _exemptions(session: Session, assignments: Iterable[AssignmentRow], first: date) -> dict[int, tuple[Absence, ...]]:
    """Assignment -> days for which the learner is exempted from its course; as long as they last nobody is reminded."""
    by_official: defaultdict[int, list[AssignmentRow]] = defaultdict(list)
    for one in assignments:
        by_official[one.official].append(one)
    found: dict[int, tuple[Absence, ...]] = {}
    for some in _parts(sorted(by_official)):
        wanted = select(ExemptionRow).where(ExemptionRow.official.in_(some), ExemptionRow.last_day >= first)
        for row in session.scalars(wanted.order_by(ExemptionRow.id)):
            for one in by_official[row.official]:
                if row.course_key in {None, one.course_key}:
                    found[one.id] = (*found.get(one.id, ()), Absence(row.first_day, row.last_day))
    return found


def _sent(session: Session, assignments: Iterable[AssignmentRow]) -> dict[int, set[Kind]]:
    """Assignment -> the reminders that went out for the day it is due now."""
    due = {one.id: one.due_on for one in assignments}
    found: defaultdict[int, set[Kind]] = defaultdict(set)
    for some in _parts(sorted(due)):
        wanted = select(ReminderRow.assignment, ReminderRow.kind, ReminderRow.due_on)
        for assignment, kind, due_on in session.execute(wanted.where(ReminderRow.assignment.in_(some))):
            if due_on == due[assignment]:
                found[assignment].add(cast("Kind", kind))
    return found


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[begin : begin + AT_ONCE] for begin in range(0, len(keys), AT_ONCE))
