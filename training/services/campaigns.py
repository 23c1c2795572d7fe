"""Rules at work: activated by a person, applied every day by the scheduler; a list frozen for each time it picks.

A list of a rule with one wave is assigned at once. With more waves it waits until its seed is published and the order
drawn (`services.drawing`); meanwhile the rule picks nobody else, and afterwards only when a window has gone by, so that
the next list is one that can be drawn too. Doing it again on the same day changes nothing: whoever was picked has the
course to do, or waits for the draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import day_in
from core.db import settings_of
from core.permissions import WHOLE, Actor, Permission, require
from mail_audit.queries.running import is_being_measured
from training.actions import TrainingAction
from training.errors import MovedOnError
from training.models import CampaignMemberRow, CampaignRow, RuleRow
from training.moments import Moment
from training.queries.names import called, course_names
from training.queries.snapshot import Asks, snapshot
from training.rules import Snapshot, judge, reason, rule_from_json
from training.services.rules import locked_rule
from training.services.settling import settle

NEXT_LIST_DAYS = 28
"""Days from one list that is drawn to the next one of the same rule: a window."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying all active rules came to: how many there are, lists opened, assignments made at once."""

    rules: int
    lists: int
    assigned: int


def activate_rule(session: Session, actor: Actor, *, rule_id: int, moment: Moment) -> int | None:
    """Let a rule pick from now on; the id of the list that it opens, None where it picks nobody today.

    Of two who activate at once the second finds the first one's list. Raises `ForbiddenError`, `RuleNotFoundError`,
    and `MovedOnError` for a rule that is retired and while logs of the days looked at wait to be measured.
    """
    require(actor, Permission.TRAINING_RULE_CHANGE)
    if is_being_measured(session, today=moment.today):
        raise MovedOnError(
            "Nhật ký mới đang được đo; hãy thử lại sau ít phút.",
            "New logs are being measured; please try again in a few minutes.",
        )
    row = session.get(RuleRow, rule_id)
    asks = Asks.of([] if row is None else [(rule_from_json(row.conditions), row.course_key)])
    known = snapshot(session, moment=moment, reach=WHOLE, asks=asks)  # before anything is locked: it takes its time
    rule = locked_rule(session, actor, rule_id)
    if rule.retired_at is not None:
        raise MovedOnError("Quy tắc này đã thôi áp dụng.", "This rule is no longer in use.")
    if rule.activated_at is not None:
        return _latest(session, rule.id)
    rule.activated_at, rule.activated_by = moment.now, actor.in_trail
    session.flush()
    facts = {"name": rule.name, "version": rule.version, "course": rule.course_key}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.RULE_ACTIVATED, subject=f"training_rule:{rule.id}",
        facts=facts,
    )  # fmt: skip
    return _pick(session, actor, rule, known, set(), moment)[0]


def apply_rules(session: Session, actor: Actor, *, moment: Moment) -> Applied:
    """Apply every active rule, in the order in which they were made. Raises `ForbiddenError`."""
    require(actor, Permission.TRAINING_RULE_CHANGE)
    wanted = select(RuleRow).where(RuleRow.activated_at.is_not(None), RuleRow.retired_at.is_(None))
    if session.scalars(wanted.limit(1)).first() is None:
        return Applied(0, 0, 0)
    known = snapshot(session, moment=moment, reach=WHOLE)  # of any rule: others may be activated until they are locked
    locked = wanted.order_by(RuleRow.id).with_for_update().execution_options(populate_existing=True)
    rules = session.scalars(locked).all()
    given: set[tuple[int, str]] = set()
    lists = assigned = 0
    for rule in rules:
        if not _waits(session, rule, moment):
            opened, made = _pick(session, actor, rule, known, given, moment)
            lists += opened is not None
            assigned += made
    return Applied(len(rules), lists, assigned)


def list_digest(rule: RuleRow, campaign: CampaignRow, members: Iterable[CampaignMemberRow]) -> str:
    """What names a frozen list: SHA-256 of the rule's name and version, the days looked at, and a line a person."""
    head = f"{rule.name}\t{rule.version}\t{campaign.first_day}\t{campaign.last_day}\n"
    lines = sorted(f"{one.unit}\t{one.person}\t{one.reason_vi}\t{one.reason_en}\n" for one in members)
    return hashlib.sha256((head + "".join(lines)).encode()).hexdigest()


def _pick(
    session: Session, actor: Actor, rule: RuleRow, known: Snapshot, given: set[tuple[int, str]], moment: Moment
) -> tuple[int | None, int]:
    """Freeze the list of those whom the rule picks, leaving out who was `given` the course just now; settle it where
    nothing is to be drawn. The list (None where it picks nobody), and how many assignments were made.
    """
    picks = [
        (place, person)
        for place in judge(rule_from_json(rule.conditions), rule.course_key, known).picked
        if ((person := known.people[place]).official, rule.course_key) not in given
    ]
    if not picks:
        return None, 0
    given.update((person.official, rule.course_key) for _, person in picks)
    campaign = _opened(session, actor, rule, known, [place for place, _ in picks], moment)
    if rule.waves > 1:
        return campaign.id, 0
    members = session.scalars(select(CampaignMemberRow).where(CampaignMemberRow.campaign == campaign.id)).all()
    return campaign.id, settle(session, actor, rule=rule, campaign=campaign, members=members, moment=moment).assigned


def _opened(
    session: Session, actor: Actor, rule: RuleRow, known: Snapshot, places: Sequence[int], moment: Moment
) -> CampaignRow:
    counted = session.scalar(select(func.count()).where(CampaignRow.rule == rule.id)) or 0
    campaign = CampaignRow(
        rule=rule.id,
        number=counted + 1,
        opened_at=moment.now,
        opened_by=actor.in_trail,
        first_day=known.earlier.first,
        last_day=known.later.last,
        people=len(places),
        snapshot_digest="",
        waves=rule.waves,
    )
    session.add(campaign)
    session.flush()
    conditions, courses = rule_from_json(rule.conditions), course_names(session)
    units = called(conditions.units)
    members = []
    for place in places:
        why, person = reason(conditions, known, place, courses=courses, units=units), known.people[place]
        members.append(
            CampaignMemberRow(
                campaign=campaign.id, official=person.official, unit=person.unit, person=person.number,
                reason_vi=why.vi, reason_en=why.en,
            )
        )  # fmt: skip
    session.add_all(members)
    campaign.snapshot_digest = list_digest(rule, campaign, members)
    session.flush()
    facts = {"rule": rule.name, "version": rule.version, "people": len(members), "digest": campaign.snapshot_digest}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CAMPAIGN_OPENED,
        subject=f"training_campaign:{campaign.id}", facts=facts,
    )  # fmt: skip
    return campaign


def _waits(session: Session, rule: RuleRow, moment: Moment) -> bool:
    """Whether the rule picks nobody today: a list of its waits for the draw, or the last is younger than a window."""
    if rule.waves == 1:
        return False
    last = session.scalars(
        select(CampaignRow).where(CampaignRow.rule == rule.id).order_by(CampaignRow.number.desc()).limit(1)
    ).first()
    if last is None or last.closed_at is not None:
        return False
    if last.settled_at is None:
        return True
    opened = day_in(settings_of(session).timezone, last.opened_at)
    return moment.today < opened + timedelta(days=NEXT_LIST_DAYS)


def _latest(session: Session, rule: int) -> int | None:
    wanted = select(CampaignRow.id).where(CampaignRow.rule == rule).order_by(CampaignRow.number.desc()).limit(1)
    return session.scalars(wanted).first()
