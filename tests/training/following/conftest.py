"""The office on SQLite and on PostgreSQL, settled once a module; what a test changes is rolled back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.settings import Settings, load
from tests.training.following.office import settle

MAIL = """
[mail]
server = "127.0.0.1:25"
security = "none"
sender = "vanthu@tp.example.gov.vn"
site = "https://vanthu.tp.example.gov.vn"
"""
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)], scope="module")
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("following")
    (home / "vanthu.toml").write_text(MAIL, "utf-8")
    environ = {"VANTHU_HOME": str(home)}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"following_{next(_numbers)}")
    chosen = load(environ)
    with unit_of_work(chosen) as session:
        settle(session)
    yield chosen
    db.forget(chosen)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    with db.session_factory(settings)() as opened:
        yield opened
        opened.rollback()
