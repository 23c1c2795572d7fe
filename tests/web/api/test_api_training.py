"""Who learns what, who is done and whether it helped, as programs of the personnel office ask for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.settings import Settings
from tests.training.following import measured, office
from tests.web import town
from tests.web.api.conftest import Program
from training.moments import Moment
from training.services.assigning import assign_by_hand
from training.services.completing import step_done
from training.services.effects import report_effect

Service = Callable[..., Program]


def _told(program: Program, address: str) -> Any:
    """The JSON that answers."""
    answer = program.ask("GET", address)
    assert answer.status_code == 200
    return answer.json


def _assigned(settings: Settings) -> dict[str, int]:
    now = utc_now()
    moment = Moment(now, day_in(settings.timezone, now))
    found = {}
    with unit_of_work(settings) as session:
        session.add(office.course("mailbox"))
        session.flush()
        for number in ("CB1", "CB5"):
            found[number] = assign_by_hand(
                session, office.HR, official_id=number, course_key="mailbox",
                due_on=moment.today + timedelta(days=3), reason="ít dùng thư", moment=moment,
            )  # fmt: skip
        for kind, key in (("lesson", "one"), ("quiz", "end")):
            step_done(
                session, office.HR, assignment_id=found["CB1"], kind=kind, key=key, proof={}, moment=moment
            )  # fmt: skip
    return found


def test_a_program_reads_assignments_completions_courses_and_statements(
    settings: Settings, listed: None, service: Service
) -> None:
    found = _assigned(settings)
    program = service("training.read")
    told = _told(program, "/assignments")
    assert [(one["official_id"], one["standing"], one["reason"]["en"]) for one in told["rows"]] == [
        ("CB5", "must", "ít dùng thư"), ("CB1", "done", "ít dùng thư"),
    ]  # fmt: skip
    one = _told(program, f"/assignments/{found['CB1']}")
    assert (one["steps_done"], one["steps"], one["unit"]) == (2, 2, town.CONSTRUCTION)
    assert [one["official_id"] for one in _told(program, "/completions")["rows"]] == ["CB1"]
    assert _told(program, "/completions?since=2099-01-01")["rows"] == []
    assert _told(program, "/assignments?official=CB5&standing=late")["total"] == 0
    (course,) = _told(program, "/courses")["rows"]
    assert (course["key"], course["steps"]) == ("mailbox", office.STEPS)
    statements = _told(program, "/statements?limit=2&offset=1")
    assert (statements["total"], len(statements["rows"])) == (5, 2)
    again = _told(program, "/statements?limit=2&offset=1")
    assert [one["id"] for one in again["rows"]] == [one["id"] for one in statements["rows"]]
    assert {one["official_id"] for one in _told(program, "/reminders")["coming"]} <= {"CB5"}
    told = _told(program, "/reminders?limit=1&offset=1000")
    assert told["coming"] == []
    assert told["total"] == _told(program, "/reminders")["total"]
    assert program.ask("GET", "/assignments/99").status_code == 404


def test_a_program_reads_effects_and_has_one_worked_out(settings: Settings, listed: None, service: Service) -> None:
    with unit_of_work(settings) as session:
        session.add(office.course("mailbox"))
        number = measured.campaign(session, units=1)
        measured.log(session, measured.habits(session, number, added=0.4))
        day = office.moment(measured.LAST + timedelta(days=2))
        report_id = report_effect(session, campaign_id=number, moment=day, permutations=99)
    reader, asker = service("training.read"), service("training")
    (told,) = _told(reader, "/effects")["rows"]
    assert (told["report"]["effect"]["label"], told["report"]["effect"]["verdict"]) == ("A", "rose")
    assert told["sentence"]["en"].startswith("Rose. Trained people use e-mail on about ")
    assert _told(reader, f"/effects/{report_id}") == told
    assert "panel" not in told["report"]
    assert [one["campaign_id"] for one in _told(reader, "/campaigns")] == [number]
    assert reader.ask("POST", "/effects", json={"campaign_id": number}).status_code == 403
    assert asker.ask("POST", "/effects", json={"campaign_id": number}).status_code == 202
    assert asker.ask("POST", "/effects", json={"campaign_id": 99}).status_code == 404
