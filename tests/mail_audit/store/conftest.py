"""A home with a database, on SQLite and on PostgreSQL; an administrator; runs made by the shortest way."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work, utc_now
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.permissions import Actor, Role
from core.settings import Settings, load
from mail_audit.models import Audit
from mail_audit.services import store_result
from tests.mail_audit.store import made

ADMINISTRATOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    logs = tmp_path / "logs"
    logs.mkdir()
    environ = {"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_LOG_FOLDERS": str(logs)}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"store_{next(_numbers)}")
        environ |= request.getfixturevalue("s3_server").environ(tmp_path / "home")  # as in a city
    chosen = load(environ)
    yield chosen
    db.forget(chosen)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session that the test may commit; what it leaves is thrown away with the database."""
    with unit_of_work(settings) as opened:
        yield opened


@pytest.fixture
def administrator() -> Actor:
    return ADMINISTRATOR


@pytest.fixture
def directory(settings: Settings) -> Roster:
    """One official with a mailbox, in the database."""
    roster = Roster(
        units={made.BUILDING: Unit(made.BUILDING, made.BUILDING, None)},
        officials={"CB01": Official("CB01", "Nguyễn Văn Ân")},
        posts=(Post("CB01", made.BUILDING, "Giám đốc", "leader", None, None),),
        mailboxes={made.address("CB01"): Mailbox(made.address("CB01"), "personal", made.BUILDING, "CB01", ())},
    )
    with unit_of_work(settings) as opened:
        import_roster(opened, ADMINISTRATOR, roster=roster, dry_run=False)
    return roster


@pytest.fixture
def stored(session: Session) -> Callable[..., int]:
    """Makes a finished run with the figures of `made.report`; gives its id."""

    def make(first: date = made.FIRST, last: date = made.LAST, *, using: int = 2) -> int:
        run = bare_run(session)
        store_result(
            session, audit_id=run.id, report=made.report(first, last, using=using), days=made.days(), actor="quantri"
        )
        run.state, run.finished_at, run.measured = "finished", utc_now(), "0" * 24
        session.flush()
        return run.id

    return make


def bare_run(session: Session) -> Audit:
    """A run that nobody works on."""
    run = Audit(created_at=utc_now(), created_by="quantri", timezone="Asia/Ho_Chi_Minh", asked_paths=[])
    session.add(run)
    session.flush()
    return run
