"""The effect of a drawn list, from facts in the store to a report that stays: what is said, and what never is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import ForbiddenError
from core.permissions import WHOLE, Actor, Granted, Reach, Role
from mail_audit.models import StandingDay
from mail_audit.queries.active_days import ActiveDays, active_days
from mail_audit.services.exceptions import record_exception
from tests.training.following.measured import FIRST, LAST, STARTS, box, campaign, habits, log
from tests.training.following.office import HR, moment, official
from training.charts import before_after, dot_and_bar
from training.effect.model import Average
from training.effect.words import headline
from training.errors import EffectNotFoundError, TooEarlyError
from training.models import AssignmentRow, CampaignMemberRow, CampaignRow, EffectReportRow
from training.queries.effects import EFFECT, effect_report, effect_reports, measurable
from training.queries.panels import campaign_panel
from training.services.effects import (
    ask_for_effect,
    digest_of,
    effects_due,
    measured_again,
    panel_as_json,
    report_effect,
    report_if_known,
)

TODAY = LAST + timedelta(days=2)


def _row(session: Session, report_id: int) -> EffectReportRow:
    return session.get_one(EffectReportRow, report_id, populate_existing=True)


def test_a_drawn_list_is_reported_with_its_label_and_stays(session: Session) -> None:
    """60 people in five units, ten of them sent first: fifty are compared, and two days were added."""
    number = campaign(session)
    log(session, habits(session, number))
    report_id = report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=199)
    found = effect_report(session, HR, report_id=report_id)
    effect = found.effect
    assert (effect.label, effect.verdict, effect.people, found.people) == ("A", "rose", 50, 60)
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 2.0 < effect.high
    assert found.left_out == {"not_assigned": 0, "not_drawn": 10, "unknown": 0}
    assert "10 người không qua bốc thăm, không tính vào ước lượng." in [note.vi for note in effect.notes]
    assert headline(effect).vi.startswith("Có tăng. Người đã học dùng thư nhiều hơn người đang chờ khoảng ")
    assert (found.first_day, found.last_day, found.days_each) == (FIRST, LAST, 28)
    trail = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"effect:{report_id}")).one()
    assert (trail.action, trail.facts["inputs"]) == ("training:effect:report", found.inputs_digest)


def test_nothing_new_makes_no_second_report_and_something_new_leaves_the_first_alone(session: Session) -> None:
    number = campaign(session, units=2)
    acts = habits(session, number)
    log(session, acts, last=LAST - timedelta(days=28))
    first = report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99)
    before = EFFECT.dump_json(effect_report(session, HR, report_id=first).effect)
    assert report_effect(session, campaign_id=number, moment=moment(TODAY + timedelta(days=3))) == first
    log(session, acts, first=LAST - timedelta(days=27))
    second = report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99)
    assert second != first
    assert EFFECT.dump_json(effect_report(session, HR, report_id=first).effect) == before
    assert [one.report_id for one in effect_reports(session, HR)] == [second, first]
    assert [one.report_id for one in effect_reports(session, HR, newest_only=True)] == [second]


def test_anybody_gets_the_same_from_what_a_report_keeps(session: Session) -> None:
    number = campaign(session, units=2)
    log(session, habits(session, number))
    row = _row(session, report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99))
    assert EFFECT.dump_python(measured_again(row), mode="json") == row.result
    assert digest_of(row.panel) == row.inputs_digest
    kept = json.dumps(row.panel, ensure_ascii=False)
    assert not [name for name in ("Trần", "u0p1", "Phòng", "@") if name in kept]


def test_before_the_first_period_is_over_and_read_nothing_is_said(session: Session) -> None:
    number = campaign(session, units=1)
    with pytest.raises(TooEarlyError) as early:
        report_effect(session, campaign_id=number, moment=moment(TODAY))
    assert "30/06/2026" in early.value.message.vi
    log(session, habits(session, number), last=STARTS + timedelta(days=27))
    assert report_if_known(session, campaign_id=number, moment=moment(TODAY)) is None
    log(session, habits(session, number), first=STARTS + timedelta(days=28), last=STARTS + timedelta(days=28))
    assert report_if_known(session, campaign_id=number, moment=moment(TODAY)) is not None


def test_who_was_excused_or_taken_back_counts_as_assigned(session: Session) -> None:
    number = campaign(session, units=2)
    log(session, habits(session, number))
    whole = panel_as_json(campaign_panel(session, number, today=TODAY))
    for row in session.scalars(select(AssignmentRow).where(AssignmentRow.campaign == number).limit(20)):
        row.state, row.ended_at, row.ended_by, row.ended_why = "withdrawn", moment(TODAY).now, "nhansu", "x"
    session.flush()
    assert panel_as_json(campaign_panel(session, number, today=TODAY)) == whole


def test_weeks_without_logs_are_unknown_and_never_days_without_use(session: Session) -> None:
    number = campaign(session, units=1)
    silent = [STARTS + timedelta(days=day) for day in range(1, 29)]
    log(session, lambda *_: True, without=silent)
    panel = campaign_panel(session, number, today=TODAY).panel
    first_after = panel.days[:, 3]
    assert all(day != day for day in first_after.tolist())  # noqa: PLR0124 - NaN
    others = {tuple(days) for days in panel.days[:, [0, 1, 2, 4, 5]].tolist()}
    assert others == {(20.0, 17.0, 20.0, 20.0, 20.0)}  # of their working days: 30 April and 1 May lie in the second


def test_leave_is_no_day_without_use_and_too_much_of_it_is_unknown(session: Session) -> None:
    number = campaign(session, units=1, each=12)
    log(session, lambda *_: True)
    week = STARTS + timedelta(days=1)
    record_exception(session, HR, official_id="u0p5", kind="leave", first=week, last=week + timedelta(days=6))
    record_exception(session, HR, official_id="u0p6", kind="sickness", first=week, last=week + timedelta(days=20))
    keys = [official(session, one) for one in ("u0p5", "u0p6")]
    period = (week, week + timedelta(days=27))
    found = active_days(session, keys, [period], reach=WHOLE)
    assert found[keys[0]] == (ActiveDays(15, 15, 15),)
    assert found[keys[1]] == (ActiveDays(5, 5, 5),)
    days = sorted(campaign_panel(session, number, today=TODAY).panel.days[:, 3].tolist(), key=str)
    assert days == [20.0] * 11 + [days[-1]]
    assert days[-1] != days[-1]


def test_only_days_of_the_own_hand_are_active(session: Session) -> None:
    """A machine, a delegate and sessions of which nothing is known: none of them is an active day."""
    campaign(session, units=1, each=12)
    log(session, lambda *_: False)
    day = STARTS + timedelta(days=1)
    for shift, (name, count) in enumerate({"acts_d": 9, "delegated": 3, "uncounted": 2, "acts_b": 1}.items()):
        here = (StandingDay.mailbox == box("u0p5"), StandingDay.day == day + timedelta(days=shift))
        setattr(session.scalars(select(StandingDay).where(*here)).one(), name, count)
    session.flush()
    key = official(session, "u0p5")
    assert active_days(session, [key], [(day, day + timedelta(days=3))], reach=WHOLE) == {key: (ActiveDays(4, 3, 1),)}


def test_who_reaches_one_unit_reads_days_of_nobody_else(session: Session) -> None:
    campaign(session, units=2, each=12)
    log(session, lambda *_: True)
    keys = [official(session, one) for one in ("u0p5", "u1p5")]
    found = active_days(session, keys, [(STARTS, STARTS)], reach=Reach(frozenset({"u1"})))
    assert list(found) == [keys[1]]


def test_of_fewer_than_ten_nothing_is_said(session: Session) -> None:
    number = campaign(session, units=1, each=9, first=0)
    log(session, habits(session, number))
    effect = effect_report(
        session, HR, report_id=report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99)
    ).effect
    assert (effect.verdict, effect.estimate, effect.low, effect.p) == ("cannot tell", None, None, None)
    assert effect.before_after == ()
    assert {one.trained.days for one in effect.periods} | {one.waiting.days for one in effect.periods} == {None}


def test_without_a_draw_before_and_after_is_a_picture_and_no_evidence(session: Session) -> None:
    """All at once: they rise by eight days, and still nothing can be told."""
    number = campaign(session, units=1, waves=1, first=0)
    with pytest.raises(TooEarlyError):
        report_effect(session, campaign_id=number, moment=moment(TODAY))
    for member in session.scalars(select(CampaignMemberRow).where(CampaignMemberRow.campaign == number)).all():
        session.add(
            AssignmentRow(
                official=member.official, course_key="mailbox", rule=session.get_one(CampaignRow, number).rule,
                campaign=number, wave=1, reason_vi="x", reason_en="x", assigned_at=moment(STARTS).now,
                assigned_by="nhansu", starts_on=STARTS, due_on=STARTS + timedelta(days=20), state="open",
            )
        )  # fmt: skip
    session.flush()
    log(session, habits(session, number, added=0.4))
    report_id = report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99)
    effect = effect_report(session, HR, report_id=report_id).effect
    assert (effect.label, effect.verdict, effect.estimate, effect.p) == ("E", "cannot tell", None, None)
    assert "Trước và sau: không phải bằng chứng." in [note.vi for note in effect.notes]
    shown = dict(effect.before_after)
    assert (shown[0].days or 0) > (shown[-1].days or 0) + 5
    assert effect.needs is not None
    assert "bốc thăm thứ tự đợt trong từng đơn vị" in effect.needs.vi
    assert dot_and_bar(effect, "vi") == ""
    assert before_after(effect, "vi").count("<rect") == len(effect.before_after)
    unknown = replace(effect, before_after=((-1, Average(None, None)), *effect.before_after[1:]))
    assert ">–</text>" in before_after(unknown, "vi")
    assert ">−1</text>" in before_after(unknown, "vi")


def test_only_whom_it_is_for_reads_and_asks(session: Session) -> None:
    number = campaign(session, units=1, each=12)
    log(session, habits(session, number))
    report_id = report_effect(session, campaign_id=number, moment=moment(TODAY), permutations=99)
    unit_hr = Actor("x", granted=(Granted(Role.HR, frozenset({"u0"})),))
    leader = Actor("y", frozenset({Role.LEADER}))
    for actor in (unit_hr, leader):
        with pytest.raises(ForbiddenError):
            effect_report(session, actor, report_id=report_id)
        with pytest.raises(ForbiddenError):
            measurable(session, actor)
    with pytest.raises(ForbiddenError):
        ask_for_effect(session, Actor("z", frozenset({Role.AUDITOR})), campaign_id=number)
    with pytest.raises(EffectNotFoundError):
        effect_report(session, HR, report_id=report_id + 1)
    assert [one.campaign_id for one in measurable(session, Actor("z", frozenset({Role.AUDITOR})))] == [number]


def test_campaigns_are_looked_at_once_a_day_where_there_are_any(session: Session) -> None:
    now = moment(TODAY).now
    assert effects_due(session, None, now) is None
    campaign(session, units=1, each=12)
    assert (effects_due(session, None, now), effects_due(session, now, now)) == ({}, None)
    assert effects_due(session, now, now + timedelta(days=1)) == {}
    assert session.scalar(select(func.count()).select_from(EffectReportRow)) == 0


def test_the_first_period_begins_on_the_day_after_the_first_wave(session: Session) -> None:
    number = campaign(session)
    log(session, lambda *_: False, first=LAST - timedelta(days=27))
    found = campaign_panel(session, number, today=TODAY)
    assert found.periods[3] == (date(2026, 6, 2), date(2026, 6, 29))
    drawn = sorted(found.panel.start[found.panel.drawn].tolist())
    assert (drawn.count(3), drawn.count(4), drawn.count(5)) == (17, 17, 16)
