"""Who is exempt from learning what, until when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Permission
from core.words import Text
from training.models import ExemptionRow
from training.queries.names import course_names

ExemptionState = Literal["coming", "holds", "over"]


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption; `course` None: from every course. `may_end`: by whoever asked."""

    exemption_id: int
    official_id: str
    name: str
    course: Text | None
    reason: str
    first: date
    last: date
    state: ExemptionState
    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None


def exemptions(
    session: Session, actor: Actor, *, today: date, only: int | None = None, limit: int = 500
) -> list[Exemption]:
    """Those of officials in reach (or `only` one), the ones that hold or are to come first, then the newest.

    Three SQL queries.
    """
    over = ExemptionRow.ended_at.is_not(None) | (ExemptionRow.last_day < today)
    wanted = select(ExemptionRow, OfficialRow.official_id, OfficialRow.name).join(
        OfficialRow, OfficialRow.id == ExemptionRow.official
    )
    if only is not None:
        wanted = wanted.where(ExemptionRow.id == only)
    reach = actor.reach(Permission.TRAINING_EXEMPTION_RECORD)
    if not reach.whole:
        inside = (
            select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units or ()))
        )
        wanted = wanted.where(ExemptionRow.official.in_(inside))
    courses = course_names(session)
    return [
        Exemption(
            exemption_id=row.id,
            official_id=number,
            name=name,
            course=None
            if row.course_key is None
            else courses.get(row.course_key, Text(row.course_key, row.course_key)),
            reason=row.reason,
            first=row.first_day,
            last=row.last_day,
            state=_state(row, today),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            ended_at=row.ended_at,
        )
        for row, number, name in session.execute(wanted.order_by(over, ExemptionRow.id.desc()).limit(limit))
    ]


def _state(row: ExemptionRow, today: date) -> ExemptionState:
    if row.ended_at is not None or row.last_day < today:
        return "over"
    return "holds" if row.first_day <= today else "coming"
