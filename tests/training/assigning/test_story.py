"""The story of HR: whom a rule picks and why, waves drawn in the open, who is left out; nobody on what is unknown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import OfficialRow
from core.permissions import SCHEDULER, WHOLE
from tests.training.assigning.town import HR, LATER, TODAY, WORKING, act, forget_logs, moment
from training.errors import MovedOnError
from training.models import AssignmentRow, CampaignMemberRow, CampaignRow, RuleRow
from training.queries.snapshot import snapshot
from training.rules import Outcome, Rule, Snapshot, judge
from training.services import assigning, campaigns, drawing, exempting
from training.services.rules import Plan, make_rule, retire_rule
from training.waves import Person, draw

RARE = Rule(active_below=4)


def made(
    session: Session, rule: Rule = RARE, *, name: str = "Ít dùng thư", course: str = "mailbox", waves: int = 1
) -> int:
    plan = Plan(name=name, course_key=course, rule=rule, due_days=28, waves=waves, wave_days=28)
    return make_rule(session, HR, plan=plan, moment=moment())


def outcomes(
    session: Session, rule: Rule, course: str = "mailbox", known: Snapshot | None = None
) -> dict[str, Outcome]:
    known = known or snapshot(session, moment=moment(), reach=WHOLE)
    found = judge(rule, course, known).outcomes
    return {person.number: Outcome(int(found[place])) for place, person in enumerate(known.people)}


def assigned(session: Session) -> dict[str, AssignmentRow]:
    found = select(OfficialRow.official_id, AssignmentRow).join(AssignmentRow, AssignmentRow.official == OfficialRow.id)
    return {number: row for number, row in session.execute(found.order_by(AssignmentRow.id))}  # noqa: C416


def test_a_rule_picks_who_was_rare_in_both_windows_and_nobody_else(session: Session) -> None:
    found = outcomes(session, RARE)
    assert {number for number, one in found.items() if one == Outcome.PICKED} == {"never", "once", "clerk"}
    assert {number for number, one in found.items() if one == Outcome.UNKNOWN} == {"gap", "newcomer", "boxless"}
    assert {number for number, one in found.items() if one == Outcome.FALSE} == {"daily", "lately", "stopped"}


def test_without_logs_nobody_is_picked(session: Session) -> None:
    forget_logs(session)
    for rule in (RARE, Rule(mail_classes=("none",)), Rule(office_classes=("none",))):
        assert set(outcomes(session, rule).values()) <= {Outcome.UNKNOWN}


def test_activating_assigns_with_a_reason_and_a_second_day_changes_nothing(session: Session) -> None:
    list_id = campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    found = assigned(session)
    assert set(found) == {"never", "once", "clerk"}
    row = found["once"]
    assert (row.state, row.starts_on, row.due_on, row.drawn) == ("open", TODAY, date(2026, 12, 7), False)
    assert "1/20" in row.reason_vi
    assert "1 of 20 working days" in row.reason_en
    assert "14 September 2026–11 October 2026" in row.reason_en
    assert session.get_one(CampaignRow, list_id).people == 3
    for day in (TODAY, TODAY + timedelta(days=1)):
        assert campaigns.apply_rules(session, SCHEDULER, moment=moment(day)).assigned == 0
    assert len(session.scalars(select(AssignmentRow)).all()) == 3


def test_a_list_is_named_by_its_digest(session: Session) -> None:
    rule_id = made(session)
    list_id = campaigns.activate_rule(session, HR, rule_id=rule_id, moment=moment())
    campaign = session.get_one(CampaignRow, list_id)
    members = session.scalars(select(CampaignMemberRow)).all()
    rule = session.get_one(RuleRow, rule_id)
    assert campaigns.list_digest(rule, campaign, reversed(members)) == campaign.snapshot_digest
    members[0].reason_en += "!"
    assert campaigns.list_digest(rule, campaign, members) != campaign.snapshot_digest


def test_waves_are_drawn_within_units_from_a_seed_that_was_public_before(session: Session) -> None:
    rule_id = made(session, Rule(mail_classes=("none", "occasional")), waves=2)
    list_id = campaigns.activate_rule(session, HR, rule_id=rule_id, moment=moment())
    assert list_id is not None
    assert not assigned(session)
    drawing.put_first(session, HR, campaign_id=list_id, official_id="never", why="Đứng đầu đơn vị", moment=moment())
    with pytest.raises(MovedOnError):
        drawing.draw_waves(session, HR, campaign_id=list_id, moment=moment())
    start = TODAY + timedelta(days=7)
    drawing.publish_seed(
        session, HR, campaign_id=list_id, seed="Xổ số 08/11: 12345", typed=True, starts_on=start, moment=moment()
    )
    with pytest.raises(MovedOnError):
        drawing.put_first(session, HR, campaign_id=list_id, official_id="once", why="Nữa", moment=moment())
    settled = drawing.draw_waves(session, HR, campaign_id=list_id, moment=moment(hour=4))
    found = assigned(session)
    assert settled is not None
    assert settled.assigned == len(found)
    members = session.scalars(select(CampaignMemberRow)).all()
    again = draw(
        [Person(one.unit, one.person, one.person == "never") for one in members], seed="Xổ số 08/11: 12345", waves=2
    )
    assert {(one.person, one.wave, one.drawn) for one in again.places} == {
        (number, row.wave, row.drawn) for number, row in found.items()
    }
    assert (found["never"].wave, found["never"].drawn) == (1, False)
    assert {row.starts_on for row in found.values()} <= {start, start + timedelta(days=28)}
    assert {row.state for row in found.values()} == {"waiting"}
    assert session.get_one(CampaignRow, list_id).list_digest == again.digest


def test_a_wave_begins_on_its_day(session: Session) -> None:
    list_id = campaigns.activate_rule(session, HR, rule_id=made(session, waves=2), moment=moment())
    assert list_id is not None
    drawing.publish_seed(
        session, HR, campaign_id=list_id, seed="s", typed=False, starts_on=TODAY + timedelta(days=1), moment=moment()
    )
    drawing.draw_waves(session, HR, campaign_id=list_id, moment=moment(hour=4))
    sizes = {wave: sum(row.wave == wave for row in assigned(session).values()) for wave in (1, 2)}
    assert assigning.begin_waves(session, SCHEDULER, moment=moment()) == 0
    assert assigning.begin_waves(session, SCHEDULER, moment=moment(TODAY + timedelta(days=1))) == sizes[1]
    assert assigning.begin_waves(session, SCHEDULER, moment=moment(TODAY + timedelta(days=1))) == 0
    assert assigning.begin_waves(session, SCHEDULER, moment=moment(TODAY + timedelta(days=29))) == sizes[2]


def test_who_waits_for_a_draw_is_not_picked_by_another_rule(session: Session) -> None:
    campaigns.activate_rule(session, HR, rule_id=made(session, waves=2), moment=moment())
    campaigns.activate_rule(session, HR, rule_id=made(session, name="Khác"), moment=moment())
    assert not assigned(session)


def test_exempt_people_are_left_out_until_it_ends(session: Session) -> None:
    exemption = exempting.record_exemption(
        session, HR, official_id="once", course_key=None, reason="Biệt phái", first=TODAY,
        last=TODAY + timedelta(days=30), moment=moment(),
    )  # fmt: skip
    assert outcomes(session, RARE)["once"] == Outcome.EXEMPT
    campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    assert set(assigned(session)) == {"never", "clerk"}
    exempting.end_exemption(session, HR, exemption_id=exemption, moment=moment())
    assert campaigns.apply_rules(session, SCHEDULER, moment=moment()).assigned == 1
    later = exempting.record_exemption(
        session, HR, official_id="never", course_key="mailbox", reason="Nghỉ dài ngày",
        first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=9), moment=moment(),
    )  # fmt: skip
    assert later != exemption
    assert assigned(session)["never"].state == "open"
    assert exempting.excuse_exempted(session, SCHEDULER, moment=moment()) == 0
    assert exempting.excuse_exempted(session, SCHEDULER, moment=moment(TODAY + timedelta(days=1))) == 1
    assert (assigned(session)["never"].state, assigned(session)["never"].ended_why) == ("excused", "Nghỉ dài ngày")


def test_after_a_course_two_whole_windows_pass_before_the_next(session: Session) -> None:
    campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    row = assigned(session)["once"]
    row.state, row.done_at = "done", moment(TODAY - timedelta(days=57)).now
    session.flush()
    assert outcomes(session, RARE)["once"] == Outcome.PICKED
    row.done_at = moment(TODAY - timedelta(days=56)).now
    session.flush()
    assert outcomes(session, RARE)["once"] == Outcome.COOLING


def test_earlier_courses_are_asked_for(session: Session) -> None:
    campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    row = assigned(session)["once"]
    row.state, row.done_at = "done", moment(TODAY - timedelta(days=10)).now
    session.flush()
    known = snapshot(session, moment=moment(), reach=WHOLE)
    for rule, wanted in (
        (Rule(done=("mailbox",)), {"once"}),
        (Rule(done=("mailbox",), done_days_ago=11), set()),
        (Rule(active_below=4, not_done=("mailbox",)), {"never", "clerk"}),
        (Rule(active_below=4, not_done=("mailbox",), done_days_ago=10), {"never", "once", "clerk"}),
        (Rule(rank="leader", units=("works",)), {"never", "daily", "lately"}),
        (Rule(post_words=("giam doc",), units=("health",)), {"gap", "newcomer"}),
        (Rule(post_words=("phó",)), {"lately", "newcomer"}),
    ):
        found = outcomes(session, rule, "phone", known)
        assert {number for number, one in found.items() if one == Outcome.PICKED} == wanted, rule


def test_somebody_who_began_to_write_is_not_picked_any_more(session: Session) -> None:
    act(session, "never", WORKING[1][:9])
    assert outcomes(session, RARE)["never"] == Outcome.FALSE
    assert LATER[1] == TODAY - timedelta(days=1)


def test_a_new_version_and_a_retired_rule_pick_nobody(session: Session) -> None:
    first = made(session, waves=2)
    assert made(session, waves=2) == first
    list_id = campaigns.activate_rule(session, HR, rule_id=first, moment=moment())
    second = made(session, Rule(active_below=5), waves=2)
    assert session.get_one(CampaignRow, list_id).closed_at is not None
    with pytest.raises(MovedOnError):
        campaigns.activate_rule(session, HR, rule_id=first, moment=moment())
    assert campaigns.apply_rules(session, SCHEDULER, moment=moment()).rules == 0
    retire_rule(session, HR, rule_id=second, moment=moment())
    assert campaigns.apply_rules(session, SCHEDULER, moment=moment()).rules == 0


def test_every_change_leaves_one_line_in_the_trail(session: Session) -> None:
    rule_id = made(session)
    made(session)
    campaigns.activate_rule(session, HR, rule_id=rule_id, moment=moment())
    campaigns.activate_rule(session, HR, rule_id=rule_id, moment=moment())
    campaigns.apply_rules(session, SCHEDULER, moment=moment())
    said = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert said == [
        "training:rule:make", "training:rule:activate", "training:campaign:open", "training:campaign:settle",
    ]  # fmt: skip
