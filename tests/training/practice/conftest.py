"""The office on SQLite, and on PostgreSQL where a test asks for both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import db
from core.db import unit_of_work
from core.settings import load
from tests.training.practice.office import MAIL, Office, fill

_numbers = itertools.count()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The office on SQLite."""
    yield from _opened(tmp_path, {})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office on each database."""
    environ = {}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"practice_{next(_numbers)}")
    yield from _opened(tmp_path, environ)


def _opened(folder: Path, environ: dict[str, str]) -> Iterator[Office]:
    logs = folder / "logs"
    logs.mkdir()
    made = load({"VANTHU_HOME": str(folder / "home"), "VANTHU_LOG_FOLDERS": str(logs), **environ})
    made = replace(made, tables={**made.tables, "mail": MAIL})
    with unit_of_work(made) as session:
        fill(session)
    found = Office(made, logs)
    found.log.touch()
    found.follow()
    yield found
    db.forget(made)
