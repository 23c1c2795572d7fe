"""What becomes of courses when an official leaves: what was still to be done is withdrawn, seats go to who waits.

Nobody inherits a course.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.models import OfficialRow
from core.permissions import Actor
from training.models import STILL_OPEN, AssignmentRow
from training.moments import Moment
from training.services.classes.seats import free_seats

WHY = "đã nghỉ / has left"


def hand_over(session: Session, actor: Actor, *, official_id: str, to: str | None, day: date) -> Mapping[str, int]:
    """Withdraw what this official had still to learn, give seats back; how many. The trail's entry is the leaving's.

    What is done stays, with its certificates; `to` is not asked.
    """
    del to
    who = select(OfficialRow.id).where(OfficialRow.official_id == official_id).scalar_subquery()
    wanted = select(AssignmentRow).where(AssignmentRow.official == who, AssignmentRow.state.in_(STILL_OPEN))
    ended = 0
    for row in session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        row.state, row.ended_at, row.ended_by, row.ended_why = "withdrawn", utc_now(), actor.name, WHY
        ended += 1
    session.flush()
    official = session.scalar(select(who))
    freed = 0
    if official is not None:
        freed = free_seats(session, official=official, by=actor.in_trail, moment=Moment(utc_now(), day))
    return {"assignments": ended, "seats": freed}
