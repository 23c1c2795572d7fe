"""Reports of mornings that are long over are taken away with their figures: two a day would fill a city's database.

The facts stay, and every period is reported from them again when somebody asks. What people have in hands or act upon
stays too: reports of whole calendar months, those taken away as a file, those in which a figure was contested.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.permissions import SCHEDULER
from core.settings import Settings
from mail_audit.actions import AuditAction
from mail_audit.models import Audit, Contest, StandingReport
from mail_audit.queries.steps import subject_of
from mail_audit.services.runs import delete_audit
from mail_audit.standing.options import StandingOptions

MOST = 20
"""So many are taken away by one run of the job: each has a row for every official and for every day of a mailbox."""


def remove_old_mornings(settings: Settings, *, now: datetime) -> tuple[int, ...]:
    """Take away the oldest of them, each in a transaction of its own; their numbers. Run again, it goes on."""
    before = now - timedelta(days=StandingOptions.of(settings).keep_mornings_days)
    with unit_of_work(settings) as session:
        chosen = over(session, before=before)[:MOST]
    for audit_id in chosen:
        with unit_of_work(settings) as session:
            if audit_id in over(session, before=before, among=[audit_id]):  # nobody has taken it in hand meanwhile
                delete_audit(session, SCHEDULER, audit_id=audit_id)
    return tuple(chosen)


def over(session: Session, *, before: datetime, among: Collection[int] | None = None) -> list[int]:
    """The reports of mornings made before that moment that nobody needs any more, the oldest first."""
    wanted = (
        select(Audit.id, Audit.first_day, Audit.last_day)
        .join(StandingReport, StandingReport.audit_id == Audit.id)
        .where(StandingReport.scheduled.is_(True), StandingReport.made_at < before, Audit.state == "finished")
        .where(Audit.id.not_in(select(Contest.audit_id).where(Contest.audit_id.is_not(None))))
        .order_by(StandingReport.made_at, Audit.id)
    )
    if among is not None:
        wanted = wanted.where(Audit.id.in_(among))
    found = [row.id for row in session.execute(wanted) if not (row.first_day.day == 1 and _ends_month(row.last_day))]
    latest = session.scalar(select(func.max(Audit.last_day)).where(Audit.stored_at.is_not(None)))
    newest = set(session.scalars(select(Audit.id).where(Audit.last_day == latest)))
    subjects = {subject_of(audit_id): audit_id for audit_id in found}
    taken = select(AuditEntry.subject).where(
        AuditEntry.action == AuditAction.REPORT_TAKEN.value, AuditEntry.subject.in_(subjects)
    )
    in_hand = {subjects[subject] for subject in session.scalars(taken)}
    return [audit_id for audit_id in found if audit_id not in newest and audit_id not in in_hand]


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
