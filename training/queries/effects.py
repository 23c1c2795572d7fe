"""Readers of reports of effect: figures of groups, of nobody, and for whoever may see those of the whole city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from core.permissions import Actor, Permission, require
from core.words import Text
from training.effect import Effect
from training.errors import EffectNotFoundError
from training.models import CampaignRow, CourseRow, EffectReportRow, RuleRow

EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)


@dataclass(frozen=True, slots=True)
class EffectReport:
    """What could be said of a campaign's effect when it was made, and what that rests on.

    `campaign` names the rule with the number of its list; `left_out` counts who of the list is not in the comparison:
    `not_assigned`, `not_drawn`, `unknown`.
    """

    report_id: int
    campaign_id: int
    campaign: str
    course_key: str
    course: Text
    made_at: datetime
    made_by: str
    first_day: date
    last_day: date
    days_each: int
    people: int
    permutations: int
    inputs_digest: str
    left_out: dict[str, int]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Measurable:
    """A campaign of which an effect may be reported."""

    campaign_id: int
    campaign: str
    course: Text
    people: int
    waves: int
    starts_on: date | None


def effect_reports(session: Session, actor: Actor, *, newest_only: bool = False) -> list[EffectReport]:
    """Every report, the newest first; or of each campaign the newest. Raises `ForbiddenError`. One SQL query."""
    require(actor, Permission.TRAINING_EFFECT_READ)
    wanted = _reports()
    if newest_only:
        newest = select(func.max(EffectReportRow.id)).group_by(EffectReportRow.campaign)
        wanted = wanted.where(EffectReportRow.id.in_(newest))
    return [_report(row) for row in session.execute(wanted.order_by(EffectReportRow.id.desc()))]


def effect_report(session: Session, actor: Actor, *, report_id: int) -> EffectReport:
    """One report. Raises `ForbiddenError`, `EffectNotFoundError`. One SQL query."""
    require(actor, Permission.TRAINING_EFFECT_READ)
    row = session.execute(_reports().where(EffectReportRow.id == report_id)).first()
    if row is None:
        raise EffectNotFoundError(report_id)
    return _report(row)


def measurable(session: Session, actor: Actor) -> list[Measurable]:
    """The campaigns whose people were assigned, the newest first. Raises `ForbiddenError`. One SQL query."""
    require(actor, Permission.TRAINING_EFFECT_READ)
    wanted = (
        select(CampaignRow, RuleRow.name, RuleRow.course_key, CourseRow.title_vi, CourseRow.title_en)
        .join(RuleRow, RuleRow.id == CampaignRow.rule)
        .outerjoin(CourseRow, CourseRow.key == RuleRow.course_key)
        .where(CampaignRow.settled_at.is_not(None))
        .order_by(CampaignRow.id.desc())
    )
    return [
        Measurable(one.id, _name(rule, one.number), _course(key, vi, en), one.people, one.waves, one.starts_on)
        for one, rule, key, vi, en in session.execute(wanted)
    ]


def _reports() -> Select[EffectReportRow, int, str, str, str, str]:
    return (
        select(
            EffectReportRow, CampaignRow.number, RuleRow.name, RuleRow.course_key, CourseRow.title_vi,
            CourseRow.title_en,
        )
        .join(CampaignRow, CampaignRow.id == EffectReportRow.campaign)
        .join(RuleRow, RuleRow.id == CampaignRow.rule)
        .outerjoin(CourseRow, CourseRow.key == RuleRow.course_key)
    )  # fmt: skip


def _report(row: Row[EffectReportRow, int, str, str, str, str]) -> EffectReport:
    one, number, rule, key, vi, en = row
    return EffectReport(
        report_id=one.id,
        campaign_id=one.campaign,
        campaign=_name(rule, number),
        course_key=key,
        course=_course(key, vi, en),
        made_at=one.made_at,
        made_by=one.made_by,
        first_day=one.first_day,
        last_day=one.last_day,
        days_each=one.days_each,
        people=one.people,
        permutations=one.permutations,
        inputs_digest=one.inputs_digest,
        left_out=one.left_out,
        effect=EFFECT.validate_python(one.result),
    )


def _name(rule: str, number: int) -> str:
    return f"{rule} ({number})"


def _course(key: str, vi: str | None, en: str | None) -> Text:
    return Text(vi or key, en or key)
