"""An application in an empty home, a town stored in it, and visitors who are logged in or not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import log
from core.db import forget, unit_of_work
from core.directory.services import create_account
from core.permissions import command_line_actor
from core.settings import Settings, load
from tests.web import town
from web.app import create_app
from web.border import BorderedFlask

NAME, PASSWORD = "admin", "mat khau rat dai"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    log.configure("error", io.StringIO())
    logs = tmp_path / "logs"
    logs.mkdir()
    made = load({"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_LOG_FOLDERS": str(logs)})
    with unit_of_work(made) as session:
        create_account(session, command_line_actor(), name=NAME, password=PASSWORD)
    yield made
    forget(made)


@pytest.fixture
def app(settings: Settings) -> BorderedFlask:
    return create_app(settings)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser without scripts: follows no redirects by itself, sends forms with the token of the page it saw."""

    client: FlaskClient

    def get(self, address: str, **more: object) -> TestResponse:
        return self.client.get(address, **more)  # type: ignore[arg-type]

    def post(self, address: str, page: str, **fields: object) -> TestResponse:
        """Send `fields` to `address` with the token found on `page`."""
        token = TOKEN.search(self.client.get(page).text)
        assert token, f"{page} has no form"
        return self.client.post(address, data={"csrf_token": token[1], **fields})

    def log_in(self, password: str = PASSWORD, page: str = "/log-in") -> TestResponse:
        return self.post(page, page, name=NAME, password=password)


@pytest.fixture
def stranger(app: BorderedFlask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def admin(app: BorderedFlask) -> Visitor:
    visitor = Visitor(app.test_client())
    assert visitor.log_in().status_code == 303
    return visitor


@pytest.fixture
def audit_id(settings: Settings) -> int:
    """The town's audit, finished."""
    with unit_of_work(settings) as session:
        return town.store(session, settings.store)
