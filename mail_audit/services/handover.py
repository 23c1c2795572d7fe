"""What becomes of the exceptions on record when an official leaves: those that have no end yet end with the leaving.

Nobody is on leave from an office they left, and nobody works for another from there. Contests stay: whoever asked, the
figure is to be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.models import OfficialRow
from core.permissions import Actor
from mail_audit.models import UsageException


def hand_over(session: Session, actor: Actor, *, official_id: str, to: str | None, day: date) -> Mapping[str, int]:
    """End the exceptions of this official, and those in which they work for another; how many.

    Only those that began before `day` and have no last day. `to` is not asked: an exception speaks of one person. The
    entry in the trail is the leaving's.
    """
    del to
    who = select(OfficialRow.id).where(OfficialRow.official_id == official_id).scalar_subquery()
    wanted = select(UsageException).where(
        or_(UsageException.official == who, UsageException.delegate == who),
        UsageException.last_day.is_(None),
        UsageException.withdrawn_at.is_(None),
        UsageException.first_day <= day,
    )
    ended = 0
    for row in session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        row.last_day, row.ended_at, row.ended_by = day, utc_now(), actor.name
        ended += 1
    session.flush()
    return {"exceptions": ended}
