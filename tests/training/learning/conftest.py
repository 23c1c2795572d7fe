"""Two officials, one of whom has the course of the mailbox to do, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Role
from core.settings import Settings, load
from training.moments import Moment
from training.services.assigning import assign_by_hand
from training.services.courses import ensure_shipped

HR = Actor("nhan.su", frozenset({Role.HR}))
ANH, BINH = (Actor(name, frozenset({Role.OFFICIAL}), name) for name in ("anh", "binh"))
_numbers = itertools.count()


def moment(seconds: float = 0) -> Moment:
    """A Tuesday morning, and so many seconds later."""
    now = datetime(2026, 10, 6, 2, 0, tzinfo=UTC) + timedelta(seconds=seconds)
    return Moment(now, date(2026, 10, 6) + timedelta(days=int(seconds // 86_400)))


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


@contextmanager
def _settled(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    """A database with the two of them and the courses of the program."""
    environ = {"VANTHU_HOME": str(folder / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"learning_{next(_numbers)}")
    chosen = load(environ)
    with unit_of_work(chosen) as session:
        session.add(UnitRow(key="so", name="Sở Y tế"))
        session.flush()
        for number, name in enumerate(("anh", "binh"), start=1):
            session.add(OfficialRow(official_id=name, name=name.title()))
            session.flush()
            session.add(PostRow(official=number, position=0, unit=1, title="Phó Giám đốc", rank="leader"))
        ensure_shipped(session, moment=moment())
    yield chosen
    db.forget(chosen)


def _assign(session: Session) -> int:
    return assign_by_hand(
        session, HR, official_id="anh", course_key="mailbox", due_on=date(2026, 10, 20), reason="Thử", moment=moment()
    )


@pytest.fixture(params=BOTH, scope="module")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Filled once a module; what a test changes is rolled back."""
    with _settled(request, tmp_path_factory.mktemp("learning")) as settings:
        yield settings


@pytest.fixture
def session(shared: Settings) -> Iterator[Session]:
    with db.session_factory(shared)() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def assigned(session: Session) -> int:
    """The assignment of the first of them."""
    return _assign(session)


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A database of a test's own, for what is committed."""
    with _settled(request, tmp_path) as own:
        yield own


@pytest.fixture
def committed(settings: Settings) -> int:
    """The same assignment in a database of the test's own."""
    with unit_of_work(settings) as session:
        return _assign(session)
