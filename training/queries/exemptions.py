"""Who is exempt from learning what, until when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, select
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
    session: Session, actor: Actor, *, today: date, only: int | None = None, offset: int = 0, limit: int = 50
) -> tuple[list[Exemption], int]:
    """A part of those of officials in reach (or `only` one), the ones that hold or are to come first, then the newest.

    And how many there are. Three SQL queries.
    """
    over = ExemptionRow.ended_at.is_not(None) | (ExemptionRow.last_day < today)
    inside = [*_in_reach(actor), *([] if only is None else [ExemptionRow.id == only])]
    total = session.scalar(select(func.count()).select_from(ExemptionRow).where(*inside)) or 0
    wanted = (
        select(ExemptionRow, OfficialRow.official_id, OfficialRow.name)
        .join(OfficialRow, OfficialRow.id == ExemptionRow.official)
        .where(*inside)
        .order_by(over, ExemptionRow.id.desc())
    )
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
        for row, number, name in session.execute(wanted.offset(max(0, offset)).limit(max(0, limit)))
    ], total


def _in_reach(actor: Actor) -> list[ColumnElement[bool]]:
    reach = actor.reach(Permission.TRAINING_EXEMPTION_RECORD)
    if reach.units is None:
        return []
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units))
    return [ExemptionRow.official.in_(posts)]


def _state(row: ExemptionRow, today: date) -> ExemptionState:
    if row.ended_at is not None or row.last_day < today:
        return "over"
    return "holds" if row.first_day <= today else "coming"
