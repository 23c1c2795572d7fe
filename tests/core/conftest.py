"""An installation of its own for every test: a home in a temporary folder, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import db
from core.permissions import Actor, Role
from core.settings import Settings, load
from tests.servers.postgres import PostgresServer

SILENCE = 5.0


@pytest.fixture
def actor() -> Actor:
    """An administrator."""
    return Actor("quantri", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A new installation on SQLite."""
    made = load({"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_JOB_SILENCE": str(SILENCE)})
    yield made
    db.forget(made)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A new installation, once on SQLite and once on PostgreSQL."""
    given = {"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_JOB_SILENCE": str(SILENCE)}
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        empty = "migrations_that_run" in request.fixturenames
        new = server.empty_database if empty else server.database
        given["VANTHU_DATABASE_URL"] = new(f"test_{tmp_path.name}".lower()[:60])
    made = load(given)
    yield made
    db.forget(made)
