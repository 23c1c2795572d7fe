"""A small office with a tree of units, on SQLite and on PostgreSQL, and what happened in it as plain rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.settings import Settings, load
from tests.eoffice.use.history import PEOPLE, UNITS

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)], scope="module")
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    environ = {"VANTHU_HOME": str(tmp_path_factory.mktemp("use") / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"use_{next(_numbers)}")
    chosen = load(environ)
    with unit_of_work(chosen) as session:
        for key, (name, parent) in enumerate(UNITS, start=1):
            session.add(UnitRow(id=key, key=name, name=name, parent_id=parent))
            session.flush()
        for key, (number, unit, rank) in enumerate(PEOPLE, start=1):
            session.add(OfficialRow(id=key, official_id=number, name=f"Người {number}"))
            session.flush()
            session.add(PostRow(official=key, position=0, unit=unit, title="Giám đốc", rank=rank))
    yield chosen
    db.forget(chosen)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session whose changes are never kept."""
    with Session(db.engine(settings)) as opened:
        yield opened
        opened.rollback()
