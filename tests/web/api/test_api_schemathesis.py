"""Every operation asked by somebody who only has read the document: schemathesis makes requests from it, good and bad.

All its checks hold: never a defect; statuses, media types, headers and bodies as the document says; what does not fit
the schema is refused, and what fits is not refused for its form (422). What fits and still cannot be used (a unit that
does not exist, a last day before the first) is 400. Examples are seeded and few.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Collection, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy.orm import Session

from core import log
from core.calendar import day_in
from core.db import forget, unit_of_work, utc_now
from core.directory.services import create_account, import_roster
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings, load
from eoffice.routing import plan_from_json
from eoffice.routing.templates import Template
from eoffice.services.drafting import create_draft
from eoffice.services.rounds import Moment
from eoffice.services.routes import make_route
from eoffice.services.sending_round import submit
from mail_audit.services.contests import ask_contest
from mail_audit.services.exceptions import record_exception
from tests.web import town
from tests.web.api.conftest import personal_token, service_token
from tests.web.conftest import NAME, PASSWORD
from training.moments import Moment as Learning
from training.services import quizzing
from training.services.assigning import assign_by_hand
from training.services.classes import ClassPlan, give_seat, make_class
from training.services.courses import ensure_shipped
from web.api.operations import Operation
from web.api.service import operations
from web.app import create_app
from web.border import BorderedFlask

OPERATIONS = {one.name: one for one in operations()}
OWN = {"documents", "drafts", "enclosures", "remarks", "learning", "quizzes", "own-classes"}
OFFICE = frozenset(one.name for one in operations() if one.section in OWN)
"""Operations that only somebody's own token gets anywhere with."""
LIMITED = ("figures", "directory.read", "reviews")
CONFIG = {
    "seed": 22,
    "generation": {"deterministic": True, "database": "none", "with-security-parameters": False},
    "checks": {
        # 503: mail is not set up, or the scanner does not answer; a defect is 500
        "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]},
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "409", "413", "415", "429", "503"]
        },
    },
}
EXAMPLES = {"administrator": 4, "limited": 1, "official": 4}
"""Who asks -> how many good and how many bad requests for each operation at most: fewer where there is less to say.

Of faults that were planted four find as many as six, three fewer. Whoever may not ask gets the same 403 each time.
"""
SLOW = {"certificate_paper", "class_sheet", "document_story_paper"}
"""What takes its time is asked once."""
PLACES = {"audit_id": 1, "draft_id": 1, "assignment_id": 1, "class_id": 1, "attempt_id": 1, "key": "mailbox"}
"""What good requests are about: it is there."""
ASKED = [(name, who) for name in OPERATIONS for who in EXAMPLES if (who == "official") == (name in OFFICE)]


@pytest.fixture(scope="module")
def town_app(tmp_path_factory: pytest.TempPathFactory, prepared_home: Path) -> Iterator[BorderedFlask]:
    """The town with its directory, an audit, a contest and an exception; tokens may ask as often as they like."""
    log.configure("error", io.StringIO())
    folder = tmp_path_factory.mktemp("api")
    shutil.copytree(prepared_home, folder / "home")
    (folder / "home" / "vanthu.toml").write_text("[web]\napi_requests_a_minute = 1000000\n", "utf-8")
    settings = load({"VANTHU_HOME": str(folder / "home"), "VANTHU_LOG_FOLDERS": str(folder)})
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
        audit_id = town.store(session, settings.store)
        own = Actor("x", frozenset({Role.OFFICIAL}), "CB1")
        ask_contest(session, own, audit_id=audit_id, official_id="CB1", about="received", reason="x")
        record_exception(session, command_line_actor(), official_id="CB1", kind="leave", first=town.FIRST)
        create_account(session, command_line_actor(), name="cb1", password=PASSWORD, official_id="CB1")
        _document(session, settings)
        _learning(session, settings)
    yield create_app(settings)
    forget(settings)


def _document(session: Session, settings: Settings) -> None:
    """A draft of CB2, which waits for CB1."""
    author, today = Actor("cb2", frozenset({Role.OFFICIAL}), "CB2"), day_in(settings.timezone, utc_now())
    moment = Moment(utc_now(), today)
    steps = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}]}]
    template = Template("Ngắn", None, None, plan_from_json(steps))
    route = make_route(session, command_line_actor(), template=template, moment=moment)
    draft = create_draft(session, author, kind="cong_van", title="V/v họp", moment=moment)
    submit(session, author, draft_id=draft, template_id=route, seen_revision=1, moment=moment)


def _learning(session: Session, settings: Settings) -> None:
    """A course that CB1 has to do and has an attempt at, and a class of it with a seat for them, which CB1 teaches."""
    now, clerk, own = utc_now(), command_line_actor(), Actor("cb1", frozenset({Role.OFFICIAL}), "CB1")
    moment = Learning(now, day_in(settings.timezone, now))
    ensure_shipped(session, moment=moment)
    assignment = assign_by_hand(
        session, clerk, official_id="CB1", course_key="mailbox", due_on=moment.today + timedelta(days=9), reason="Thử",
        moment=moment,
    )  # fmt: skip
    quizzing.begin(session, own, assignment_id=assignment, moment=moment)
    plan = ClassPlan(moment.today + timedelta(days=7), time(8, 30), time(10, 30), "Phòng 5", 2, "CB1")
    made = make_class(session, clerk, course_key="mailbox", step_key=None, unit_key=None, plan=plan, moment=moment)
    give_seat(session, clerk, class_id=made, official_id="CB1", moment=moment)


@pytest.fixture(scope="module")
def schema(town_app: BorderedFlask) -> OpenApiSchema:
    """The document as a client gets it."""

    def read_and_closed(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        """The application behind a server that ends what it begins, which the client that is used here does not."""
        answer = town_app(environ, start)
        try:
            return [b"".join(answer)]
        finally:
            getattr(answer, "close", lambda: None)()

    config = schemathesis.Config.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", read_and_closed, config=config)


@pytest.fixture(scope="module")
def tokens(town_app: BorderedFlask) -> dict[str, str]:
    """Who asks -> the token."""
    settings = town_app.config["SETTINGS"]
    return {
        "administrator": personal_token(settings, Actor(NAME, frozenset({Role.ADMINISTRATOR}))),
        "limited": service_token(settings, LIMITED),
        "official": personal_token(settings, Actor("cb1", frozenset({Role.OFFICIAL}), "CB1")),
    }


@pytest.mark.parametrize(("name", "who"), ASKED)
def test_it_does_what_the_document_says(schema: OpenApiSchema, tokens: dict[str, str], name: str, who: str) -> None:
    asked, own = schema.find_operation_by_id(name), OPERATIONS[name]
    most = 1 if name in SLOW else EXAMPLES[who]
    _ask(asked, GenerationMode.POSITIVE, tokens[who], min(most, 1 + _said(own, PLACES)))
    if _said(own, ()) and who != "limited":
        _ask(asked, GenerationMode.NEGATIVE, tokens[who], min(most, 2 + _said(own, ())))


def _said(one: Operation, left_out: Collection[str]) -> int:
    """How many things a request may say, but for those."""
    models = [kind for given in (one.asked, one.body) if given is not None for kind in given[1].model_fields]
    return len(set(one.places) - set(left_out)) + len(models) + (one.file is not None)


def _ask(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, token: str, examples: int) -> None:
    @seed(22)
    @hypothesis_settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters |= {name: value for name, value in PLACES.items() if name in case.path_parameters}
        # its WSGI transport does not decompress
        case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})

    ask()
