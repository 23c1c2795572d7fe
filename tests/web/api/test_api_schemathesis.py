"""Every operation asked by somebody who only has read the document: schemathesis makes requests from it, good and bad.

All its checks hold: never a defect; statuses, media types, headers and bodies as the document says; what does not fit
the schema is refused, and what fits is not refused for its form (422). What fits and still cannot be used (a unit that
does not exist, a last day before the first) is 400. Examples are seeded and few.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
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
from web.api.service import operations
from web.app import create_app
from web.border import BorderedFlask

NAMES = [one.name for one in operations()]
OFFICE = frozenset(one.name for one in operations() if one.section in {"documents", "drafts", "enclosures", "remarks"})
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
EXAMPLES = {"administrator": 6, "limited": 3, "official": 6}
"""Who asks -> how many good and how many bad requests for each operation."""
SLOW = {"document_story_paper": 1}
"""What takes its time is asked less often."""
ASKED = [(name, who) for name in NAMES for who in EXAMPLES if (who == "official") == (name in OFFICE)]


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
    operation = schema.find_operation_by_id(name)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.POSITIVE or _can_be_wrong(operation):
            _ask(operation, mode, tokens[who], SLOW.get(name, EXAMPLES[who]))


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
        for place in {"audit_id", "draft_id"} & set(case.path_parameters) if mode is GenerationMode.POSITIVE else ():
            case.path_parameters[place] = 1
        # its WSGI transport does not decompress
        case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})

    ask()


def _can_be_wrong(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    return bool(operation.path_parameters or operation.query or operation.body)
