"""The demonstration's training: measured, assigned in drawn waves, taught, practised, measured again.

A process of its own, beside those of the suite: it begins when the address is printed, and takes a minute or two. Every
step is a service's and looks first whether it was done; killed anywhere and started again, it ends at the same.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

import core.settings
from core.calendar import day_in, working_day_after
from core.db import forget, unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.errors import ConflictError, UnavailableError
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.queries.running import is_being_measured
from mail_audit.sample import PRESETS
from training.models import AssignmentRow, CampaignRow, EffectReportRow, RuleRow
from training.moments import Moment
from training.rules import Rule
from training.services import assigning, campaigns, courses, drawing
from training.services.effects import ask_for_effect
from training.services.rules import Plan, make_rule
from web import demo_learners, demo_months, demo_practice, demo_waiting
from web.demo_learners import COURSE, Days
from web.demo_months import Months

HR = Actor("tochuc", frozenset({Role.HR}))
RULE = "Rất ít dùng thư công vụ"
RARELY = Rule(mail_classes=("none", "occasional"), active_below=5)
SEED = "Xổ số kiến thiết thành phố Tân Phong, giải đặc biệt: 48213"
WAVES, WAVE_DAYS, DUE_DAYS = 3, 56, 49
TRIES = 5
NICE = 5
"""Whoever looks at pages meanwhile goes first."""
BEGUN_DAYS = 92
"""The first wave began so many days ago, or up to six more: three periods of 28 days are over, the third wave waits."""
FINISH = {1: 0.75, 2: 0.6}
"""The share of a wave that finishes the course."""


def prepare(settings: Settings, folder: Path, *, preset: str, today: date) -> None:
    """The whole loop, as far as `today` allows; what is there already stays as it is."""
    days = Days(settings.timezone)
    begins = _begins(folder, today)
    months = Months(folder, PRESETS[preset].officials, begins, today - timedelta(days=1))
    months.write_before()
    demo_months.read(settings, command_line_actor(), folder)
    with unit_of_work(settings) as session:
        courses.ensure_shipped(session, moment=days.at(begins - timedelta(days=10), 8))
        demo_waiting.prepared(session, HR, days, today=today)
    if is_measured(settings, begins):
        campaign_id = publish(settings, days, begins)
        starts = draw(settings, days, campaign_id, begins, keep=False)
        with unit_of_work(settings) as session:
            practised = demo_practice.practised(session, HR, days, town=months.town, today=today)
        months.write_after(starts, practised)
        demo_months.read(settings, command_line_actor(), folder)
        draw(settings, days, campaign_id, begins, keep=True)
        teach(settings, days, campaign_id, today)
        with unit_of_work(settings) as session:
            demo_practice.judge(session, moment=Moment(utc_now(), today))
            demo_waiting.of_campaign(session, HR, days, campaign_id=campaign_id, today=today)
            reported = select(EffectReportRow.id).where(EffectReportRow.campaign == campaign_id)
            if session.scalars(reported).first() is None:  # else the scheduler was quicker
                ask_for_effect(session, HR, campaign_id=campaign_id)


def is_measured(settings: Settings, begins: date) -> bool:
    """Whether everything that was collected before the first wave is measured."""
    with unit_of_work(settings) as session:
        return not is_being_measured(session, today=begins)


def publish(settings: Settings, days: Days, begins: date) -> int:
    """The rule, its list and the seed, on the Friday before the first wave; the campaign's id."""
    friday = begins - timedelta(days=3)
    with unit_of_work(settings) as session:
        known = session.scalars(
            select(CampaignRow.id).join(RuleRow, RuleRow.id == CampaignRow.rule)
            .where(RuleRow.name == RULE, CampaignRow.seed.is_not(None)).order_by(CampaignRow.id)
        ).first()  # fmt: skip
        if known is not None:
            return known
        courses.take_package(session, HR, content=demo_learners.package(), moment=days.at(friday, 8))
        plan = Plan(RULE, COURSE, RARELY, due_days=DUE_DAYS, waves=WAVES, wave_days=WAVE_DAYS)
        rule_id = make_rule(session, HR, plan=plan, moment=days.at(friday, 9))
        campaign_id = campaigns.activate_rule(session, HR, rule_id=rule_id, moment=days.at(friday, 10))
        if campaign_id is None:
            raise RuntimeError("nobody of the sample city stays away from e-mail")
        drawing.publish_seed(
            session, HR, campaign_id=campaign_id, seed=SEED, typed=True, starts_on=begins, moment=days.at(friday, 16)
        )
        return campaign_id


def draw(settings: Settings, days: Days, campaign_id: int, begins: date, *, keep: bool) -> dict[str, date]:
    """Draw, on the same Friday; official_id -> first day of their wave.

    Without `keep` it is only tried, to know whom the logs of the months after will show: the draw itself is made when
    these are measured, so that nobody reports an effect of logs that are not there yet. It comes out the same.
    """
    with unit_of_work(settings) as session:
        friday = days.at(begins - timedelta(days=3), 17)
        drawing.draw_waves(session, HR, campaign_id=campaign_id, moment=friday)
        wanted = select(OfficialRow.official_id, AssignmentRow.starts_on)
        wanted = wanted.join(AssignmentRow, AssignmentRow.official == OfficialRow.id)
        found = session.execute(wanted.where(AssignmentRow.campaign == campaign_id))
        starts = {number: starts_on for number, starts_on in found}  # noqa: C416 - rows are no pairs
        if not keep:
            session.rollback()
    return starts


def teach(settings: Settings, days: Days, campaign_id: int, today: date) -> None:
    """Everybody of the waves that have begun, one after the other."""
    with unit_of_work(settings) as session:
        begun = select(AssignmentRow.wave, AssignmentRow.starts_on).distinct()
        begun = begun.where(AssignmentRow.campaign == campaign_id, AssignmentRow.starts_on < today)
        waves = sorted((wave or 1, starts_on) for wave, starts_on in session.execute(begun))
        for wave, starts_on in waves:
            if wave in FINISH:
                assigning.begin_waves(session, HR, moment=days.at(starts_on, 7))
    for wave, starts_on in waves:
        if wave in FINISH:
            _teach_wave(settings, days, (campaign_id, wave), starts_on)


def _teach_wave(settings: Settings, days: Days, wave: tuple[int, int], starts_on: date) -> None:
    with unit_of_work(settings) as session:
        wanted = select(AssignmentRow.id).where(AssignmentRow.campaign == wave[0], AssignmentRow.wave == wave[1])
        learners = list(session.scalars(wanted.order_by(AssignmentRow.id)))
        held = [
            demo_learners.class_on(session, HR, days, day=_class_day(starts_on, number), planned=starts_on)
            for number in range(-(-len(learners) // demo_learners.PLACES))
        ]
    for number, assignment_id in enumerate(learners):
        with unit_of_work(settings) as session:
            demo_learners.teach(
                session, HR, days, assignment_id=assignment_id, class_id=held[number // demo_learners.PLACES],
                everybody=FINISH[wave[1]],
            )  # fmt: skip


def _class_day(starts_on: date, number: int) -> date:
    """A working day in the second week of a wave, or so many weeks later."""
    return working_day_after(starts_on + timedelta(days=8 + 7 * number), 1)


def _begins(folder: Path, today: date) -> date:
    """The Monday on which the first wave began; kept, so that a start on a later day finds the same."""
    kept = folder / "begins"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        day = today - timedelta(days=BEGUN_DAYS)
        kept.write_text((day - timedelta(days=day.weekday())).isoformat(), "ascii")
    return date.fromisoformat(kept.read_text("ascii"))


def main(folder: str, preset: str) -> int:
    """The process: prepare everything by the settings of its environment, again where another process was quicker."""
    settings = core.settings.load()
    os.nice(NICE)
    for left in reversed(range(TRIES)):
        try:
            prepare(settings, Path(folder), preset=preset, today=day_in(settings.timezone, utc_now()))
            break
        except (ConflictError, UnavailableError):
            if not left:
                raise
            time.sleep(1.0)
    forget(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
