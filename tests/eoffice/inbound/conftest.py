"""An office whose documents are answered by e-mail: a draft that waits for its deputy director, and a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db
from core.db import unit_of_work
from core.directory.models import Account, AliasRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.permissions import Actor, Role
from core.settings import Settings, load
from eoffice.models import DraftRow, ReplyMail, ReplyToken, RevisionRow, RouteTemplate
from eoffice.replying import tokens
from eoffice.services import sending_round
from eoffice.services.rounds import Moment
from eoffice.writing import Passage, Written
from tests.eoffice.services.conftest import PEOPLE, STEPS

DOMAIN = "tp.example.gov.vn"
ADDRESS = f"traloi@{DOMAIN}"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, nine in the morning where the office is."""
WORDS = Written(
    "CV",
    (Passage("1", "subject", "V/v kiểm tra"), Passage("2", "body", "Kính đề nghị các đơn vị kiểm tra phòng cháy.")),
)
SETTINGS = f"""\
[mail]
server = "127.0.0.1:25"
security = "none"
sender = "vanthu@{DOMAIN}"
site = "https://vanthu.{DOMAIN}"

[eoffice.inbound]
address = "{ADDRESS}"
listen = "127.0.0.1:2526"
trust = "submission"
servers = ["mail.{DOMAIN}", "localhost"]
"""


@dataclass(frozen=True)
class Office:
    """An installation with a draft on its way; `token` is what the deputy director's letter carries."""

    settings: Settings
    token: str

    def mails(self) -> list[ReplyMail]:
        """What came in so far."""
        with unit_of_work(self.settings) as session:
            return list(session.scalars(select(ReplyMail).order_by(ReplyMail.id)))


def moment(days: int = 0) -> Moment:
    """The Monday, or so many days later."""
    return Moment(NOW + timedelta(days=days), date(2026, 11, 23) + timedelta(days=days))


def actor(name: str) -> Actor:
    """The account of one of the people."""
    return Actor(name, frozenset({Role.OFFICIAL}), name)


def token_of(settings: Settings, account: str, *, last: bool = True) -> str:
    """The token of the newest (or first) letter to that account."""
    with unit_of_work(settings) as session:
        wanted = select(ReplyToken).join(Account, Account.id == ReplyToken.account).where(Account.name == account)
        rows = list(session.scalars(wanted.order_by(ReplyToken.id)))
        return tokens.token(settings.secret_key, rows[-1 if last else 0].nonce)


def revise(settings: Settings, number: int) -> None:
    """Another revision of the draft, as its author saves one."""
    with unit_of_work(settings) as session:
        session.add(
            RevisionRow(draft=1, number=number, author=1, at=NOW, content=WORDS.as_json(), content_digest=str(number))
        )


def submit(settings: Settings, revision: int = 1) -> None:
    """The author sends the draft round."""
    with unit_of_work(settings) as session:
        sending_round.submit(
            session, actor("an"), draft_id=1, template_id=1, seen_revision=revision, moment=moment()
        )  # fmt: skip


def fill(settings: Settings) -> None:
    """A unit with its people, their mailboxes and accounts, a route, a draft with a revision."""
    with unit_of_work(settings) as session:
        session.add(UnitRow(key="so", name="Sở Y tế"))
        session.flush()
        for key, (name, (title, rank)) in enumerate(PEOPLE.items(), start=1):
            session.add(OfficialRow(official_id=name, name=name.title()))
            session.flush()
            session.add(PostRow(official=key, position=0, unit=1, title=title, rank=rank))
            session.add(MailboxRow(address=f"{name}@{DOMAIN}", kind="personal", unit=1, owner=key))
            session.add(Account(name=name, official=key, created_at=NOW, password_changed_at=NOW, password_hash="!"))
        session.add(AliasRow(address=f"pgd@{DOMAIN}", mailbox=2))
        session.add(RouteTemplate(name="Công văn", version=1, steps=STEPS, made_at=NOW, made_by="x"))
        session.add(DraftRow(type="CV", title="V/v kiểm tra", unit=1, drafter=1, source="text", created_at=NOW,
                             changed_at=NOW))  # fmt: skip
        session.flush()
    revise(settings, 1)


@pytest.fixture(scope="session")
def office_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the draft waits for the deputy director; to be copied."""
    home = tmp_path_factory.mktemp("replying") / "home"
    home.mkdir()
    (home / "vanthu.toml").write_text(SETTINGS)
    made = load({"VANTHU_HOME": str(home)})
    fill(made)
    submit(made)
    db.forget(made)
    return home


@pytest.fixture
def office(tmp_path: Path, office_home: Path) -> Iterator[Office]:
    shutil.copytree(office_home, tmp_path / "home")
    made = load({"VANTHU_HOME": str(tmp_path / "home")})
    yield Office(made, token_of(made, "binh"))
    db.forget(made)
