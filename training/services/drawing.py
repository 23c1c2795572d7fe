"""The draw of a list that waits: who must go first, the seed made public, then the order drawn within each unit.

The list is frozen before the seed is known, and the seed is public before the draw, once and for all: so nobody can try
seeds until the order suits them. Anybody can draw it again from the list, the seed and `vanthu training draw`.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.permissions import Actor
from training.actions import TrainingAction
from training.errors import AssigningError, CampaignNotFoundError, MovedOnError
from training.models import CampaignMemberRow, CampaignRow, RuleRow
from training.moments import Moment
from training.services.assigning import checked_reason
from training.services.rules import locked_rule
from training.services.settling import Settled, settle
from training.waves import Person, draw

LATEST_START = timedelta(days=366)


def put_first(session: Session, actor: Actor, *, campaign_id: int, official_id: str, why: str, moment: Moment) -> None:
    """Say that somebody must go first, and why: they are in wave 1 and not drawn. Only before the seed is public.

    An empty `why` takes it back. Raises `ForbiddenError`, `CampaignNotFoundError`, `AssigningError`, `MovedOnError`.
    """
    del moment
    _, campaign = _locked(session, actor, campaign_id)
    if campaign.seed is not None:
        raise MovedOnError(
            "Mã bốc thăm đã công bố: danh sách không đổi được nữa.",
            "The seed is public: the list cannot be changed any more.",
        )
    wanted = select(CampaignMemberRow).where(
        CampaignMemberRow.campaign == campaign_id, CampaignMemberRow.person == official_id
    )
    member = session.scalars(wanted).first()
    if member is None:
        raise AssigningError("Người này không có trong danh sách.", "This official is not on the list.")
    said = checked_reason(why) if why.strip() else None
    if said == member.first_why:
        return
    member.first_why, member.first_by = said, None if said is None else actor.in_trail
    session.flush()
    facts = {"official": official_id, "first": said is not None}
    _record(session, actor, TrainingAction.MEMBER_FIRST, campaign, facts)


def publish_seed(
    session: Session, actor: Actor, *, campaign_id: int, seed: str, typed: bool, starts_on: date, moment: Moment
) -> None:
    """Make the seed of a list public, and the first day of wave 1; it cannot be changed afterwards.

    `typed`: somebody wrote it, rather than the program made it by chance. Publishing the same again changes nothing.
    Raises `ForbiddenError`, `CampaignNotFoundError`, `DrawError` for a seed that cannot be used or a list with nobody
    to draw, `AssigningError` for a day that cannot be, and `MovedOnError` where another seed is public.
    """
    _, campaign = _locked(session, actor, campaign_id)
    if campaign.seed is not None:
        if (campaign.seed, campaign.starts_on) == (seed, starts_on):
            return
        raise MovedOnError("Mã bốc thăm đã công bố rồi.", "A seed is public already.")
    if not moment.today <= starts_on <= moment.today + LATEST_START:
        raise AssigningError(
            "Ngày đầu của đợt 1 phải từ hôm nay đến một năm sau.",
            "The first day of wave 1 must be from today to a year from now.",
        )
    draw(_people(_members(session, campaign_id)), seed=seed, waves=campaign.waves)  # a seed that cannot be drawn by
    campaign.seed, campaign.seed_typed, campaign.starts_on = seed, typed, starts_on
    campaign.published_at, campaign.published_by = moment.now, actor.in_trail
    session.flush()
    facts = {"seed": seed, "typed": typed, "starts_on": starts_on.isoformat(), "digest": campaign.snapshot_digest}
    _record(session, actor, TrainingAction.SEED_PUBLISHED, campaign, facts)


def draw_waves(session: Session, actor: Actor, *, campaign_id: int, moment: Moment) -> Settled | None:
    """Draw the order by the seed that is public, and make the assignments; None where that was done before.

    Raises `ForbiddenError`, `CampaignNotFoundError`, and `MovedOnError` where no seed is public yet.
    """
    rule, campaign = _locked(session, actor, campaign_id, settled=True)
    if campaign.settled_at is not None:
        return None
    if campaign.seed is None or campaign.starts_on is None:
        raise MovedOnError("Hãy công bố mã bốc thăm trước khi bốc thăm.", "Publish the seed before the draw, please.")
    members = _members(session, campaign_id)
    found = draw(_people(members), seed=campaign.seed, waves=campaign.waves)
    places = {one.person: one for one in found.places}
    for member in members:
        place = places[member.person]
        member.wave, member.ticket = place.wave, place.ticket or None
    campaign.list_digest = found.digest
    session.flush()
    return settle(session, actor, rule=rule, campaign=campaign, members=members, moment=moment)


def close_campaign(session: Session, actor: Actor, *, campaign_id: int, moment: Moment) -> None:
    """Drop a list that waits: nobody on it is assigned anything. Again: nothing. Raises as `draw_waves`."""
    rule, campaign = _locked(session, actor, campaign_id, settled=True, closed=True)
    if campaign.settled_at is not None:
        raise MovedOnError("Danh sách này đã bốc thăm rồi.", "This list has been drawn already.")
    if campaign.closed_at is None:
        campaign.closed_at, campaign.closed_by = moment.now, actor.in_trail
        session.flush()
        _record(session, actor, TrainingAction.CAMPAIGN_CLOSED, campaign, {"rule": rule.name, "version": rule.version})


def _people(members: list[CampaignMemberRow]) -> list[Person]:
    return [Person(one.unit, one.person, first=one.first_why is not None) for one in members]


def _members(session: Session, campaign_id: int) -> list[CampaignMemberRow]:
    wanted = select(CampaignMemberRow).where(CampaignMemberRow.campaign == campaign_id)
    return list(session.scalars(wanted.order_by(CampaignMemberRow.unit, CampaignMemberRow.person)))


def _locked(
    session: Session, actor: Actor, campaign_id: int, *, settled: bool = False, closed: bool = False
) -> tuple[RuleRow, CampaignRow]:
    """The list and its rule, locked, the rule first as everywhere; one that is over only where that is asked for."""
    of_rule = session.scalars(select(CampaignRow.rule).where(CampaignRow.id == campaign_id)).first()
    if of_rule is None:
        raise CampaignNotFoundError(campaign_id)
    rule = locked_rule(session, actor, of_rule)
    wanted = select(CampaignRow).where(CampaignRow.id == campaign_id).with_for_update()
    campaign = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if (campaign.settled_at is not None and not settled) or (campaign.closed_at is not None and not closed):
        raise MovedOnError("Danh sách này đã xong.", "This list is over already.")
    return rule, campaign


def _record(
    session: Session, actor: Actor, action: TrainingAction, campaign: CampaignRow, facts: dict[str, object]
) -> None:
    audit.record(session, actor=actor.in_trail, action=action, subject=f"training_campaign:{campaign.id}", facts=facts)
