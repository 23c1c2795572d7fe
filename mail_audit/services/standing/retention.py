"""Retention: the events of months that are long over are taken away; their facts stay, for ever.

A month is closed when it ended longer ago than the setting says and its facts are up to date. From then on its facts
never change. A segment goes when every month that its events help to judge is closed. What arrives later for such a
month is collected like anything else, told as late, and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.audit import record
from core.db import unit_of_work, utc_now
from core.settings import Settings
from core.words import Text
from mail_audit import kept
from mail_audit.actions import AuditAction
from mail_audit.models import AuditReport, LogSegment, StandingMonth, StandingReport
from mail_audit.months import Month, judged_by
from mail_audit.queries import standing as reading
from mail_audit.segments import EVENTS
from mail_audit.services.standing.measuring import measure_months
from mail_audit.standing.options import StandingOptions
from mail_audit.sums import table_named

MORNING_FILES = timedelta(days=35)
"""So long the rendered files of a morning's report are kept; its pages stay, and so does its manifest."""


SWEEP_SECONDS = 86_400.0


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
    removed = _remove_segments(settings, last, actor)
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


def _remove_segments(settings: Settings, last: date, actor: str) -> list[tuple[str, int]]:
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
        if gone:
            facts = {"segments": len(gone), "events": sum(events for _, events in gone)}
            record(session, actor=actor, action=AuditAction.EVENTS_REMOVED, subject="event_store", facts=facts)
    with unit_of_work(settings) as session:
        every = set(session.scalars(select(LogSegment.folder).where(LogSegment.removed_at.is_not(None))))
    there = {one.key.split("/")[1] for one in settings.store.listed(EVENTS)}
    for folder in sorted(there & every):  # also what a run that was killed has left
        settings.store.remove_folder(f"{EVENTS}/{folder}")
    return gone


def _is_over(month: Month, known: Mapping[Month, StandingMonth], last: date) -> bool:
    """Whether no event will be asked for to judge the month: it is closed, or long over and nothing is known of it."""
    row = known.get(month)
    return month.closes < last if row is None else row.closed_at is not None


def remove_morning_files(settings: Settings, *, actor: str, now: datetime) -> int:
    """Take away the rendered files of old morning reports, which nobody asked for; how many reports that were.

    The figures and pages of the report stay; from its manifest every file can be made again, bit for bit.
    """
    with unit_of_work(settings) as session:
        old = select(StandingReport.audit_id).where(
            StandingReport.scheduled.is_(True), StandingReport.made_at < now - MORNING_FILES
        )
        files = session.scalars(
            select(AuditReport).where(AuditReport.audit_id.in_(old), AuditReport.path.is_not(None)).with_for_update()
        )
        old_ones = set()
        for file in files:
            old_ones.add(file.audit_id)
            file.path = file.size = None
            file.error_vi, file.error_en = FILES_REMOVED.vi, FILES_REMOVED.en
        session.flush()
        if old_ones:
            facts = {"audits": sorted(old_ones)}
            record(session, actor=actor, action=AuditAction.REPORT_FILES_REMOVED, subject="reports", facts=facts)
    for audit_id in old_ones:
        settings.store.remove_folder(kept.reports_folder(audit_id))
    return len(old_ones)


def sweep_inputs(settings: Settings, *, older_than: float = SWEEP_SECONDS) -> int:
    """Take away kept inputs that no report's manifest names (their report was deleted); how many files that were.

    And what processes that were killed have left half written. A file is young between being written and its report
    being stored, so the age must be longer than that takes.
    """
    with unit_of_work(settings) as session:
        manifests = session.scalars(select(StandingReport.manifest))
        named = {digest for manifest in manifests for digest in manifest["kept"].values()}
    old = [
        one
        for one in settings.store.listed(kept.INPUTS)
        if table_named(one.name).partition(".")[0] not in named and time.time() - one.changed > older_than
    ]
    for one in old:
        settings.store.remove(one.key)
    return sum(table_named(one.name) == one.name for one in old) + settings.store.sweep(older_than=older_than)


FILES_REMOVED = Text(
    "Tệp của báo cáo buổi sáng đã được xóa sau thời hạn; lập lại được từ bản kê.",
    "The files of this morning's report were removed after their time; the manifest makes them again.",
)
