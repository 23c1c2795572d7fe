"""What an answer of the API tells besides what was asked for: only what its reader may be told by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.db import unit_of_work
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from mail_audit.services.contests import ask_contest
from mail_audit.services.exceptions import record_exception
from tests.web import town
from tests.web.api.conftest import Program

Service = Callable[..., Program]
PERSON = "/audits/1/officials/CB1"


@pytest.fixture
def ill(settings: Settings, listed: None, audit_id: int) -> None:
    """CB1 was ill, which is on record, and asked for a review."""
    with unit_of_work(settings) as session:
        own = Actor("x", frozenset({Role.OFFICIAL}), "CB1")
        ask_contest(session, own, audit_id=audit_id, official_id="CB1", about="received", reason="x")
        record_exception(session, command_line_actor(), official_id="CB1", kind="sickness", first=town.FIRST, note="y")


@pytest.mark.usefixtures("ill")
@pytest.mark.parametrize(("scopes", "told"), [(["evidence"], 0), (["evidence", "reviews.read"], 1)])
def test_who_is_ill_and_who_complained_is_told_to_whoever_may_know(
    service: Service, scopes: list[str], told: int
) -> None:
    """As on the page: figures and log lines are another permission than what people said of themselves."""
    page = service(*scopes).get(PERSON).json
    assert page is not None
    assert [len(page["exceptions"]), len(page["contests"])] == [told, told]


@pytest.mark.usefixtures("ill")
def test_what_a_token_records_it_is_shown(service: Service) -> None:
    """The answer is the thing itself: a scope that makes one but may not read it could make nothing."""
    program = service("reviews")
    wanted = {"official_id": "CB2", "kind": "leave", "first": town.FIRST.isoformat()}
    assert program.post("/exceptions", json=wanted).status_code == 201
    answered = program.post("/contests/1/answer", json={"verdict": "explained", "answer": "z"})
    assert (answered.status_code, (answered.json or {}).get("state")) == (200, "explained")
