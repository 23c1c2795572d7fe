"""What decides about reminders of assignments: days, absences, exemptions, and what went out already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import ColumnElement, String, and_, case, exists, func, or_, select, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, aliased

from core.calendar import day_in
from core.db import settings_of
from core.directory.models import OfficialRow
from core.permissions import WHOLE
from mail_audit.queries.absences import absences, ever_on_record, on_record
from training.models import STILL_OPEN, AssignmentRow, ExemptionRow, ReminderRow
from training.reminders import AFTER, BEFORE, KINDS, Absence, Following, Kind

LONGEST_HOLIDAY = timedelta(days=14)
"""A reminder may go out so many days earlier than its own day: on the working day before a holiday."""
AT_ONCE = 5_000
MOST_NAMED = 1_000
"""Assignments that a statement names one by one."""


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
        ReminderRow.kind == _LAST,
    )
    return and_(_due_soon(until), ~told, _is_here())


_LAST = max(AFTER, key=lambda kind: AFTER[kind])


def _due_soon(until: date, row: type[AssignmentRow] = AssignmentRow) -> ColumnElement[bool]:
    near = until + timedelta(days=max(BEFORE.values())) + LONGEST_HOLIDAY
    return and_(row.state.in_(STILL_OPEN), row.due_on <= near)


def _is_here() -> ColumnElement[bool]:
    """Said of the few who are gone: of all who are here each would have to be looked at."""
    return AssignmentRow.official.not_in(select(OfficialRow.id).where(OfficialRow.gone_at.is_not(None)))


@dataclass(frozen=True, slots=True)
class Alike:
    """Assignments of learners who are never away, to whom the same is to be told: of how many, and of which."""

    following: Following
    number: int
    listed: str
    """Their ids with commas between: read only where they are shown."""

    def assignment_ids(self) -> list[int]:
        """Their ids."""
        return [int(one) for one in self.listed.split(",")]


def alike(
    session: Session, inside: ColumnElement[bool], *, until: date, today: date, absent: Sequence[int]
) -> list[Alike]:
    """The assignments to follow, but for those of `with_absences`, together by what decides about them. One SQL query.

    A wave begins for many people at once, so these are few however many learn. `absent` are the keys of the others: a
    few are named, of many it is asked again who they are.
    """
    others = [AssignmentRow.id.not_in(absent)] if len(absent) <= MOST_NAMED else [~one for one in _absent(today)]
    bits = select(func.coalesce(func.sum(_BIT), 0)).where(
        ReminderRow.assignment == AssignmentRow.id, ReminderRow.due_on == AssignmentRow.due_on
    )
    each = (
        select(
            AssignmentRow.id, AssignmentRow.assigned_at, AssignmentRow.starts_on, AssignmentRow.due_on,
            bits.correlate(AssignmentRow).scalar_subquery().label("sent"),
        )
        .where(_due_soon(until), _is_here(), inside, *others)
        .subquery()
    )  # fmt: skip
    same = (each.c.assigned_at, each.c.starts_on, each.c.due_on, each.c.sent)
    ids = func.aggregate_strings(as_type(each.c.id, String), ",")
    zone, found = settings_of(session).timezone, []
    for assigned_at, starts_on, due_on, bit, number, listed in session.execute(
        select(*same, func.count(), ids).group_by(*same)
    ):
        sent = frozenset(kind for place, kind in enumerate(KINDS) if bit >> place & 1)
        if _LAST not in sent:
            following = Following(since=max(day_in(zone, assigned_at), starts_on), due=due_on, sent=sent)
            found.append(Alike(following, number, listed))
    return found


def with_absences(
    session: Session, inside: ColumnElement[bool], *, until: date, today: date
) -> Sequence[AssignmentRow]:
    """The assignments to follow whose learner is away, or exempted, on the day it is due, today, or later.

    Who may be is found first, for all assignments at once: of them alone each day is looked at.
    """
    other = aliased(AssignmentRow)
    earliest = select(func.min(other.due_on)).where(_due_soon(until, row=other)).scalar_subquery()
    exempted = select(ExemptionRow.official).where(
        or_(ExemptionRow.last_day >= today, ExemptionRow.last_day >= earliest)
    )
    perhaps = AssignmentRow.official.in_(union_all(ever_on_record((today, earliest)), exempted))
    wanted = select(AssignmentRow).where(perhaps, or_(*_absent(today)), to_follow(until), inside)
    return session.scalars(wanted.order_by(AssignmentRow.id)).all()


_BIT = case({kind: 1 << place for place, kind in enumerate(KINDS)}, value=ReminderRow.kind)


def _absent(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """As conditions on `AssignmentRow`: an absence, an exemption that may bear on reminders of it."""
    exempted = exists().where(
        ExemptionRow.official == AssignmentRow.official,
        or_(ExemptionRow.course_key.is_(None), ExemptionRow.course_key == AssignmentRow.course_key),
        or_(ExemptionRow.last_day >= today, ExemptionRow.last_day >= AssignmentRow.due_on),
    )
    return on_record(AssignmentRow.official, (today, AssignmentRow.due_on)), exempted


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
