"""The door: which tokens open it, how often, and what is told about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import log
from core.db import unit_of_work, utc_now
from core.directory import tokens
from core.directory.models import ApiToken
from core.directory.queries.tokens import all_tokens
from core.directory.services.tokens import revoke_token
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings, load
from tests.web.api.conftest import Program, personal_token, service_token
from tests.web.conftest import Visitor
from web.api import door
from web.app import create_app

Service = Callable[..., Program]
INVALID = "Bearer realm=vanthu, error=invalid_token"


def test_without_a_token_there_is_nothing(nobody: Program, audit_id: int) -> None:
    refused = nobody.get("/audits")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer realm=vanthu"
    assert refused.mimetype == "application/problem+json"
    assert nobody.get("/status").json == {"status": "ok"}


@pytest.mark.parametrize("given", ["Bearer x", "Bearer", "", "Basic YTpi", "Token vanthu_p_x", "Bearer vanthu_p_"])
def test_what_is_no_token(nobody: Program, given: str) -> None:
    refused = nobody.get("/audits", headers={"Authorization": given})
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, INVALID)


def test_a_token_in_another_scheme_opens_nothing(nobody: Program, settings: Settings) -> None:
    token = service_token(settings)
    assert nobody.get("/audits", headers={"Authorization": f"Basic {token}"}).status_code == 401
    assert nobody.get(f"/audits?access_token={token}").status_code == 401
    assert nobody.get("/audits", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_token_that_is_revoked_is_out_at_once(service: Service, settings: Settings) -> None:
    program = service("figures")
    assert program.get("/audits").status_code == 200
    with unit_of_work(settings) as session:
        (known,) = all_tokens(session, now=utc_now()).rows
        revoke_token(session, command_line_actor(), token_id=known.token_id, now=utc_now())
    assert program.get("/audits").status_code == 401


def test_a_token_that_is_over(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    program = service("figures")
    assert program.get("/audits").status_code == 200
    later = utc_now() + timedelta(days=30, seconds=1)
    monkeypatch.setattr(door, "utc_now", lambda: later)
    assert program.get("/audits").status_code == 401


def test_a_token_may_ask_so_often_in_a_minute(
    settings: Settings, prepared_home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused counts too; another token is not held up; a minute later it goes on."""
    (settings.home / "vanthu.toml").write_text("[web]\napi_requests_a_minute = 2\n", "utf-8")
    client = create_app(load({"VANTHU_HOME": str(settings.home)})).test_client(use_cookies=False)
    program, other = (Program(client, service_token(settings, ["figures"])) for _ in range(2))
    now = utc_now().replace(second=10, microsecond=0)
    monkeypatch.setattr(door, "utc_now", lambda: now)
    first, second, third = (program.get(address) for address in ("/audits", "/audits/99", "/audits"))
    assert [one.status_code for one in (first, second, third)] == [200, 404, 429]
    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert [one.headers["RateLimit"] for one in (first, second, third)] == [
        '"minute";r=1;t=51', '"minute";r=0;t=51', '"minute";r=0;t=51',
    ]  # fmt: skip
    assert third.headers["Retry-After"] == "51"
    assert third.mimetype == "application/problem+json"
    with unit_of_work(settings) as session:
        assert max(session.scalars(select(ApiToken.counted))) == 3
    assert other.get("/audits").status_code == 200
    monkeypatch.setattr(door, "utc_now", lambda: now + timedelta(minutes=1))
    assert program.get("/audits").status_code == 200


def test_a_wrong_token_is_in_no_log(nobody: Program, settings: Settings) -> None:
    """Neither the one that opens nor the one that does not."""
    seen = io.StringIO()
    log.configure("debug", seen)
    wrong, right = tokens.made("personal"), service_token(settings, ["figures"])
    asked = {one: nobody.get("/audits/9", headers={"Authorization": f"Bearer {one}"}) for one in (wrong, right)}
    assert [one.status_code for one in asked.values()] == [401, 404]
    assert "refused" in seen.getvalue()
    assert wrong not in seen.getvalue()
    assert right not in seen.getvalue()


def test_a_token_knows_itself(service: Service, audit_id: int) -> None:
    told = service("figures", "jobs").get("/token").json
    assert told is not None
    assert (told["actor"], told["scopes"], told["official_id"]) == ("service:hr-system", ["figures", "jobs"], None)
    assert "core:job:read" in told["permissions"]


def test_what_an_account_loses_its_tokens_lose(
    account_of: Callable[..., Visitor], nobody: Program, settings: Settings, audit_id: int
) -> None:
    """The scopes say at most; what the account may on that day decides."""
    account_of(Role.INSPECTOR, name="thanh.tra")
    token = personal_token(settings, Actor("thanh.tra", frozenset({Role.ADMINISTRATOR})))
    program = Program(nobody.client, token)
    assert program.get("/audits").status_code == 200
    assert program.get("/accounts").status_code == 403
    assert program.post("/sources/collect").status_code == 403


def test_bodies_are_bounded(service: Service) -> None:
    program = service("targets")
    too_large = b'{"targets": [' + b" " * 1_000_001 + b"]}"
    assert program.ask("POST", "/targets", data=too_large, content_type="application/json").status_code == 413
    assert program.ask("POST", "/targets", data=b"{", content_type="application/json").status_code == 400
    assert program.ask("POST", "/targets", data=b"unit=x", content_type="text/plain").status_code == 415
    assert program.ask("POST", "/targets", data=b"[" * 100_000, content_type="application/json").status_code == 400


def test_nobody_is_read_before_the_token_is(nobody: Program) -> None:
    """A stranger's body is not read: neither its size nor its kind is told about."""
    refused = nobody.ask("POST", "/uploads", data=b"x" * 2_000_000, content_type="application/octet-stream")
    assert refused.status_code == 401


def test_what_is_not_there_and_what_cannot_be_done(service: Service) -> None:
    program = service("figures")
    missing = program.get("/nothing")
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    other = program.ask("PUT", "/audits")
    assert (other.status_code, other.mimetype) == (405, "application/problem+json")
    assert set(other.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert program.get("//audits").status_code == 404
    assert program.get("/audits/1/units//x").status_code == 404
