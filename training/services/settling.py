"""From a frozen list to assignments: all at once, each with its wave, and what came of it in one entry of the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import working_day_after
from core.directory.models import OfficialRow
from core.permissions import Actor
from training.actions import TrainingAction
from training.models import STILL_OPEN, AssignmentRow, CampaignMemberRow, CampaignRow, RuleRow
from training.moments import Moment
from training.queries.snapshot import exempt_today


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a list: assignments made, and people left out because they have left, are exempt or have it."""

    assigned: int
    gone: int
    exempt: int
    have_it: int


def settle(
    session: Session, actor: Actor, *, rule: RuleRow, campaign: CampaignRow, members: Sequence[CampaignMemberRow],
    moment: Moment,
) -> Settled:  # fmt: skip
    """Give everybody on the list the course, but for who has left, is exempt, or was given it in the meantime.

    A wave that begins later waits for its day. Rule and campaign are locked by whoever calls.
    """
    officials = [one.official for one in members]
    here = _of(officials, select(OfficialRow.id).where(OfficialRow.gone_at.is_(None)), session)
    have_it = _of(
        officials,
        select(AssignmentRow.official).where(
            AssignmentRow.course_key == rule.course_key, AssignmentRow.state.in_(STILL_OPEN)
        ),
        session,
    )
    exempt = {one for one, key in exempt_today(session, moment.today) if key in {None, rule.course_key}} & {*officials}
    attempts = _attempts(session, rule.course_key)
    chosen = [one for one in members if one.official in here - exempt - have_it]
    rows = [_row(rule, campaign, one, attempts.get(one.official, 0) + 1, actor, moment) for one in chosen]
    if rows:
        session.execute(insert(AssignmentRow), rows)
    campaign.settled_at, campaign.settled_by = moment.now, actor.in_trail
    session.flush()
    found = Settled(
        assigned=len(rows),
        gone=len({*officials} - here),
        exempt=len(exempt & here),
        have_it=len((have_it & here) - exempt),
    )
    facts = {"rule": rule.name, "version": rule.version, "course": rule.course_key, "list": campaign.list_digest}
    facts |= {"assigned": found.assigned, "gone": found.gone, "exempt": found.exempt, "have_it": found.have_it}
    audit.record(
        session, actor=actor.in_trail, action=TrainingAction.CAMPAIGN_SETTLED,
        subject=f"training_campaign:{campaign.id}", facts=facts,
    )  # fmt: skip
    return found


def wave_days(rule: RuleRow, starts_on: date, wave: int) -> tuple[date, date]:
    """First day of a wave and the day by which its course is to be done: a working day."""
    begins = starts_on + timedelta(days=(wave - 1) * rule.wave_days)
    return begins, working_day_after(begins + timedelta(days=rule.due_days - 1), 1)


def _row(
    rule: RuleRow, campaign: CampaignRow, member: CampaignMemberRow, attempt: int, actor: Actor, moment: Moment
) -> Mapping[str, Any]:
    begins, due = wave_days(rule, campaign.starts_on or moment.today, member.wave or 1)
    return {
        "official": member.official,
        "course_key": rule.course_key,
        "rule": rule.id,
        "campaign": campaign.id,
        "wave": member.wave,
        "drawn": member.ticket is not None,
        "reason_vi": member.reason_vi,
        "reason_en": member.reason_en,
        "assigned_at": moment.now,
        "assigned_by": actor.in_trail,
        "starts_on": begins,
        "due_on": due,
        "state": "open" if begins <= moment.today else "waiting",
        "attempt": attempt,
    }


def _of(officials: Iterable[int], wanted: Any, session: Session) -> set[int]:
    """Those of `officials` that a query of rows of officials finds."""
    return {*session.scalars(wanted)} & {*officials}


def _attempts(session: Session, course_key: str) -> dict[int, int]:
    counted = (
        select(AssignmentRow.official, func.count())
        .where(AssignmentRow.course_key == course_key)
        .group_by(AssignmentRow.official)
    )
    return {official: number for official, number in session.execute(counted)}  # noqa: C416 - rows are no pairs
