"""Waves beside the board: each list with its waves, their first day, how many were drawn, how many are done.

Counted over assignments in reach: whoever reaches some units sees how these stand, not the size of the whole list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from core.directory.models import PostRow, UnitRow
from core.permissions import Actor, Permission, require
from core.words import Text
from training.models import AssignmentRow, CampaignRow, CourseRow, RuleRow


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """One wave: `people` assigned to it, of them `drawn` into it, of them `done`."""

    number: int
    starts_on: date
    due_on: date
    people: int
    drawn: int
    done: int


@dataclass(frozen=True, slots=True)
class CampaignWaves:
    """A list that a rule picked, with its waves; `seed` None where nothing was drawn."""

    campaign_id: int
    campaign: str
    course: Text
    seed: str | None
    list_digest: str | None
    waves: tuple[WaveCounts, ...]


def waves(session: Session, actor: Actor, *, limit: int = 10) -> list[CampaignWaves]:
    """The newest lists in reach that have waves. Raises `ForbiddenError`. Three SQL queries."""
    require(actor, Permission.TRAINING_BOARD_READ)
    reach = actor.reach(Permission.TRAINING_BOARD_READ)
    inside: list[ColumnElement[bool]] = [AssignmentRow.campaign.is_not(None), AssignmentRow.wave.is_not(None)]
    if reach.units is None:
        drawn = exists().where(AssignmentRow.campaign == CampaignRow.id, AssignmentRow.wave.is_not(None))
        newest = select(CampaignRow.id).where(CampaignRow.waves > 1, drawn).order_by(CampaignRow.id.desc())
        chosen = list(session.scalars(newest.limit(limit)))
    else:  # there are few: looked for in the lists, PostgreSQL would walk over all of them backwards
        posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit)
        inside.append(AssignmentRow.official.in_(posts.where(UnitRow.key.in_(reach.units))))
        found = session.scalars(select(AssignmentRow.campaign).where(*inside).group_by(AssignmentRow.campaign))
        chosen = sorted((one for one in found if one is not None), reverse=True)[:limit]
    of_wave = (
        select(
            AssignmentRow.campaign,
            AssignmentRow.wave,
            func.min(AssignmentRow.starts_on),
            func.min(AssignmentRow.due_on),
            func.count(),
            func.sum(case((AssignmentRow.drawn, 1), else_=0)),
            func.sum(case((AssignmentRow.state == "done", 1), else_=0)),
        )
        .where(AssignmentRow.campaign.in_(chosen), *inside)
        .group_by(AssignmentRow.campaign, AssignmentRow.wave)
        .order_by(AssignmentRow.campaign, AssignmentRow.wave)
    )
    counted: dict[int, list[WaveCounts]] = {}
    for campaign, *wave in session.execute(of_wave):
        counted.setdefault(campaign, []).append(WaveCounts(*wave))
    wanted = (
        select(CampaignRow, RuleRow.name, RuleRow.course_key, CourseRow.title_vi, CourseRow.title_en)
        .join(RuleRow, RuleRow.id == CampaignRow.rule)
        .outerjoin(CourseRow, CourseRow.key == RuleRow.course_key)
        .where(CampaignRow.id.in_(counted))
        .order_by(CampaignRow.id.desc())
    )
    return [
        CampaignWaves(
            one.id, f"{rule} ({one.number})", Text(vi or key, en or key), one.seed, one.list_digest,
            tuple(counted[one.id]),
        )
        for one, rule, key, vi, en in session.execute(wanted)
    ]  # fmt: skip
