"""An office on SQLite and on PostgreSQL: a unit, its people, a draft with one revision, a route."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.directory.models import Account, MailboxRow, OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Role
from core.settings import Settings, load
from eoffice.models import DraftRow, RevisionRow, RouteTemplate
from eoffice.services.rounds import Moment

PEOPLE = {
    "an": ("Chuyên viên", "staff"),
    "binh": ("Phó Giám đốc", "leader"),
    "chi": ("Giám đốc", "leader"),
    "dung": ("Chánh Văn phòng", "leader"),
    "em": ("Văn thư", "staff"),
}
STEPS: list[dict[str, Any]] = [
    {"kind": "any", "purpose": "content", "who": [{"unit": "own", "title": "Phó Giám đốc"}], "days": 2},
    {"kind": "any", "purpose": "form", "who": [{"unit": "own", "title": "Chánh Văn phòng"}]},
    {"kind": "any", "purpose": "approval", "who": [{"unit": "own", "title": "Giám đốc"}]},
]
EITHER = [
    {"kind": "any", "purpose": "opinion", "who": [
        {"unit": "own", "title": "Phó Giám đốc"}, {"unit": "own", "title": "Văn thư"}]},
    {"kind": "any", "purpose": "approval", "who": [{"unit": "own", "title": "Giám đốc"}]},
]  # fmt: skip
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    environ = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"eoffice_{next(_numbers)}")
    chosen = load(environ)
    with unit_of_work(chosen) as session:
        session.add(UnitRow(key="so", name="Sở Y tế"))
        session.flush()
        for key, (name, (title, rank)) in enumerate(PEOPLE.items(), start=1):
            session.add(OfficialRow(official_id=name, name=name.title()))
            session.flush()
            session.add(PostRow(official=key, position=0, unit=1, title=title, rank=rank))
        session.add(RouteTemplate(name="Công văn", version=1, steps=STEPS, made_at=moment().now, made_by="x"))
        session.add(draft_row())
        session.flush()
        session.add(revision_row(1, 1))
    yield chosen
    db.forget(chosen)


@pytest.fixture
def mailing(settings: Settings) -> Iterator[Settings]:
    """The same office with mail on, an account and a mailbox for each of its people."""
    made = replace(
        settings, tables={"mail": {"server": "mx.test", "site": "https://vt.test", "sender": "vt@tp.example.gov.vn"}}
    )
    with unit_of_work(made) as session:
        for key, name in enumerate(PEOPLE, start=1):
            session.add(Account(name=name, password_hash="", official=key, created_at=moment().now,
                                password_changed_at=moment().now))  # fmt: skip
            session.add(MailboxRow(address=f"{name}@tp.example.gov.vn", kind="personal", unit=1, owner=key))
        session.add(RouteTemplate(name="Một trong hai", version=1, steps=EITHER, made_at=moment().now, made_by="x"))
    yield made
    db.forget(made)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    with unit_of_work(settings) as opened:
        yield opened


def actor(name: str) -> Actor:
    """The account of one of the people."""
    return Actor(name, frozenset({Role.OFFICIAL}), name)


def moment(seconds: float = 0) -> Moment:
    """A Tuesday morning, and so many seconds later."""
    now = datetime(2026, 10, 6, 2, 0, tzinfo=UTC) + timedelta(seconds=seconds)
    return Moment(now, date(2026, 10, 6) + timedelta(days=int(seconds // 86_400)))


def draft_row() -> DraftRow:
    """A draft of the first of the people."""
    return DraftRow(
        type="CV", title="V/v kiểm tra", unit=1, drafter=1, source="text", created_at=moment().now,
        changed_at=moment().now,
    )  # fmt: skip


def revision_row(draft: int, number: int) -> RevisionRow:
    """A revision with nothing in it."""
    return RevisionRow(draft=draft, number=number, author=1, at=moment().now, content={}, content_digest="0")


Names = Callable[[str], Actor]
