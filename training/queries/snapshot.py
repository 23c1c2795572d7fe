"""What is known of all officials now, for rules to be read against: posts, use in two windows, courses, exemptions.

Read is what the rules ask for (`Asks`) and no more: of 140,000 people each column takes its time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import settings_of
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import WHOLE, Reach
from eoffice.queries.use import UsePeriod, classes_in
from mail_audit.queries.running import USE, Windows, running_windows, window_days
from training.models import STILL_OPEN, AssignmentRow, CampaignMemberRow, CampaignRow, ExemptionRow, RuleRow
from training.moments import Moment
from training.rules import Rule, Snapshot, Window
from training.rules.snapshot import UNKNOWN, Courses, Who, words

ANY = "*"
"""Stands for every course, where somebody is exempt from all."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What rules ask for: use of e-mail, use of the e-office, and which courses (None: any)."""

    mail: bool = True
    office: bool = True
    courses: frozenset[str] | None = None

    @classmethod
    def of(cls, rules: Iterable[tuple[Rule, str]]) -> Asks:
        """What these rules ask, each with the course that it gives."""
        every = list(rules)
        return cls(
            mail=any(rule.asks_mail for rule, _ in every),
            office=any(rule.office_classes for rule, _ in every),
            courses=frozenset(key for rule, course in every for key in (course, *rule.done, *rule.not_done)),
        )


EVERYTHING = Asks()


@dataclass(slots=True)
class _Courses:
    """One official's courses, as `training.rules.snapshot.Courses` has them."""

    done: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    exempt: set[str] = field(default_factory=set)


def snapshot(
    session: Session, *, moment: Moment, reach: Reach, asks: Asks = EVERYTHING, mail: Windows | None = None
) -> Snapshot:
    """Everybody in reach who is in post today, in the order of the directory; `mail`, where it was read already.

    A fixed number of SQL queries.
    """
    who = _in_post(session, moment.today, reach)
    zone = settings_of(session).timezone
    if mail is None and asks.mail:
        mail = running_windows(session, today=moment.today)
    if mail is None:
        days, use = window_days(session, today=moment.today), [_NO_USE, _NO_USE]
    else:
        days, use = ((mail[0].first, mail[0].last), (mail[1].first, mail[1].last)), [one.use for one in mail]
    office = [
        classes_in(session, period=UsePeriod(first, last, zone, moment.now), reach=WHOLE) if asks.office else {}
        for first, last in days
    ]
    earlier, later = (_window(who, seen, classes, *at) for seen, classes, at in zip(use, office, days, strict=True))
    places = {official: place for place, official in enumerate(who.official)}
    known = _courses(session, zone, moment.today, asks.courses)
    courses = {
        places[official]: Courses(one.done, one.ended, frozenset(one.open), frozenset(one.exempt))
        for official, one in known.items()
        if official in places
    }
    return Snapshot(moment.today, who, earlier, later, courses, units_above(session))


_NO_USE = pl.DataFrame(schema=USE)


def _in_post(session: Session, today: date, reach: Reach) -> Who:
    """Everybody with the main post, in the order of the directory: a leader's post before another, else the first."""
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
    if reach.units is not None:  # whose main post is there has a post there
        posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units))
        wanted = wanted.where(OfficialRow.id.in_(posts))
    rows: list[Row[int, str, str, str, str, str]] = []
    last = None
    for row in session.execute(wanted):
        if row[0] != last:
            last = row[0]
            if reach.holds(row[3]):
                rows.append(row)
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 6
    return Who(*columns)


def _window(who: Who, use: pl.DataFrame, office: Mapping[str, str], first: date, last: date) -> Window:
    """What everybody did in a window; of who is not in `use` nothing is known, but that may not be for want of a
    mailbox.
    """
    seen = pl.DataFrame({"official_id": pl.Series(who.number, dtype=pl.String)}).join(
        use, on="official_id", how="left", maintain_order="left"
    )
    active, covered, own = (seen[name].fill_null(0).to_numpy() for name in ("active_days", "covered_days", "own_days"))
    return Window(
        first,
        last,
        mail_class=seen["usage_class"].fill_null(UNKNOWN).to_numpy().astype(np.str_),
        active_days=active,
        covered_days=covered,
        own_days=own,
        has_mailbox=seen["has_mailbox"].fill_null(value=True).to_numpy(),
        office_class=words(office.get(number, UNKNOWN) for number in who.number),
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


def _courses(session: Session, zone: str, today: date, only: frozenset[str] | None) -> dict[int, _Courses]:
    """Row of an official -> their courses (these `only`); who waits for a draw has the course to do already."""
    found: dict[int, _Courses] = defaultdict(_Courses)
    rows = select(
        AssignmentRow.official,
        AssignmentRow.course_key,
        AssignmentRow.state,
        AssignmentRow.done_at,
        AssignmentRow.ended_at,
    ).order_by(AssignmentRow.id)
    if only is not None:
        rows = rows.where(AssignmentRow.course_key.in_(only))
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
