"""How every official used e-mail in two windows that follow one another, straight from the standing facts.

A window is 28 days: four whole weeks, so that no weekday weighs more than another. What is said of an official in it is
what a report of these days would say, by the same function; here it comes with the days on which the official could
have acted at all, so that whoever reads it can tell *few* from *not known*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.calendar import working_days
from core.db import settings_of
from core.permissions import Reach
from mail_audit.months import months
from mail_audit.queries.standing import days_logged, marked, rules_of, standing
from mail_audit.report.model import DaySpan, OfficialFigures, UsageClass
from mail_audit.reporting import officials_in

WINDOW_DAYS = 28
WINDOWS = 2
LATEST_AGE = 28
"""Logs whose newest day is longer ago than so many days say nothing of now: the windows then end yesterday."""


@dataclass(frozen=True, slots=True)
class MailUse:
    """One official in one window. All days are working days.

    `own_days`: those on which the official was in post and not on leave; `covered_days`: of these, those that are in
    the logs (or on which they acted); `active_days`: of these, those on which they acted. `has_mailbox`: any at all.
    """

    usage_class: UsageClass
    active_days: int
    covered_days: int
    own_days: int
    has_mailbox: bool


@dataclass(frozen=True, slots=True)
class MailWindow:
    """The days from `first` to `last`, and official_id -> use; of an official who is not there nothing is known."""

    first: date
    last: date
    people: Mapping[str, MailUse]


def running_windows(session: Session, *, today: date, reach: Reach) -> tuple[MailWindow, MailWindow]:
    """The two windows before `today`, the earlier one first, of the officials in reach.

    They end yesterday, or on the newest day of the logs where that is not too long ago.
    """
    (before, middle), (after, last) = window_days(session, today=today)
    rules, known = rules_of(session, settings_of(session)), standing(session, before, last)
    earlier, later = (
        MailWindow(first, end, dict(_people(officials_in(rules, known, first, end), first, end, reach)))
        for first, end in ((before, middle), (after, last))
    )
    return earlier, later


def window_days(session: Session, *, today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """First and last day of the two windows before `today`, the earlier one first."""
    yesterday = today - timedelta(days=1)
    oldest = yesterday - timedelta(days=LATEST_AGE)
    last = max(days_logged(session, oldest, yesterday), default=yesterday)
    length = timedelta(days=WINDOW_DAYS)
    day = timedelta(days=1)
    return (last - 2 * length + day, last - length), (last - length + day, last)


def is_being_measured(session: Session, *, today: date) -> bool:
    """Whether logs of the two windows before `today` were collected that no fact holds yet: nothing is to be judged."""
    waiting = marked(session)
    if not waiting:
        return False
    (first, _), (_, last) = window_days(session, today=today)
    asked = set(months(first, last))
    return any(month in asked for month, _ in waiting)


def _people(figures: Iterable[OfficialFigures], first: date, last: date, reach: Reach) -> Iterable[tuple[str, MailUse]]:
    working = working_days(first, last)
    for one in figures:
        if reach.holds(one.unit):
            yield (
                one.official_id,
                MailUse(
                    usage_class=one.usage_class,
                    active_days=one.active_working_days,
                    covered_days=one.covered_working_days,
                    own_days=_own_days(working, one),
                    has_mailbox=bool(one.mailboxes),
                ),
            )


def _own_days(working: list[date], figures: OfficialFigures) -> int:
    """The working days on which the official was in post and not excused; all of them where neither is limited."""
    if not figures.in_post and not figures.excused:
        return len(working)
    in_post = [day for day in working if not figures.in_post or _inside(day, figures.in_post)]
    return sum(not _inside(day, figures.excused) for day in in_post)


def _inside(day: date, spans: Iterable[DaySpan]) -> bool:
    return any(span.first <= day <= span.last for span in spans)
