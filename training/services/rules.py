"""Rules: made, changed by a new version, retired. What an active rule does stands in `services.campaigns`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import UnitRow
from core.permissions import Actor, Permission, require
from training.actions import TrainingAction
from training.errors import AssigningError, RuleNotFoundError
from training.models import MOST_WAVES, CampaignRow, RuleRow
from training.moments import Moment
from training.permissions import can_change_rule
from training.rules import Rule, rule_from_json, rule_to_json
from training.services.assigning import check_course

LONGEST_NAME = 120
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as somebody gives it: its name, whom it picks, for which course, in how many waves.

    `due_days` from the first day of a wave to the day by which the course is to be done, `wave_days` from one wave's
    first day to the next one's.
    """

    name: str
    course_key: str
    rule: Rule
    due_days: int = 28
    waves: int = 1
    wave_days: int = 28


def make_rule(session: Session, actor: Actor, *, plan: Plan, moment: Moment) -> int:
    """Make a rule, or a new version of the one of that name; saying the same again makes none. Its id.

    A new version is tried first: it picks nobody before it is activated, nor does the one before any more. Raises
    `ForbiddenError`, `AssigningError` for what cannot be, and `RuleNotFoundError` for the name of a rule (or a unit)
    that is not in reach.
    """
    require(actor, Permission.TRAINING_RULE_CHANGE)
    name = _checked(session, actor, plan)
    wanted = select(RuleRow).where(RuleRow.name == name).order_by(RuleRow.version.desc()).limit(1).with_for_update()
    last = session.scalars(wanted.execution_options(populate_existing=True)).first()
    row = RuleRow(
        name=name,
        version=1 if last is None else last.version + 1,
        course_key=plan.course_key,
        conditions=rule_to_json(plan.rule),
        waves=plan.waves,
        wave_days=plan.wave_days,
        due_days=plan.due_days,
        made_at=moment.now,
        made_by=actor.in_trail,
    )
    if last is not None:
        _reached(actor, last)
        if last.retired_at is None and _says(last) == _says(row):
            return last.id
        _retire(session, actor, last, moment)
        session.flush()  # of each name one version stands at a time
    session.add(row)
    session.flush()
    facts = {"name": row.name, "version": row.version, "course": row.course_key, "conditions": row.conditions}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.RULE_MADE, subject=f"training_rule:{row.id}", facts=facts
    )
    return row.id


def retire_rule(session: Session, actor: Actor, *, rule_id: int, moment: Moment) -> None:
    """It picks nobody any more, and a list of its that waits for a draw is closed; what was assigned stays.

    Raises `ForbiddenError`, `RuleNotFoundError`. Retiring it again changes nothing.
    """
    row = locked_rule(session, actor, rule_id)
    if row.retired_at is None:
        _retire(session, actor, row, moment)
        facts = {"name": row.name, "version": row.version}
        audit.record(
            session, actor=actor.in_trail, action=TrainingAction.RULE_RETIRED, subject=f"training_rule:{row.id}",
            facts=facts,
        )  # fmt: skip


def locked_rule(session: Session, actor: Actor, rule_id: int) -> RuleRow:
    """The rule, locked until the transaction ends. Raises `ForbiddenError`, `RuleNotFoundError`."""
    require(actor, Permission.TRAINING_RULE_CHANGE)
    wanted = select(RuleRow).where(RuleRow.id == rule_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise RuleNotFoundError(rule_id)
    _reached(actor, row)
    return row


def _retire(session: Session, actor: Actor, row: RuleRow, moment: Moment) -> None:
    if row.retired_at is None:
        row.retired_at, row.retired_by = moment.now, actor.in_trail
    open_list = select(CampaignRow).where(
        CampaignRow.rule == row.id, CampaignRow.settled_at.is_(None), CampaignRow.closed_at.is_(None)
    )
    for campaign in session.scalars(open_list.with_for_update()):
        campaign.closed_at, campaign.closed_by = moment.now, actor.in_trail


def _reached(actor: Actor, row: RuleRow) -> None:
    if not can_change_rule(actor, rule_from_json(row.conditions).units):
        raise RuleNotFoundError(row.id)


def _says(row: RuleRow) -> tuple[object, ...]:
    return (row.course_key, row.conditions, row.waves, row.wave_days, row.due_days)


def _checked(session: Session, actor: Actor, plan: Plan) -> str:
    """The rule's name, where everything else is as it may be. Raises `AssigningError`."""
    name = " ".join(plan.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AssigningError(
            f"Hãy đặt tên quy tắc, nhiều nhất {LONGEST_NAME} ký tự.",
            f"Please name the rule, in at most {LONGEST_NAME} characters.",
        )
    check_course(session, plan.course_key)
    if not 1 <= plan.waves <= MOST_WAVES:
        raise AssigningError(f"Số đợt: từ 1 đến {MOST_WAVES}.", f"Waves: 1 to {MOST_WAVES}.")
    if not (1 <= plan.due_days <= LONGEST_DAYS and 1 <= plan.wave_days <= LONGEST_DAYS):
        raise AssigningError(f"Số ngày: từ 1 đến {LONGEST_DAYS}.", f"Days: 1 to {LONGEST_DAYS}.")
    if not can_change_rule(actor, plan.rule.units):
        raise AssigningError(
            "Hãy chọn đơn vị thuộc phạm vi Ông/Bà phụ trách.", "Please choose units that are yours to look after."
        )
    known = set(session.scalars(select(UnitRow.key).where(UnitRow.gone_at.is_(None))))
    if not set(plan.rule.units) <= known:
        raise AssigningError("Không có đơn vị này.", "There is no such unit.")
    return name
