"""What is known of all officials now, for rules to be read against: posts, use in two windows, courses, exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import settings_of
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import WHOLE, Reach
from eoffice.queries.use import UsePeriod, classes_in
from mail_audit.queries.running import MailWindow, running_windows
from training.models import STILL_OPEN, AssignmentRow, CampaignMemberRow, CampaignRow, ExemptionRow, RuleRow
from training.moments import Moment
from training.rules import Person, Snapshot, WindowUse

ANY = "*"
"""Stands for every course, where somebody is exempt from all."""


@dataclass(slots=True)
class _Courses:
    """One official's courses, as `training.rules.Person` has them."""

    done: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    exempt: set[str] = field(default_factory=set)


def snapshot(session: Session, *, moment: Moment, reach: Reach) -> Snapshot:
    """Everybody in reach who is in post today, in the order of the directory. A fixed number of SQL queries."""
    windows = running_windows(session, today=moment.today, reach=WHOLE)
    days = ((windows[0].first, windows[0].last), (windows[1].first, windows[1].last))
    zone = settings_of(session).timezone
    office = [classes_in(session, period=UsePeriod(first, last, zone, moment.now), reach=WHOLE) for first, last in days]
    courses = _courses(session, zone, moment.today)
    people = [
        Person(
            official=row.id,
            number=row.official_id,
            name=row.name,
            unit=row.key,
            title=row.title,
            rank=row.rank,
            use=(
                _use(windows[0], office[0], row.official_id),
                _use(windows[1], office[1], row.official_id),
            ),
            done=courses[row.id].done,
            ended=courses[row.id].ended,
            open=frozenset(courses[row.id].open),
            exempt=frozenset(courses[row.id].exempt),
        )
        for row in _in_post(session, moment.today)
        if reach.holds(row.key)
    ]
    return Snapshot.of(people, today=moment.today, days=days, above=units_above(session))


@dataclass(frozen=True, slots=True)
class _Official:
    """An official with the main post: a leader's before another, else the first of the directory."""

    id: int
    official_id: str
    name: str
    key: str
    title: str
    rank: str


def _in_post(session: Session, today: date) -> Iterable[_Official]:
    wanted = (
        select(OfficialRow.id, OfficialRow.official_id, OfficialRow.name, UnitRow.key, PostRow.title, PostRow.rank)
        .join(PostRow, PostRow.official == OfficialRow.id)
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(
            OfficialRow.gone_at.is_(None),
            or_(PostRow.since.is_(None), PostRow.since <= today),
            or_(PostRow.until.is_(None), PostRow.until >= today),
        )
        .order_by(OfficialRow.id, PostRow.rank != "leader", PostRow.position)
    )
    seen: set[int] = set()
    for row in session.execute(wanted):
        if row.id not in seen:
            seen.add(row.id)
            yield _Official(*row)


def _use(mail: MailWindow, office: Mapping[str, str], number: str) -> WindowUse:
    seen = mail.people.get(number)
    office_class = office.get(number, "unknown")
    if seen is None:
        return WindowUse(office_class=office_class)
    return WindowUse(
        mail_class=seen.usage_class,
        active_days=seen.active_days,
        covered_days=seen.covered_days,
        own_days=seen.own_days,
        has_mailbox=seen.has_mailbox,
        office_class=office_class,
    )


def units_above(session: Session) -> dict[str, frozenset[str]]:
    """Key of each unit -> its own and those of all units above it. One SQL query."""
    rows = {row.id: row for row in session.execute(select(UnitRow.id, UnitRow.key, UnitRow.parent_id))}
    found: dict[str, frozenset[str]] = {}
    for row in rows.values():
        passed: set[str] = set()
        at: Row[int, str, int | None] | None = row
        while at is not None and at.key not in passed:  # a ring of units ends
            passed.add(at.key)
            at = None if at.parent_id is None else rows.get(at.parent_id)
        found[row.key] = frozenset(passed)
    return found


def _courses(session: Session, zone: str, today: date) -> dict[int, _Courses]:
    """Row of an official -> their courses; who waits for a draw has the course to do already."""
    found: dict[int, _Courses] = defaultdict(_Courses)
    rows = select(
        AssignmentRow.official,
        AssignmentRow.course_key,
        AssignmentRow.state,
        AssignmentRow.done_at,
        AssignmentRow.ended_at,
    ).order_by(AssignmentRow.id)
    for official, key, state, done_at, ended_at in session.execute(rows):
        one = found[official]
        if state in STILL_OPEN:
            one.open.add(key)
        elif state == "done" and done_at is not None:
            days = (today - day_in(zone, done_at)).days
            one.done[key] = min(days, one.done.get(key, days))
            one.ended[key] = min(days, one.ended.get(key, days))
        elif state == "withdrawn" and ended_at is not None:
            days = (today - day_in(zone, ended_at)).days
            one.ended[key] = min(days, one.ended.get(key, days))
    waiting = (
        select(CampaignMemberRow.official, RuleRow.course_key)
        .join(CampaignRow, CampaignRow.id == CampaignMemberRow.campaign)
        .join(RuleRow, RuleRow.id == CampaignRow.rule)
        .where(CampaignRow.settled_at.is_(None), CampaignRow.closed_at.is_(None))
    )
    for official, key in session.execute(waiting):
        found[official].open.add(key)
    for official, exempt in exempt_today(session, today):
        found[official].exempt.add(exempt or ANY)
    return found


def exempt_today(session: Session, today: date) -> list[tuple[int, str | None]]:
    """Row of an official and the course (None: any) that they need not do today. One SQL query."""
    wanted = select(ExemptionRow.official, ExemptionRow.course_key).where(
        ExemptionRow.ended_at.is_(None), ExemptionRow.first_day <= today, ExemptionRow.last_day >= today
    )
    return [(official, key) for official, key in session.execute(wanted)]
