"""Retention: the events of months that are long over are taken away; their facts stay, for ever.

A month is closed when it ended longer ago than the setting says and its facts are up to date. From then on its facts
never change. A segment goes when every month that its events help to judge is closed. What arrives later for such a
month is collected like anything else, told as late, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.audit import record
from core.db import unit_of_work, utc_now
from core.settings import Settings
from mail_audit.actions import AuditAction
from mail_audit.kept import remove_folder
from mail_audit.models import LogSegment, StandingMonth
from mail_audit.months import Month, judged_by
from mail_audit.queries import standing as reading
from mail_audit.segments import events_folder
from mail_audit.services.standing.measuring import measure_months
from mail_audit.standing.options import StandingOptions


@dataclass(frozen=True, slots=True)
class Removed:
    """What retention did: months closed now, folders of events taken away, events in them."""

    closed: tuple[Month, ...]
    segments: int
    events: int


def remove_old_events(settings: Settings, *, actor: str, today: date) -> Removed:
    """Close the months that ended more than `keep_days` before `today`, and remove events that nobody needs now.

    Killed anywhere and run again, it ends the same: rows say first what is removed, folders go afterwards.
    """
    last = today - timedelta(days=StandingOptions.of(settings).keep_days)
    with unit_of_work(settings) as session:
        rules = reading.rules_of(session, settings)
        known = reading.standing_months(session)
        there = reading.months_with_events(session, rules.zone)
        over = [month for month in sorted({*known, *there}) if month.closes < last]
        waiting = [month for month in over if month not in known or known[month].closed_at is None]
    measure_months(settings, waiting, actor=actor)
    closed = tuple(month for month in waiting if _close(settings, month, actor))
    removed = _remove_segments(settings, last)
    return Removed(closed, len(removed), sum(events for _, events in removed))


def _close(settings: Settings, month: Month, actor: str) -> bool:
    """Close a month whose facts hold all that is there; one in which something arrived just now waits."""
    with unit_of_work(settings) as session:
        wanted = select(StandingMonth).where(StandingMonth.month == month.first).with_for_update()
        row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
        if row is None or row.closed_at is not None:
            return False
        if row.inputs != reading.inputs_of(session, month, reading.rules_of(session, settings)).digest:
            return False
        row.closed_at = utc_now()
        session.flush()
        record(
            session,
            actor=actor,
            action=AuditAction.MONTH_CLOSED,
            subject=f"month:{month.name}",
            facts={"facts": row.facts, "mailbox_days": row.mailbox_days},
        )
    return True


def _remove_segments(settings: Settings, last: date) -> list[tuple[str, int]]:
    """Folder and events of the segments that only months which are over were made of; their folders go."""
    with unit_of_work(settings) as session:
        rules = reading.rules_of(session, settings)
        known = reading.standing_months(session)
        gone = []
        for segment in session.scalars(select(LogSegment).where(LogSegment.removed_at.is_(None)).with_for_update()):
            if segment.first_at is None or segment.last_at is None:
                continue
            first, until = reading.day_of(segment.first_at, rules.zone), reading.day_of(segment.last_at, rules.zone)
            if all(_is_over(month, known, last) for month in judged_by(first, until)):
                segment.removed_at = utc_now()
                gone.append((segment.folder, segment.events))
        session.flush()
    with unit_of_work(settings) as session:
        every = set(session.scalars(select(LogSegment.folder).where(LogSegment.removed_at.is_not(None))))
    place = events_folder(settings.store)
    for folder in list(place.iterdir()) if place.is_dir() else ():
        if folder.name in every:  # also what a run that was killed has left
            remove_folder(folder)
    return gone


def _is_over(month: Month, known: Mapping[Month, StandingMonth], last: date) -> bool:
    """Whether no event will be asked for to judge the month: it is closed, or long over and nothing is known of it."""
    row = known.get(month)
    return month.closes < last if row is None else row.closed_at is not None
