"""A home with a database, on SQLite; on PostgreSQL where a test asks for both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import db
from core.settings import Settings, load

_numbers = itertools.count()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    chosen = load({"VANTHU_HOME": str(tmp_path / "home")})
    yield chosen
    db.forget(chosen)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    environ = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"standing_{next(_numbers)}")
        environ |= request.getfixturevalue("s3_server").environ(tmp_path / "home")  # as in a city
    chosen = load(environ)
    yield chosen
    db.forget(chosen)
