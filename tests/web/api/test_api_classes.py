"""Classes and certificates by programs: planned, filled, checked in to, put into a calendar; a certificate checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from core.db import unit_of_work
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from tests.web import town
from tests.web.api.conftest import Program, personal_token
from tests.web.classrooms import COURSE, DAY, STARTS, Clock, set_clock, settle
from training.models import AssignmentRow
from training.moments import Moment
from training.services.certifying import certify
from web.border import BorderedFlask

Service = Callable[..., Program]
PLAN = {
    "day": "2026-11-25", "starts": "14:00", "ends": "16:00", "room": "Hội trường", "places": 1, "teacher": "CB2",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = set_clock(monkeypatch)
    turned(STARTS - timedelta(days=2))
    return turned


@pytest.fixture
def class_id(settings: Settings, listed: None, clock: Clock) -> int:
    with unit_of_work(settings) as session:
        return settle(session)


@pytest.fixture
def own(account_of: Callable[..., Any], settings: Settings, app: BorderedFlask) -> Callable[[str], Program]:
    """Makes the program of an official, with a token to learn."""

    def made(number: str) -> Program:
        account_of(official_id=number, name=number.lower())
        actor = Actor(number.lower(), frozenset({Role.OFFICIAL}), number)
        return Program(app.test_client(use_cookies=False), personal_token(settings, actor, ["learning"]))

    return made


def _ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def test_a_program_plans_fills_changes_and_cancels(class_id: int, service: Service) -> None:
    hr = service("classes")
    made = _ok(hr.post("/classes", PLAN | {"course_key": COURSE}), 201)
    number = made["line"]["class_id"]
    assert (made["step_key"], made["teacher_id"], made["line"]["places"]) == ("room", "CB2", 1)
    assert {one["official_id"] for one in _ok(hr.get(f"/classes/{number}/could-come"))} >= {"CB1", "CB3"}
    given = _ok(hr.post(f"/classes/{number}/seats", {"official_ids": ["CB1", "CB3"]}))
    assert [(one["seated"], one["place_in_line"]) for one in given] == [(True, None), (False, 1)]
    assert hr.ask("DELETE", f"/classes/{number}/seats/CB1").status_code == 204
    page = _ok(hr.get(f"/classes/{number}"))
    assert ([one["official_id"] for one in page["people"]], page["waiting"]) == (["CB3"], [])
    changed = _ok(hr.post(f"/classes/{number}/change", PLAN | {"room": "Phòng 7", "seen_changes": 0}))
    assert changed["line"]["room"] == "Phòng 7"
    assert hr.post(f"/classes/{number}/change", PLAN | {"seen_changes": 0}).status_code == 409
    assert hr.get(f"/classes/{number}/sheet/vi").data.startswith(b"%PDF-")
    assert _ok(hr.post(f"/classes/{number}/cancel", {"why": "Giảng viên ốm"}))["cancelled_why"] == "Giảng viên ốm"
    assert [one["cancelled"] for one in _ok(hr.get("/classes"))["rows"]] == [False, True]
    assert _ok(hr.get("/classes?when=past"))["total"] == 0


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"starts": "25:00"}, 422), ({"starts": "8:30"}, 422), ({"places": 0}, 422), ({"places": "2"}, 422),
        ({"room": ""}, 422), ({"day": "hôm nay"}, 422), ({"roomy": "x"}, 422), ({"ends": "13:00"}, 400),
        ({"day": "2096-01-01"}, 400), ({"course_key": "nothing"}, 400), ({"unit_key": "nowhere"}, 400),
    ],
)  # fmt: skip
def test_a_class_that_cannot_be_is_refused(
    class_id: int, service: Service, wrong: dict[str, object], status: int
) -> None:
    answer = service("classes").post("/classes", PLAN | {"course_key": COURSE} | wrong)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_one_wrong_number_puts_nobody_on_the_list(class_id: int, service: Service) -> None:
    hr = service("classes")
    assert hr.post(f"/classes/{class_id}/seats", {"official_ids": ["CB1", "CB99"]}).status_code == 400
    assert _ok(hr.get(f"/classes/{class_id}"))["people"] == []


def test_a_role_for_another_unit_does_not_find_it(
    account_of: Callable[..., Any], class_id: int, settings: Settings, app: BorderedFlask
) -> None:
    account_of(Role.HR, unit_key=town.HEALTH, name="to.chuc")
    token = personal_token(settings, Actor("to.chuc", frozenset({Role.HR})), ["classes", "certificates"])
    program = Program(app.test_client(use_cookies=False), token)
    assert _ok(program.get("/classes"))["total"] == 0
    for address in (f"/classes/{class_id}", f"/classes/{class_id}/code", f"/classes/{class_id}/sheet/vi"):
        assert program.get(address).status_code == 404
    assert program.post(f"/classes/{class_id}/cancel", {"why": "x"}).status_code == 404
    assert program.post("/classes", PLAN | {"course_key": COURSE, "unit_key": town.CONSTRUCTION}).status_code == 400


def test_from_asking_for_a_seat_to_being_there(
    class_id: int, own: Callable[[str], Program], service: Service, clock: Clock
) -> None:
    """By the code that the teacher's own screen shows; the class stands in the calendar meanwhile."""
    learner, teacher, address = own("CB1"), own("CB2"), f"/own/classes/{class_id}"
    assert [one["state"] for one in _ok(learner.get("/own/classes"))["rows"]] == ["none"]
    assert learner.get(f"{address}/calendar").status_code == 404
    assert _ok(learner.post(f"{address}/ask"))["state"] == "seated"
    fetched = learner.get(f"{address}/calendar")
    assert (fetched.mimetype, fetched.data.count(b"BEGIN:VEVENT"), b"METHOD" in fetched.data) == (
        "text/calendar", 1, False,
    )  # fmt: skip
    (event,) = icalendar.Calendar.from_ical(fetched.data).walk("VEVENT")
    uid = _ok(service("classes").get(f"/classes/{class_id}"))["uid"]
    assert (event["uid"], event["status"], event.decoded("dtstart")) == (uid, "CONFIRMED", STARTS)
    assert learner.get(f"/classes/{class_id}").status_code == 404
    assert [one["class_id"] for one in _ok(teacher.get("/own/classes/taught"))["rows"]] == [class_id]
    assert _ok(teacher.get(f"/classes/{class_id}/code"))["code"] is None

    clock(STARTS + timedelta(minutes=5))
    shown = _ok(teacher.get(f"/classes/{class_id}/code"))
    wrong = ("0" if shown["code"][0] != "0" else "1") + shown["code"][1:]
    assert learner.post(f"{address}/here", {"code": wrong}).status_code == 409
    assert _ok(learner.post(f"{address}/here", {"code": shown["code"]}))["state"] == "present"
    assert _ok(learner.get("/own/certificates"))["total"] == 1  # the class was all that the course asks for
    assert learner.post(f"{address}/leave").status_code == 400


def test_entered_from_the_sheet(class_id: int, service: Service, clock: Clock) -> None:
    hr = service("classes")
    entered = {"official_id": "CB3", "note": "ký tên"}
    assert hr.post(f"/classes/{class_id}/present", entered).status_code == 409  # it has not begun
    clock(STARTS + timedelta(minutes=1))
    (one,) = _ok(hr.post(f"/classes/{class_id}/present", entered))["people"]
    assert (one["official_id"], one["how"], one["note"]) == ("CB3", "entered", "ký tên")


@pytest.fixture
def code(settings: Settings, class_id: int, clock: Clock) -> str:
    """The certificate of CB1."""
    clock(STARTS)
    with unit_of_work(settings) as session:
        assignment = session.scalars(select(AssignmentRow.id).order_by(AssignmentRow.id)).first()
        assert assignment is not None
        return certify(session, command_line_actor(), assignment_id=assignment, moment=Moment(STARTS, DAY))


def test_a_certificate_is_checked_printed_and_revoked(
    code: str, own: Callable[[str], Program], service: Service, nobody: Program
) -> None:
    owner, office, address = own("CB1"), service("certificates"), f"/certificates/{code}"
    seen = _ok(nobody.get(f"{address}/verified"))
    assert (set(seen), seen["state"]) == ({"name", "title", "issuer", "earned_on", "state"}, "valid")
    assert nobody.get(f"{address}x/verified").status_code == 404
    assert nobody.get(address).status_code == 401
    assert [one["code"] for one in _ok(office.get("/certificates?text=CB1&state=valid"))["rows"]] == [code]
    assert _ok(office.get("/certificates?state=expired"))["total"] == 0
    assert owner.get(f"{address}/paper/en").data.startswith(b"%PDF-")
    assert own("CB3").get(address).status_code == 404
    assert owner.post(f"{address}/revoke", {"why": "x"}).status_code == 404  # nothing of this is for an official
    assert service("certificates.read").post(f"{address}/revoke", {"why": "x"}).status_code == 403
    assert office.post(f"{address}/revoke", {"why": " "}).status_code == 400
    assert _ok(office.post(f"{address}/revoke", {"why": "Cấp nhầm"}))["state"] == "revoked"
    assert _ok(nobody.get(f"{address}/verified"))["state"] == "revoked"
    assert _ok(owner.get(address))["revoked_why"] == "Cấp nhầm"
