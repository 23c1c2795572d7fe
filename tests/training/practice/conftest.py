"""The office on SQLite, and on PostgreSQL where a test asks for both."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import db
from core.db import unit_of_work
from core.settings import Settings, load
from tests.training.practice.office import MAIL, Office, fill

_numbers = itertools.count()


@pytest.fixture(scope="session")
def prepared_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its tables and people, to be copied: making one takes half a second."""
    folder = tmp_path_factory.mktemp("prepared")
    made = load({"VANTHU_HOME": str(folder / "home")})
    with unit_of_work(made) as session:
        fill(session)
    db.forget(made)
    return made.home


@pytest.fixture
def office(tmp_path: Path, prepared_office: Path) -> Iterator[Office]:
    """The office on SQLite."""
    shutil.copytree(prepared_office, tmp_path / "home")
    yield from _opened(tmp_path, {})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office on each database."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("prepared_office"), tmp_path / "home")
        yield from _opened(tmp_path, {})
        return
    server = request.getfixturevalue("postgres_server")
    environ = {"VANTHU_DATABASE_URL": server.database(f"practice_{next(_numbers)}")}
    with unit_of_work(_settings(tmp_path, environ)) as session:
        fill(session)
    yield from _opened(tmp_path, environ)


def _settings(folder: Path, environ: dict[str, str]) -> Settings:
    made = load({"VANTHU_HOME": str(folder / "home"), "VANTHU_LOG_FOLDERS": str(folder / "logs"), **environ})
    return replace(made, tables={**made.tables, "mail": MAIL})


def _opened(folder: Path, environ: dict[str, str]) -> Iterator[Office]:
    (folder / "logs").mkdir()
    found = Office(_settings(folder, environ), folder / "logs")
    found.log.touch()
    found.follow()
    yield found
    db.forget(found.settings)
