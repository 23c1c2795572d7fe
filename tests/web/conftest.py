"""An application in an empty home, a town stored in it, and visitors who are logged in or not."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core import log
from core.db import forget, unit_of_work
from core.directory.queries import count_accounts
from core.directory.services import accounts, create_account, import_roster
from core.permissions import command_line_actor
from core.settings import Settings, load
from tests.web import town
from web.app import create_app
from web.border import BorderedFlask

NAME, PASSWORD = "admin", "mat khau rat dai"
COMPILED = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def _settings(home: Path, logs: Path) -> Settings:
    logs.mkdir(exist_ok=True)
    return load({"VANTHU_HOME": str(home), "VANTHU_LOG_FOLDERS": str(logs)})


@contextmanager
def _quick_hashes() -> Iterator[None]:
    """The cheapest hashes there are, for who is logged in over and over again."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def _addresses_are_compiled_once() -> Iterator[None]:
    """Werkzeug compiles for each application what matches its addresses and puts them together: here once for all
    applications of a run, which are made by the hundreds and have the same addresses.
    """
    kept: dict[tuple[object, ...], dict[str, object]] = {}
    compiled = Rule.compile

    def remembered(rule: Rule) -> None:
        key = (rule.rule, repr(rule.defaults), rule.build_only, rule.subdomain, rule.strict_slashes, rule.merge_slashes)
        if key not in kept:
            compiled(rule)
            kept[key] = {name: getattr(rule, name) for name in COMPILED}
        vars(rule).update(kept[key])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Rule, "compile", remembered)
        yield


@pytest.fixture(scope="package", autouse=True)
def _logged_in_quickly() -> Iterator[None]:
    with _quick_hashes():
        yield


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its tables and one administrator, to be copied: making one takes half a second."""
    folder = tmp_path_factory.mktemp("prepared")
    made = _settings(folder / "home", folder / "logs")
    with _quick_hashes(), unit_of_work(made) as session:
        create_account(session, command_line_actor(), name=NAME, password=PASSWORD)
    forget(made)
    return made.home


@pytest.fixture
def settings(tmp_path: Path, prepared_home: Path) -> Iterator[Settings]:
    """A new installation with one administrator."""
    log.configure("error", io.StringIO())
    shutil.copytree(prepared_home, tmp_path / "home")
    made = _settings(tmp_path / "home", tmp_path / "logs")
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
        return self.client.get(address, buffered=True, **more)

    def post(self, address: str, page: str, /, **fields: object) -> TestResponse:
        """Send `fields` to `address` with the token found on `page`."""
        token = TOKEN.search(self.client.get(page).text)
        assert token, f"{page} has no form"
        return self.client.post(address, data={"csrf_token": token[1], **fields})

    def log_in(self, password: str = PASSWORD, page: str = "/log-in", name: str = NAME) -> TestResponse:
        return self.post(page, page, name=name, password=password)


@pytest.fixture
def stranger(app: BorderedFlask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def admin(app: BorderedFlask) -> Visitor:
    visitor = Visitor(app.test_client())
    assert visitor.log_in().status_code == 303
    return visitor


@pytest.fixture
def listed(settings: Settings) -> None:
    """The town's directory is imported."""
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())


@pytest.fixture
def account_of(
    app: BorderedFlask, settings: Settings, listed: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Visitor]:
    """Makes accounts that are logged in: with a role for a unit or the whole city, of an official or of nobody."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def made(
        role: str | None = None, *, unit_key: str | None = None, official_id: str | None = None, name: str = ""
    ) -> Visitor:
        with unit_of_work(settings) as session:
            name = name or f"account{count_accounts(session)}"
            create_account(
                session,
                command_line_actor(),
                name=name,
                password=PASSWORD,
                official_id=official_id,
                role=role,
                unit_key=unit_key,
            )
        visitor = Visitor(app.test_client())
        assert visitor.log_in(name=name).status_code == 303
        return visitor

    return made


@pytest.fixture
def official(account_of: Callable[..., Visitor]) -> Visitor:
    """The official CB1, logged in with an account of their own."""
    return account_of(official_id="CB1", name="can.bo")


@pytest.fixture
def audit_id(settings: Settings) -> int:
    """The town's audit, finished."""
    with unit_of_work(settings) as session:
        return town.store(session, settings.store)
