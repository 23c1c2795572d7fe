"""Who gets what of the API: every operation by its document, with the right scope and with every other one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.scopes import SCOPES
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.services.contests import ask_contest
from mail_audit.services.exceptions import record_exception
from tests.training.following import office
from tests.web import town
from tests.web.api.conftest import Program, personal_token
from tests.web.conftest import Visitor
from training.moments import Moment
from training.services.classes import ClassPlan, make_class
from web import guards
from web.api.operations import Operation
from web.api.service import operations

Service = Callable[..., Program]
PLACES = {
    "audit_id": 1, "contest_id": 1, "exception_id": 1, "source_id": 9, "target_id": 9, "session_id": 9, "job_id": 9,
    "run_id": 9, "draft_id": 99, "remark_id": 9, "attachment_id": 9, "link_id": 9, "template_id": 99, "number": 9,
    "rule_id": 99, "campaign_id": 99, "exemption_id": 99, "class_id": 99, "attempt_id": 99, "edition": 99,
    "code": "NONE", "key": "none", "lesson": "none", "kind": "none", "digest": "none", "question": "none",
    "unit_key": town.CONSTRUCTION, "official_id": "CB1", "day": "2026-10-06", "figure": "sent", "name": "nobody",
    "language": "vi", "ending": "pdf", "assignment_id": 9, "report_id": 9,
}  # fmt: skip
ELSEWHERE = (
    "/audits/1/units/Sở Y tế",
    "/audits/1/trends?unit=Sở Y tế",
    "/audits/1/officials/CB5",
    "/audits/1/days/2026-10-06/CB5",
    "/audits/1/figures/sent/CB5",
    "/contests/2",
    "/exceptions/2",
    "/use/officials/CB5",
    "/classes/2",
)
OWN = {
    "contest", "contests", "end_own_session", "end_own_sessions", "lines_of_figure", "official", "official_day",
    "own_periods", "own_sessions", "deputies", "present_token", "ask_review", "use_of_official", "find_documents",
    "waiting_documents", "overdue_documents", "find_colleagues", "drafts", "begin_draft", "begin_draft_with_file",
    "own_courses", "own_classes", "classes_taught", "own_certificates",
}  # fmt: skip


@pytest.fixture
def stored(settings: Settings, listed: None, audit_id: int) -> int:
    """The town's audit; of each of two units a contest and an exception of an official, and a class."""
    with unit_of_work(settings) as session:
        for number in ("CB1", "CB5"):
            own = Actor("x", frozenset({Role.OFFICIAL}), number)
            ask_contest(session, own, audit_id=audit_id, official_id=number, about="received", reason="x")
            record_exception(session, command_line_actor(), official_id=number, kind="leave", first=town.FIRST)
        session.add(office.course("mailbox"))
        now = utc_now()
        moment = Moment(now, day_in(settings.timezone, now))
        plan = ClassPlan(moment.today + timedelta(days=7), time(8, 30), time(10, 30), "Phòng 5", 2, "Bà Lan")
        for unit in (town.CONSTRUCTION, town.HEALTH):
            make_class(
                session, command_line_actor(), course_key="mailbox", step_key=None, unit_key=unit, plan=plan,
                moment=moment,
            )  # fmt: skip
    return audit_id


SENDS = {
    "agree", "answer_remark", "ask_opinion", "attach_file", "describe_draft", "draft_difference", "give_opinion",
    "link_document", "make_remark", "mend_draft", "return_document", "save_draft", "save_draft_file", "send_draft",
    "undo_decision", "begin_exercise", "check_in", "hand_in", "save_answers",
}  # fmt: skip
"""Of an official's own operations on a thing: what comes with them is looked at before the thing is."""


def _ask(program: Program, one: Operation) -> int:
    """Without what it needs besides its address: whoever may gets 2xx, 404, 409, 415 or 422, never 401 or 403."""
    return program.ask(one.method, one.path.format_map(PLACES)).status_code


def _guard(one: Operation) -> guards.Guard:
    guard: Any = one.view.guard  # type: ignore[attr-defined]
    assert isinstance(guard, guards.Guard)
    return guard


def _scopes(one: Operation) -> set[str]:
    guard = _guard(one)
    wanted = {guard.permission, *guard.others}
    return {scope.name for scope in SCOPES.values() if scope.permissions & wanted}


GUARDED = [one for one in operations() if _guard(one).permission is not None]


def test_every_operation_can_be_reached_by_some_token() -> None:
    assert [one.name for one in GUARDED if not _scopes(one)] == []


def test_strangers_get_nothing(nobody: Program, stored: int) -> None:
    assert {_ask(nobody, one) for one in GUARDED} == {401}
    assert {one.name for one in operations()} - {one.name for one in GUARDED} == {
        "openapi", "status", "verify_certificate",
    }  # fmt: skip


def test_every_scope_opens_its_operations_and_no_others(service: Service, stored: int) -> None:
    """Each scope alone opens what it says; all those together that do not say it leave an operation closed."""
    wrong: dict[tuple[str, str], int] = {}
    closed: dict[frozenset[str], Program] = {}
    for scope in SCOPES:
        program = service(scope)
        for one in GUARDED:
            if scope in _scopes(one) and (status := _ask(program, one)) in {401, 403, 500}:
                wrong[scope, one.name] = status
    for one in GUARDED:
        others = frozenset(SCOPES) - _scopes(one)
        if not others:
            continue
        program = closed.get(others) or closed.setdefault(others, service(*sorted(others)))
        if (status := _ask(program, one)) != 403:
            wrong["the others", one.name] = status
    assert wrong == {}


def test_an_officials_token_reaches_the_own_things(
    official: Visitor, nobody: Program, settings: Settings, stored: int
) -> None:
    """All else is as if it were not there, another's contest and days too."""
    own = Actor("can.bo", frozenset({Role.OFFICIAL}), "CB1")
    program = Program(nobody.client, personal_token(settings, own))
    there = {one.name for one in GUARDED if _ask(program, one) != 404}
    assert there == (OWN | SENDS) - {"end_own_session"}  # session 9 is nobody's
    assert {address: program.get(address).status_code for address in ELSEWHERE} == dict.fromkeys(ELSEWHERE, 404)
    seen = program.get("/contests").json
    assert seen is not None
    assert {one["official_id"] for one in seen["rows"]} == {"CB1"}


def test_a_role_for_one_unit_reaches_nothing_of_another(
    account_of: Callable[..., Visitor], nobody: Program, settings: Settings, stored: int
) -> None:
    account_of(Role.ADMINISTRATOR, unit_key=town.CONSTRUCTION, name="so.xd")
    program = Program(nobody.client, personal_token(settings, Actor("so.xd", frozenset({Role.ADMINISTRATOR}))))
    here = [address.replace("Y tế", "Xây dựng").replace("CB5", "CB1") for address in ELSEWHERE]
    here = [f"{address[:-1]}1" if address.endswith("s/2") else address for address in here]
    assert {address: program.get(address).status_code for address in here} == dict.fromkeys(here, 200)
    assert {address: program.get(address).status_code for address in ELSEWHERE} == dict.fromkeys(ELSEWHERE, 404)
    names = program.get("/audits/1/officials").json
    assert names is not None
    assert {one["unit"] for one in names["rows"]} == {town.CONSTRUCTION, town.HOUSING}
    assert program.get("/trail").status_code == 403
    assert program.get("/jobs").status_code == 403
