"""An installation with a small directory, and counts written as a census stores them."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.permissions import Actor, Role
from core.settings import Settings, load
from mail_audit.models import Census, CensusMailbox
from mail_audit.services.census import Answer, Count, store_answers

ADMINISTRATOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
DOMAIN = "tp.example.gov.vn"
UNIT = "Sở Xây dựng"
_numbers = itertools.count()


def address(number: int) -> str:
    return f"cb{number:02}@{DOMAIN}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A new installation, once on SQLite and once on PostgreSQL."""
    environ = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"census_{next(_numbers)}")
    made = load(environ)
    yield made
    db.forget(made)


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its tables, to be copied."""
    made = load({"VANTHU_HOME": str(tmp_path_factory.mktemp("prepared") / "home")})
    db.bring_up_to_date(made)
    db.forget(made)
    return made.home


@pytest.fixture
def settings(tmp_path: Path, prepared_home: Path) -> Iterator[Settings]:
    """A new installation on SQLite, with the password of the census's account."""
    shutil.copytree(prepared_home, tmp_path / "home")
    made = load({"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_CENSUS_PASSWORD": "mat-khau-rat-kin"})
    yield made
    db.forget(made)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    with unit_of_work(settings) as opened:
        yield opened


def write_directory(settings: Settings, people: int, *more: Mailbox) -> list[str]:
    """So many officials with a mailbox each, and other mailboxes; gives the officials' addresses."""
    numbers = range(people)
    boxes = [Mailbox(address(n), "personal", UNIT, f"CB{n:02}", ()) for n in numbers]
    roster = Roster(
        units={UNIT: Unit(UNIT, UNIT, None)},
        officials={f"CB{n:02}": Official(f"CB{n:02}", f"Cán bộ {n}") for n in numbers},
        posts=tuple(Post(f"CB{n:02}", UNIT, "Chuyên viên", "staff", None, None) for n in numbers),
        mailboxes={box.address: box for box in (*boxes, *more)},
    )
    with unit_of_work(settings) as session:
        import_roster(session, ADMINISTRATOR, roster=roster, dry_run=False)
    return [box.address for box in boxes]


@pytest.fixture
def taken(session: Session) -> Callable[..., None]:
    """Writes one finished count of one mailbox: `taken(mailbox, at, messages, unseen, answered, uid_next, sent_at)`."""

    def write(
        mailbox: str,
        at: datetime,
        messages: int = 0,
        unseen: int = 0,
        answered: int = 0,
        uid_next: int | None = 1,
        sent_at: datetime | None = None,
        uid_validity: int = 7,
        reason: str | None = None,
    ) -> None:
        run = Census(started_at=at, started_by="quantri", server="localhost:993", selection="x")
        session.add(run)
        session.flush()
        waiting = {"census_id": run.id, "mailbox": mailbox, "state": "waiting"}
        session.execute(CensusMailbox.__table__.insert().values(**waiting))  # type: ignore[attr-defined]
        sent = "found" if sent_at else "empty"
        count = Count(messages, unseen, answered, None, uid_validity, uid_next, sent, sent_at)
        store_answers(session, run.id, [Answer(mailbox, at, None if reason else count, reason)])

    return write
