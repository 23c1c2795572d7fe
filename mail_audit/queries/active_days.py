"""On how many working days somebody used official e-mail, period by period: for whoever compares people over time.

A day is *active* on which the person did something themselves (rungs A and B): what a machine, a delegate or a schedule
did is not theirs, and messages of exercises are no facts at all. It is *known* where it is active, or where the logs
cover it for that person's mailboxes and nothing on it is left open. What is not known is counted nowhere, and never
taken for a day without use. Days off, of leave and sickness, and out of post are not expected of anybody.

Witnesses beside the logs (the journal, the census) are not heard here: they see some acts, but their silence is no
proof that there were none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from core.calendar import is_working_day, working_days
from core.directory.models import MailboxRow, OfficialRow, PostRow
from core.permissions import Reach
from mail_audit.models import Audit, OfficialFigure, StandingDay
from mail_audit.plain import from_plain
from mail_audit.queries.absences import absences
from mail_audit.queries.held import held
from mail_audit.queries.reached import officials_in_reach
from mail_audit.queries.spans import KnownDays, Span, facts, known_days
from mail_audit.report.model import Coverage
from mail_audit.standing import days_held, of_period
from mail_audit.standing.rows import hosts_of

AT_ONCE = 2_000
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """Working days of one person in one period: `expected` at work, of them `known`, of those `active`."""

    expected: int
    known: int
    active: int


@dataclass(slots=True)
class _Person:
    """What is gathered of one official over the whole time."""

    at_work: set[date]
    active: set[date] = field(default_factory=set)
    silent: set[date] = field(default_factory=set)
    """Known not to be active."""
    open: set[date] = field(default_factory=set)
    """Somebody was there, and the server does not write what was done."""

    def of(self, period: Period) -> ActiveDays:
        """The counts of a period."""
        expected = {day for day in self.at_work if period[0] <= day <= period[1]}
        active = expected & self.active
        return ActiveDays(len(expected), len(active | (expected & self.silent) - self.open), len(active))


def active_days(
    session: Session, officials: Collection[int], periods: Sequence[Period], *, reach: Reach
) -> dict[int, tuple[ActiveDays, ...]]:
    """Row of an official -> active days in each of `periods` (first and last day, both included), in their order.

    Of officials in reach; at most eight SQL queries for every two thousand of them.
    """
    if not periods:
        return dict.fromkeys(officials, ())
    first, last = min(begin for begin, _ in periods), max(end for _, end in periods)
    known = known_days(session, first, last)
    found: dict[int, tuple[ActiveDays, ...]] = {}
    every = _in_reach(session, officials, reach)
    for begin in range(0, len(every), AT_ONCE):
        people = _people(session, every[begin : begin + AT_ONCE], first, last, reach)
        _read_acts(session, people, known)
        _read_silence_of_logs(session, people, known)
        _read_silence_of_audits(session, people, known)
        found |= {official: tuple(map(person.of, periods)) for official, person in people.items()}
    return found


def _in_reach(session: Session, officials: Collection[int], reach: Reach) -> list[int]:
    if reach.whole:
        return sorted(set(officials))
    inside = select(OfficialRow.id).where(OfficialRow.official_id.in_(officials_in_reach(reach)))
    return sorted(set(officials).intersection(session.scalars(inside)))


def _people(session: Session, officials: Sequence[int], first: date, last: date, reach: Reach) -> dict[int, _Person]:
    """The days on which each was at work, by their posts and the absences on record."""
    days = working_days(first, last)
    held_on: defaultdict[int, set[date]] = defaultdict(set)
    for post in session.scalars(select(PostRow).where(PostRow.official.in_(officials))):
        since, until = post.since or first, post.until or last
        held_on[post.official].update(day for day in days if since <= day <= until)
    away = absences(session, officials, first, last, reach=reach)
    return {
        official: _Person({day for day in held_on[official] if not _is_away(away.get(official, ()), day)})
        for official in officials
    }


def _is_away(spans: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(begins <= day and (ends is None or day <= ends) for begins, ends in spans)


def _boxes(people: Mapping[int, _Person]) -> Any:
    return select(MailboxRow.address).where(MailboxRow.owner.in_(list(people)), MailboxRow.kind == "personal")


def _read_acts(session: Session, people: Mapping[int, _Person], known: KnownDays) -> None:
    seen = facts(known.spans, ("acts_a", "acts_b", "uncounted"))
    if seen is None:
        return
    days = seen.subquery("seen")
    wanted = (
        select(MailboxRow.owner, days.c.day, days.c.acts_a + days.c.acts_b)
        .join(days, days.c.mailbox == MailboxRow.address)
        .where(MailboxRow.address.in_(_boxes(people)))
        .where(or_(days.c.acts_a + days.c.acts_b > 0, days.c.uncounted > 0))
    )
    for owner, day, acts in session.execute(wanted):
        person = people[owner]
        (person.active if acts else person.open).add(day)


def _read_silence_of_logs(session: Session, people: Mapping[int, _Person], known: KnownDays) -> None:
    """Days of the collected logs: covered for all servers that speak of the person's mailboxes."""
    spans = [span for span in known.spans if span.audit_id is None]
    if not spans:
        return
    first, last = spans[0].first, spans[-1].last
    cover = days_held(of_period(held(session, first, last), first, last), first, last)
    of_store = {day for span in spans for day in _days(span)}
    boxes: defaultdict[int, list[str]] = defaultdict(list)
    owned = select(MailboxRow.owner, MailboxRow.address).where(MailboxRow.address.in_(_boxes(people)))
    for owner, address in session.execute(owned):
        boxes[owner or 0].append(address)
    named = select(StandingDay.mailbox, StandingDay.hosts).where(
        StandingDay.day.between(first, last), StandingDay.mailbox.in_(_boxes(people)), StandingDay.hosts.is_not(None)
    )
    rows = [tuple(row) for row in session.execute(named.distinct())]
    hosts = hosts_of(pl.DataFrame(rows, schema={"mailbox": pl.String, "hosts": pl.String}, orient="row"))
    covered: dict[frozenset[str], set[date]] = {}
    for owner, own in boxes.items():
        servers = frozenset[str]().union(*(hosts.get(box, frozenset()) for box in own))
        if servers not in covered:
            covered[servers] = {day for day in cover.for_hosts(servers) if day in of_store}
        people[owner].silent |= covered[servers]


def _read_silence_of_audits(session: Session, people: Mapping[int, _Person], known: KnownDays) -> None:
    """Days of audits of files: covered, of officials whom that audit could judge and of whose days it missed none."""
    spans: defaultdict[int, set[date]] = defaultdict(set)
    for span in known.spans:
        if span.audit_id is not None:
            spans[span.audit_id].update(_days(span))
    if not spans:
        return
    wanted = (
        select(OfficialRow.id, OfficialFigure)
        .join(OfficialFigure, OfficialFigure.official_id == OfficialRow.official_id)
        .where(OfficialFigure.audit_id.in_(spans), OfficialRow.id.in_(list(people)))
        .where(OfficialFigure.usage_class != "unknown")
    )
    covered = _covered_working_days(session, spans)
    for official, figure in session.execute(wanted):
        whole = sum(_counts(figure, day) for day in covered[figure.audit_id])
        if whole <= figure.covered_working_days:
            people[official].silent |= spans[figure.audit_id] & known.covered


def _counts(figure: OfficialFigure, day: date) -> bool:
    """Whether the day counts for this official in that audit: in post, and not away by what was on record then."""

    def within(spans: Iterable[Mapping[str, str]]) -> bool:
        return any(date.fromisoformat(one["first"]) <= day <= date.fromisoformat(one["last"]) for one in spans)

    return (figure.in_post is None or within(figure.in_post)) and not within(figure.excused or ())


def _covered_working_days(session: Session, audits: Collection[int]) -> dict[int, list[date]]:
    """Audit -> the working days of its whole period that its logs cover."""
    wanted = select(Audit).where(Audit.id.in_(audits)).options(undefer(Audit.coverage))
    covered = {run.id: from_plain(Coverage, run.coverage).covered_days for run in session.scalars(wanted)}
    return {audit_id: [day for day in days if is_working_day(day)] for audit_id, days in covered.items()}


def _days(span: Span) -> Iterable[date]:
    return (span.first + timedelta(number) for number in range((span.last - span.first).days + 1))


def known_until(session: Session, first: date, last: date) -> date | None:
    """The last day from `first` to `last` that any log covers; None where none does."""
    return max(known_days(session, first, last).covered, default=None)
