"""Learning by a program in the own name: lessons, the quiz without its key, practice; whole courses in and away."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import unit_of_work
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from tests.training.practice.office import MAIL
from tests.web.api.conftest import Program, personal_token
from training import quizzes
from training.models import AttemptRow
from training.queries.courses import edition_course
from training.quizzes import Question
from training.services import courses as course_services
from training.services.assigning import assign_by_hand
from web.app import create_app
from web.border import BorderedFlask
from web.views.learning import moment

Service = Callable[..., Program]


@pytest.fixture
def app(settings: Settings) -> BorderedFlask:
    """An installation that practises by e-mail."""
    return create_app(replace(settings, tables={**settings.tables, "mail": MAIL}))


@pytest.fixture
def assigned(settings: Settings, listed: None, app: BorderedFlask) -> str:
    """CB1 has the course of the mailbox to do; its address."""
    with app.app_context(), unit_of_work(settings) as session:
        now = moment()
        course_services.ensure_shipped(session, moment=now)
        made = assign_by_hand(
            session, command_line_actor(), official_id="CB1", course_key="mailbox",
            due_on=now.today + timedelta(days=14), reason="Thử", moment=now,
        )  # fmt: skip
        return f"/own/courses/{made}"


@pytest.fixture
def learner(account_of: Callable[..., Any], assigned: str, settings: Settings, app: BorderedFlask) -> Program:
    return _program(account_of, settings, app, "CB1")


def _program(account_of: Callable[..., Any], settings: Settings, app: BorderedFlask, number: str) -> Program:
    account_of(official_id=number, name=number.lower())
    actor = Actor(number.lower(), frozenset({Role.OFFICIAL}), number)
    return Program(app.test_client(use_cookies=False), personal_token(settings, actor, ["learning"]))


def _ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def _bank(settings: Settings) -> tuple[AttemptRow, dict[str, Question]]:
    """The newest attempt and the questions that it draws from, answers included."""
    with unit_of_work(settings) as session:
        row = session.scalars(select(AttemptRow).order_by(AttemptRow.id.desc())).first()
        assert row is not None
        session.expunge(row)
        return row, {one.key: one for one in edition_course(session, row.edition).questions}


def _right(settings: Settings) -> list[dict[str, Any]]:
    """What answers the newest attempt rightly, as a program says it."""
    row, questions = _bank(settings)
    with unit_of_work(settings) as session:
        course = edition_course(session, row.edition)
    answers = []
    for asked in quizzes.draw(course.questions, seed=row.seed, count=course.draw):
        right = questions[asked.question].right
        given: list[dict[str, str | None]] = []
        for offered, key in zip(asked.choices, asked.choice_keys, strict=True):
            if asked.paired:
                partner = asked.partner_keys.index(right[asked.first_keys.index(key)]) + 1
                given.append({"choice": offered.value, "partner": str(partner)})
            elif key in right:
                given.append({"choice": offered.value, "partner": None})
        answers.append({"number": asked.number, "given": given})
    return answers


def test_from_the_first_lesson_to_the_practice(learner: Program, assigned: str) -> None:
    (course,) = _ok(learner.get("/own/courses"))["rows"]
    lessons = [one["key"] for one in course["steps"] if one["kind"] == "lesson"]
    first = _ok(learner.get(f"{assigned}/lessons/{lessons[0]}"))
    assert (first["number"], first["count"], first["before"], first["done_at"]) == (1, len(lessons), None, None)
    assert first["source"]["vi"].startswith("# ")
    for digest in {one["digest"] for one in first["pictures"]}:
        assert learner.get(f"/lesson-pictures/{digest}").content_type.startswith("image/")
    assert _ok(learner.post(f"{assigned}/lessons/{lessons[1]}/open"))["next"]["key"] == lessons[1]
    for key in lessons:
        course = _ok(learner.post(f"{assigned}/lessons/{key}/read"))
    assert (course["next"]["kind"], course["state"]) == ("quiz", "open")
    assert learner.get(f"{assigned}/lessons/nothing").status_code == 404

    kind = next(one["key"] for one in course["steps"] if one["kind"] == "exercise")
    assert _ok(learner.get(f"{assigned}/practice/{kind}"))["state"] == ""
    begun = _ok(learner.post(f"{assigned}/practice/{kind}", {}))
    assert (begun["state"], begun["number"], bool(begun["address"])) == ("open", 1, True)
    looked = _ok(learner.post(f"{assigned}/practice/{kind}/look"))
    assert (looked["state"], looked["why"]["en"].startswith("Nothing of it is in the logs yet.")) == ("open", True)
    assert _ok(learner.post(f"{assigned}/practice/{kind}", {"again": True}))["number"] == 2
    assert learner.get(f"{assigned}/practice/phone").status_code == 404  # the course does not ask for it


def test_a_quiz_without_its_key(learner: Program, assigned: str, settings: Settings) -> None:
    """Nothing that is answered before or after tells what is right but that it was."""
    asked = _ok(learner.get(f"{assigned}/quiz"))
    begun = learner.post(f"{assigned}/quiz")
    attempt = _ok(begun)
    assert (len(attempt["questions"]), attempt["handed_in"], asked["attempts"]) == (asked["questions"], False, [])
    address = f"/own/attempts/{attempt['attempt_id']}"
    _row, questions = _bank(settings)
    assert not any(json.dumps(one.why.vi, ensure_ascii=False)[1:-1] in begun.text for one in questions.values())
    assert {name for one in attempt["questions"] for name in one} == {
        "number", "kind", "lesson", "ask", "choices", "partners", "given",
    }  # fmt: skip
    assert {name for one in attempt["questions"] for choice in one["choices"] for name in choice} == {"value", "text"}
    assert learner.get(f"{address}/result").status_code == 404

    answers = _right(settings)
    saved = _ok(learner.post(f"{address}/answers", {"answers": answers[:1], "seen_changes": 0}))
    assert (saved["changes"], saved["questions"][0]["given"]) == (1, answers[0]["given"])
    assert learner.post(f"{address}/answers", {"answers": [], "seen_changes": 0}).status_code == 409
    failed = _ok(learner.post(f"{address}/hand-in", {"answers": answers[:1], "seen_changes": 1}))
    assert (failed["passed"], [one["mark"] for one in failed["questions"]][:2]) == (False, [1.0, 0.0])
    assert all("right" not in one and "right" not in one["question"] for one in failed["questions"])
    assert learner.post(f"{address}/answers", {"answers": [], "seen_changes": 1}).status_code == 409
    _ok(learner.post(f"{assigned}/quiz"))
    again = {"answers": _right(settings), "seen_changes": 0}
    second = _ok(learner.post(f"/own/attempts/{_bank(settings)[0].id}/hand-in", again))
    assert (second["percent"], second["passed"]) == (100, True)
    assert _ok(learner.get(f"{assigned}/quiz"))["passed"] is True
    assert learner.post(f"{assigned}/quiz").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": [{"number": 0, "given": []}], "seen_changes": 0},
        {"answers": [{"number": 1, "given": [{"choice": 1}]}], "seen_changes": 0},
        {"answers": [{"number": 1, "given": [{"choice": "1"}] * 21}], "seen_changes": 0},
        {"answers": [{"number": 1}], "seen_changes": 0},
        {"answers": []},
    ],
)
def test_answers_that_are_none_are_refused(learner: Program, assigned: str, wrong: dict[str, object]) -> None:
    attempt = _ok(learner.post(f"{assigned}/quiz"))
    assert learner.post(f"/own/attempts/{attempt['attempt_id']}/answers", wrong).status_code == 422


def test_anothers_learning_is_not_there(
    learner: Program, assigned: str, account_of: Callable[..., Any], settings: Settings, app: BorderedFlask,
    service: Service,
) -> None:  # fmt: skip
    attempt = f"/own/attempts/{_ok(learner.post(f'{assigned}/quiz'))['attempt_id']}"
    for program in (_program(account_of, settings, app, "CB3"), service("learning")):
        for address in (assigned, f"{assigned}/quiz", f"{assigned}/practice/send", attempt, f"{attempt}/result"):
            assert program.get(address).status_code == 404, address
        for address in (f"{assigned}/quiz", f"{assigned}/lessons/what-it-is/read", f"{assigned}/practice/send/look"):
            assert program.post(address).status_code == 404, address
        assert program.post(f"{attempt}/hand-in", {"answers": [], "seen_changes": 0}).status_code == 404


def test_a_course_is_taken_away_changed_and_brought(assigned: str, service: Service) -> None:
    maker = service("courses")
    before = _ok(maker.get("/courses/mailbox"))
    assert {name for one in before["questions"] for name in one} == {"key", "kind", "lesson", "ask"}
    taken = maker.get("/courses/mailbox/package")
    assert (taken.mimetype, taken.data[:2]) == ("application/zip", b"PK")
    sent = {"package": (io.BytesIO(taken.data), "mailbox.zip")}
    assert _ok(maker.post("/courses/package", data=sent), 201)["version"] == before["version"]  # it says nothing new
    bad = {"package": (io.BytesIO(b"PK nothing"), "mailbox.zip")}
    assert maker.post("/courses/package", data=bad).status_code == 400
    assert _ok(maker.post("/courses/mailbox/retire"))["retired_at"] is not None
    assert _ok(maker.post("/courses/mailbox/bring-back"))["retired_at"] is None
    assert maker.post("/courses/mailbox/editions/99", {"seen_version": before["version"]}).status_code == 404
    again = maker.post("/courses/mailbox/editions/1", {"seen_version": before["version"]})
    assert _ok(again)["version"] == before["version"]  # it is the present one
    assert maker.get("/courses/nothing").status_code == 404
    assert service("training.read").get("/courses/mailbox").status_code == 403
