"""Clients of the API in a town with an audit: each with a token of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import unit_of_work, utc_now
from core.directory.scopes import SCOPES
from core.directory.services import tokens
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from tests.web.conftest import NAME
from web.border import BorderedFlask

EVERY = tuple(SCOPES)


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a token (or none): asks and sends JSON, keeps no cookies."""

    client: FlaskClient
    token: str | None
    language: str = "en"

    def ask(self, method: str, address: str, **more: Any) -> TestResponse:
        """The answer to a request for an address below `/api/v1`."""
        headers = {"Accept-Language": self.language} | more.pop("headers", {})
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(f"/api/v1{address}", method=method, headers=headers, buffered=True, **more)

    def get(self, address: str, **more: Any) -> TestResponse:
        """The same for a GET."""
        return self.ask("GET", address, **more)

    def post(self, address: str, body: Any = None, **more: Any) -> TestResponse:
        """The same for a POST of JSON."""
        return self.ask("POST", address, **({"json": body} if body is not None else {}) | more)


def service_token(settings: Settings, scopes: Collection[str] = EVERY) -> str:
    """A token of a service with these scopes."""
    with unit_of_work(settings) as session:
        given = tokens.give_service_token(
            session, command_line_actor(), service="hr-system", scopes=scopes, days=30, now=utc_now()
        )
    return given.token


def personal_token(settings: Settings, actor: Actor, scopes: Collection[str] = EVERY) -> str:
    """A token of an account, with those of these scopes that it can have."""
    with unit_of_work(settings) as session:
        own = {one.name for one in tokens.offered(actor)}
        given = tokens.give_personal_token(
            session, actor, name="a script", scopes=own & set(scopes), days=30, now=utc_now()
        )
    return given.token


@pytest.fixture
def administrator(settings: Settings, app: BorderedFlask) -> Program:
    """A program with the administrator's own token, of all scopes."""
    actor = Actor(NAME, frozenset({Role.ADMINISTRATOR}))
    return Program(app.test_client(use_cookies=False), personal_token(settings, actor))


@pytest.fixture
def service(settings: Settings, app: BorderedFlask) -> Callable[..., Program]:
    """Makes a program with a service's token of some scopes."""
    return lambda *scopes: Program(app.test_client(use_cookies=False), service_token(settings, scopes))


@pytest.fixture
def nobody(app: BorderedFlask) -> Program:
    """A program without a token."""
    return Program(app.test_client(use_cookies=False), None)
