"""The same on PostgreSQL, where workers really work at once: each message once, one a day, one use of a link."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db, log
from core.db import unit_of_work
from core.directory.models import Account
from core.directory.services import create_account, links
from core.directory.services.inviting import Invited, invite
from core.errors import VanthuError
from core.mail import MailKind, tell
from core.mail.digests import make_digests
from core.permissions import command_line_actor
from core.settings import Settings, load
from core.words import Text
from tests.core.mail.post_office import NOW, SITE, PostOffice, fill, hash_cheaply, installed, outbox, send_at, text_of
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.server
PASSWORD = "bốn từ chẳng liên quan"
NUMBERS = [f"CB{number}" for number in range(1, 10)]
_databases = itertools.count()


@pytest.fixture
def settings(
    tmp_path: Path, office: PostOffice, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The town on PostgreSQL, with mail on."""
    hash_cheaply(monkeypatch)
    log.configure("error", io.StringIO())
    home = installed(tmp_path / "home", office.port).home
    made = load({"VANTHU_HOME": str(home), "VANTHU_DATABASE_URL": postgres_server.database(f"mail_{next(_databases)}")})
    fill(made)
    yield made
    db.forget(made)


def _at_once(work: Callable[[], object], workers: int = 3) -> list[object]:
    """What each of the workers came to: its answer, or the error a person may be shown."""
    ended: list[object] = []

    def done() -> None:
        try:
            ended.append(work())
        except VanthuError as refused:
            ended.append(type(refused))

    threads = [threading.Thread(target=done) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ended) == workers
    return ended


def _invited(settings: Settings) -> Invited:
    with unit_of_work(settings) as session:
        return invite(session, command_line_actor(), official_ids=NUMBERS, now=NOW)


def test_three_workers_send_each_message_once(settings: Settings, office: PostOffice) -> None:
    assert _invited(settings).made == len(NUMBERS)
    _at_once(lambda: send_at(settings, NOW))
    assert sorted(office.addresses) == [f"{number.lower()}@tp.example.gov.vn" for number in NUMBERS]
    assert {(one.state, one.attempts) for one in outbox(settings)} == {("sent", 1)}


def test_two_administrators_invite_the_same_people(settings: Settings) -> None:
    """Each official has one account, and one link that works."""
    ended = _at_once(lambda: _invited(settings), workers=2)
    made = sum(one.made for one in ended if isinstance(one, Invited))
    assert made == len(NUMBERS)
    with unit_of_work(settings) as session:
        assert len(session.scalars(select(Account)).all()) == len(NUMBERS)


def test_one_message_a_day_whoever_makes_it(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        for number in NUMBERS:
            account = create_account(
                session, command_line_actor(), name=number.lower(), password=PASSWORD, official_id=number
            )
            kind, said = MailKind.MAIL_AUDIT_CONTEST_ANSWERED, Text("a", "a")
            tell(session, accounts=[account.id], kind=kind, said=said, thing="contest:1", now=NOW)
    _at_once(lambda: make_digests(settings, day=NOW.date(), now=NOW))
    assert len(outbox(settings)) == len(NUMBERS)


def test_a_link_is_used_once_by_whoever_is_first(settings: Settings, office: PostOffice) -> None:
    _invited(settings)
    send_at(settings, NOW, most=1)
    token = text_of(office.taken[0]).partition(f"{SITE}/welcome?key=")[2].partition("\n")[0]

    def choose() -> str:
        with unit_of_work(settings) as session:
            return links.choose_password(session, token=token, password=PASSWORD, now=NOW).name

    ended = _at_once(choose)
    assert sorted(map(str, ended)) == sorted(["cb1@tp.example.gov.vn", *[str(links.LinkEndedError)] * 2])
