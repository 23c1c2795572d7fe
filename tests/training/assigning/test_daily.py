"""What happens by itself in the morning, by hand in between, and when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from core.permissions import SCHEDULER
from core.words import Text
from mail_audit.models import MonthToMeasure
from tests.eoffice.use.history import Turn, write
from tests.training.assigning.test_story import RARE, assigned, made, outcomes
from tests.training.assigning.town import HR, OFFICE_HR, TODAY, moment
from training.errors import AlreadyAssignedError, AssigningError, MovedOnError
from training.models import AssignmentRow
from training.queries.exemptions import exemptions
from training.queries.preview import preview
from training.rules import Outcome, Rule
from training.services import assigning, campaigns, daily, drawing, exempting, handover

MORNING = datetime(2026, 11, 8, 22, 31, tzinfo=UTC)
"""Half past five in Viet Nam, on `TODAY`."""
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_rules_are_applied_once_a_morning_and_not_while_logs_are_measured(session: Session) -> None:
    def due(last: datetime | None, now: datetime) -> bool:
        return daily.assigning_due(session, last, now) is not None

    assert not due(None, MORNING)  # nothing to do at all
    campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    assert due(None, MORNING)
    assert not due(None, MORNING - 2 * MINUTE)
    assert not due(MORNING, MORNING + MINUTE)
    assert due(MORNING - DAY, MORNING)
    mark = MonthToMeasure(month=TODAY.replace(day=1), marked_at=MORNING, cause="collected")
    session.add(mark)
    session.flush()
    assert not due(None, MORNING)
    with pytest.raises(MovedOnError):
        campaigns.activate_rule(session, HR, rule_id=made(session, name="b"), moment=moment())
    assert preview(session, HR, rule=RARE, course_key="mailbox", moment=moment()).being_measured


def test_waves_and_exemptions_begin_without_any_rule(session: Session) -> None:
    assigning.assign_by_hand(
        session, HR, official_id="never", course_key="phone", due_on=TODAY + DAY, reason="x", moment=moment()
    )
    exempting.record_exemption(
        session, HR, official_id="never", course_key=None, reason="x", first=TODAY + DAY, last=TODAY + DAY,
        moment=moment(),
    )  # fmt: skip
    assert daily.assigning_due(session, None, MORNING) is None
    assert daily.assigning_due(session, None, MORNING + DAY) == {}


def test_a_part_that_met_somebody_else_is_done_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    @contextmanager
    def work(_settings: object) -> Iterator[Session]:
        yield session

    def meets(*_: object, **__: object) -> None:
        told.append("x")
        if len(told) < 3:
            raise ConflictError(AlreadyAssignedError().message)

    monkeypatch.setattr(daily, "unit_of_work", work)
    run = cast("Any", SimpleNamespace(settings=None, confirm=lambda _: None, progress=lambda *_: None))
    daily._do(run, meets, moment())
    assert len(told) == 3
    told.clear()
    with pytest.raises(ConflictError):
        daily._do(run, meets, moment(), tries=2)


def test_a_course_by_hand_once_and_within_reach(session: Session) -> None:
    def give(actor: Any = HR, **changed: Any) -> int:
        given: dict[str, Any] = {"official_id": "never", "course_key": "phone", "due_on": TODAY, "reason": "Xin học"}
        return assigning.assign_by_hand(session, actor, **(given | changed), moment=moment())

    for wrong in (
        {"official_id": "nobody"},
        {"course_key": "nothing"},
        {"due_on": TODAY - DAY},
        {"reason": " "},
        {"reason": "x" * 501},
        {"actor": OFFICE_HR, "official_id": "clerk"},
    ):
        with pytest.raises(AssigningError):
            give(**wrong)
    made_id = give(actor=OFFICE_HR)
    with pytest.raises(AlreadyAssignedError):
        give()
    other = give(official_id="clerk")
    with pytest.raises(NotFoundError):
        assigning.withdraw_assignment(session, OFFICE_HR, assignment_id=other, why="x", moment=moment())
    assigning.withdraw_assignment(session, HR, assignment_id=made_id, why="nhầm", moment=moment())
    assigning.withdraw_assignment(session, HR, assignment_id=made_id, why="lại", moment=moment())
    row = session.get_one(AssignmentRow, made_id)
    assert (row.state, row.ended_why, row.attempt) == ("withdrawn", "nhầm", 1)
    assert (row.reason_vi, row.reason_en) == ("Xin học", "Xin học"), "as it was typed"
    said = session.get_one(AssignmentRow, give(official_id="never", course_key="mailbox", reason=Text("vì", "for")))
    assert (said.reason_vi, said.reason_en) == ("vì", "for"), "what the program says stands in both"
    assert outcomes(session, RARE, "phone")["never"] == Outcome.COOLING
    assert session.get_one(AssignmentRow, give()).attempt == 2
    row = assigned(session)["clerk"]
    row.state, row.done_at = "done", moment().now
    session.flush()
    with pytest.raises(MovedOnError):
        assigning.withdraw_assignment(session, HR, assignment_id=row.id, why="x", moment=moment())


def test_nobody_exempts_the_own_person_or_for_ever(session: Session) -> None:
    def record(actor: Any = HR, **changed: Any) -> int:
        given: dict[str, Any] = {"official_id": "never", "course_key": None, "reason": "x", "first": TODAY}
        return exempting.record_exemption(session, actor, **(given | {"last": TODAY} | changed), moment=moment())

    own = type(HR)("nhansu", HR.roles, "never")
    for wrong in (
        {"actor": own},
        {"last": TODAY - DAY, "first": TODAY - DAY},
        {"last": TODAY, "first": TODAY + DAY},
        {"last": TODAY + timedelta(days=732)},
        {"course_key": "nothing"},
        {"actor": OFFICE_HR, "official_id": "clerk"},
    ):
        with pytest.raises(AssigningError):
            record(**wrong)
    theirs = record(official_id="clerk")
    record()
    assert [one.official_id for one in exemptions(session, OFFICE_HR, today=TODAY)[0]] == ["never"]
    with pytest.raises(NotFoundError):
        exempting.end_exemption(session, OFFICE_HR, exemption_id=theirs, moment=moment())
    exempting.end_exemption(session, HR, exemption_id=theirs, moment=moment())
    states = {one.official_id: one.state for one in exemptions(session, HR, today=TODAY)[0]}
    assert states == {"never": "holds", "clerk": "over"}
    second, total = exemptions(session, HR, today=TODAY, offset=1, limit=1)
    assert ([one.official_id for one in second], total) == (["clerk"], 2)


def test_after_a_list_that_was_closed_the_next_morning_makes_another(session: Session) -> None:
    list_id = campaigns.activate_rule(session, HR, rule_id=made(session, waves=2), moment=moment())
    assert list_id is not None
    drawing.close_campaign(session, HR, campaign_id=list_id, moment=moment())
    assert campaigns.apply_rules(session, SCHEDULER, moment=moment(TODAY + DAY)).lists == 1
    with pytest.raises(MovedOnError):
        drawing.publish_seed(
            session, HR, campaign_id=list_id, seed="s", typed=False, starts_on=TODAY + DAY, moment=moment()
        )


def test_after_a_list_that_was_drawn_the_next_one_waits_for_a_window(session: Session) -> None:
    list_id = campaigns.activate_rule(session, HR, rule_id=made(session, waves=2), moment=moment())
    assert list_id is not None
    drawing.publish_seed(session, HR, campaign_id=list_id, seed="s", typed=False, starts_on=TODAY, moment=moment())
    drawing.draw_waves(session, HR, campaign_id=list_id, moment=moment(hour=4))
    for row in assigned(session).values():
        row.state, row.ended_at, row.ended_by, row.ended_why = "excused", moment().now, "x", "x"
    session.flush()
    lists = [campaigns.apply_rules(session, SCHEDULER, moment=moment(TODAY + days * DAY)).lists for days in (27, 28)]
    assert lists == [0, 1]


def test_use_of_the_e_office_is_asked_for_as_well(session: Session) -> None:
    write(session, [Turn(1, 20 * 24 * 60), Turn(3, 20 * 24 * 60, "agree", 60), Turn(3, 45 * 24 * 60)], [])
    found = outcomes(session, Rule(office_classes=("none",)))
    assert {number for number, one in found.items() if one == Outcome.PICKED} == {"never"}
    assert found["daily"] == Outcome.FALSE
    assert {found[one] for one in ("once", "clerk", "gap")} == {Outcome.UNKNOWN}


def test_who_leaves_has_nothing_more_to_learn(session: Session) -> None:
    campaigns.activate_rule(session, HR, rule_id=made(session), moment=moment())
    left = handover.hand_over(session, SCHEDULER, official_id="once", to=None, day=TODAY)
    assert left == {"assignments": 1, "seats": 0}
    assert assigned(session)["once"].state == "withdrawn"
    assert assigned(session)["never"].state == "open"
    assert handover.hand_over(session, SCHEDULER, official_id="once", to=None, day=TODAY) == {
        "assignments": 0,
        "seats": 0,
    }


def test_a_preview_is_of_those_in_reach_and_tells_why_not(session: Session) -> None:
    found = preview(session, OFFICE_HR, rule=RARE, course_key="mailbox", moment=moment(), official_id="daily")
    assert {one.official_id for one in found.picks} == {"never", "once"}
    assert found.people == 5
    assert found.asked is not None
    assert not found.asked.picked
    assert "20 of 20 working days" in found.asked.why[0].en
    assert sum(found.counts.values()) == found.people
    with pytest.raises(AssigningError):
        preview(session, OFFICE_HR, rule=RARE, course_key="mailbox", moment=moment(), official_id="clerk")
    assert preview(session, HR, rule=RARE, course_key="mailbox", moment=moment()).people == 9
