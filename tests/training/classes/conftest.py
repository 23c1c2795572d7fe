"""The department on SQLite and on PostgreSQL, filled once a module; what a test changes is rolled back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.settings import Settings, load
from tests.training.classes.office import settle

_numbers = itertools.count()
SITE = "https://vanthu.tp.example.gov.vn"
MAIL = {"mail": {"server": "mx.test", "site": SITE, "sender": "vanthu@tp.example.gov.vn"}}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)], scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The department on each database."""
    environ = {"VANTHU_HOME": str(tmp_path_factory.mktemp("classes") / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"classes_{next(_numbers)}")
    yield from _settled(environ)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The department on SQLite."""
    yield from _settled({"VANTHU_HOME": str(tmp_path_factory.mktemp("classes") / "home")})


def _settled(environ: dict[str, str]) -> Iterator[Settings]:
    chosen = replace(load(environ), tables=MAIL)
    with unit_of_work(chosen) as session:
        settle(session)
    yield chosen
    db.forget(chosen)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    with db.session_factory(settings)() as opened:
        yield opened
        opened.rollback()
