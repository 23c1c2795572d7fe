"""Which days the journal knows: it ran, or was away for so short a time that its servers kept their copies; and every
server that it was to hear from was heard, without a long silence in working time.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from mail_audit.journaling.options import JournalOptions
from mail_audit.models import JournalHour, JournalRun

WORK_BEGINS, WORK_ENDS = 8, 17
"""Local hours between which somebody in a government writes every hour or two."""
LOOK_BACK = 14
"""Days before a day whose working days say which servers are to be heard from."""
Span = tuple[datetime, datetime]
Heard = Mapping[str, Mapping[date, set[int]]]
"""Server -> local day -> local hours in which it was heard."""


def known_days(
    session: Session, first: date, last: date, options: JournalOptions, zone: ZoneInfo, now: datetime
) -> set[date]:
    """The known days from `first` to `last`; two queries."""
    spans = _runs(session)
    if not spans:
        return set()
    heard = _heard(session, first - timedelta(days=LOOK_BACK), last, zone)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {
        day
        for day in days
        if _midnight(day + timedelta(days=1), zone) <= now
        and ran(day, spans, options, zone)
        and was_heard(day, heard, options)
    }


def ran(day: date, spans: Sequence[Span], options: JournalOptions, zone: ZoneInfo) -> bool:
    """Whether the journal ran on the day: from before work began, with no gap that a server's queue does not bridge,
    and after the day's end once more, so that what was waiting has come.
    """
    start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    opens = datetime.combine(day, time(WORK_BEGINS), zone).astimezone(UTC)
    if spans[0][0] > opens or spans[-1][1] < end:
        return False
    bridged = timedelta(days=options.queue_days)
    gaps = ((left[1], right[0]) for left, right in itertools.pairwise(spans))
    return not any(begin < end and stop > start and stop - begin > bridged for begin, stop in gaps)


def was_heard(day: date, heard: Heard, options: JournalOptions) -> bool:
    """Whether every server that was heard on most of the working days before was heard on this day too."""
    before = [day - timedelta(days=number) for number in range(1, LOOK_BACK + 1)]
    with_copies = [one for one in before if is_working_day(one) and any(one in days for days in heard.values())]
    expected = {
        server for server, days in heard.items() if 2 * sum(one in days for one in with_copies) > len(with_copies)
    }
    present = {server for server, days in heard.items() if day in days}
    if not is_working_day(day):
        return bool(present)
    asked = expected or present
    return bool(asked) and all(
        _longest_silence(heard[server].get(day, set())) < options.silence_hours for server in asked
    )


def _longest_silence(hours: set[int]) -> int:
    longest = running = 0
    for hour in range(WORK_BEGINS, WORK_ENDS):
        running = 0 if hour in hours else running + 1
        longest = max(longest, running)
    return longest


def _runs(session: Session) -> list[Span]:
    """When the journal ran, in order; runs that overlap (two machines) are one."""
    question = select(JournalRun.started_at, JournalRun.beat_at).order_by(JournalRun.started_at)
    spans: list[Span] = []
    for started, beat in session.execute(question):
        if spans and started <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], beat))
        else:
            spans.append((started, beat))
    return spans


def _heard(session: Session, first: date, last: date, zone: ZoneInfo) -> Heard:
    start, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    question = select(JournalHour.server, JournalHour.hour).where(JournalHour.hour >= start, JournalHour.hour < end)
    found: dict[str, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    for server, hour in session.execute(question):
        local = hour.astimezone(zone)
        found[server][local.date()].add(local.hour)
    return {server: dict(days) for server, days in found.items()}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
