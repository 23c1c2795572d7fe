"""What becomes of courses when an official leaves: what was still to be done is withdrawn. Nobody inherits a course."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import utc_now
from core.directory.models import OfficialRow
from core.permissions import Actor
from training.models import STILL_OPEN, AssignmentRow

WHY = "đã nghỉ / has left"


def hand_over(session: Session, actor: Actor, *, official_id: str, to: str | None, day: date) -> Mapping[str, int]:
    """Withdraw what this official had still to learn; how many assignments. The entry in the trail is the leaving's.

    What is done stays, with its certificates; `to` is not asked.
    """
    del to, day
    who = select(OfficialRow.id).where(OfficialRow.official_id == official_id).scalar_subquery()
    wanted = select(AssignmentRow).where(AssignmentRow.official == who, AssignmentRow.state.in_(STILL_OPEN))
    ended = 0
    for row in session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        row.state, row.ended_at, row.ended_by, row.ended_why = "withdrawn", utc_now(), actor.name, WHY
        ended += 1
    session.flush()
    return {"assignments": ended}
