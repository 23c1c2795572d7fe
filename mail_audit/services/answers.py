"""An official has read the answer to a contest: it waits for them no longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import record
from core.permissions import Actor
from mail_audit.actions import AuditAction
from mail_audit.models import Contest


def note_answer_read(session: Session, actor: Actor, *, contest_id: int, now: datetime) -> bool:
    """Note that the official whose contest it is has opened the answer; whether that was the first time.

    Nothing is noted of anybody else who opens it, nor while there is no answer.
    """
    if actor.official_id is None:
        return False
    unread = select(Contest).where(
        Contest.id == contest_id,
        Contest.official_id == actor.official_id,
        Contest.state != "open",
        Contest.answer_seen_at.is_(None),
    )
    if session.scalar(unread.with_only_columns(Contest.id)) is None:
        return False
    # asked once more under a lock: of two windows only one notes it, and whoever only reads takes no lock at all
    contest = session.scalars(unread.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if contest is None:
        return False
    contest.answer_seen_at = now
    session.flush()
    record(
        session,
        actor=actor.in_trail,
        action=AuditAction.CONTEST_ANSWER_READ,
        subject=f"contest:{contest.id}",
        facts={"official": contest.official_id},
    )
    return True
