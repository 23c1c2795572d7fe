"""A journal that runs, and peers that speak to it line by line."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from core import db
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.permissions import Actor, Role
from core.settings import Settings, load
from mail_audit.collectors.journal.running import Journal
from mail_audit.journaling.options import JournalOptions
from tests.mail_audit.journal.cases import DOMAIN
from tests.servers.loopback import free_port

ADMINISTRATOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
PEOPLE = ("xd.gd", "xd.cv1", "xd.vt", "yt.gd", "yt.cv1", "tc.gd", "gt.gd")
_numbers = itertools.count()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A new installation on SQLite."""
    made = load({"VANTHU_HOME": str(tmp_path / "home")})
    yield made
    db.forget(made)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A new installation, once on SQLite and once on PostgreSQL."""
    given = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        given["VANTHU_DATABASE_URL"] = server.database(f"journal_{next(_numbers)}")
    made = load(given)
    yield made
    db.forget(made)


def fill_directory(settings: Settings, people: tuple[str, ...] = PEOPLE) -> None:
    """One unit, an official for each mailbox, and an alias for one of them."""
    number = {person: f"CB{place:05}" for place, person in enumerate(people)}
    aliases = {"yt.gd": (f"bac.si@{DOMAIN}",)}
    roster = Roster(
        units={"Thành phố": Unit("Thành phố", "Thành phố", None)},
        officials={number[person]: Official(number[person], f"Cán bộ {person}") for person in people},
        posts=tuple(Post(number[person], "Thành phố", "Chuyên viên", "staff", None, None) for person in people),
        mailboxes={
            f"{person}@{DOMAIN}": Mailbox(
                f"{person}@{DOMAIN}", "personal", "Thành phố", number[person], aliases.get(person, ())
            )
            for person in people
        },
    )
    with db.unit_of_work(settings) as session:
        import_roster(session, ADMINISTRATOR, roster=roster, dry_run=False)


class Peer:
    """A connection to the journal that may say anything."""

    def __init__(self, place: int | str) -> None:
        if isinstance(place, int):
            self.socket = socket.create_connection(("127.0.0.1", place), 20)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(20)
            self.socket.connect(place)
        self._lines = self.socket.makefile("rb")

    def hear(self) -> str:
        """The next whole answer; its last line where it has several. Empty when the journal has closed."""
        while True:
            line = self._lines.readline().decode()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def say(self, content: bytes) -> str:
        """The answer to a command."""
        self.socket.sendall(content + b"\r\n")
        return self.hear()

    def greet(self, word: bytes = b"EHLO") -> None:
        """Comes in."""
        assert self.hear().startswith("220 ")
        assert self.say(word + b" thu.tp.example.gov.vn").startswith("250 ")

    def give(self, content: bytes, sender: bytes = b"xd.cv1@tp.example.gov.vn") -> str:
        """The answer to a whole copy; `content` brings its own end."""
        assert self.say(b"MAIL FROM:<" + sender + b">").startswith("250 ")
        assert self.say(b"RCPT TO:<journal+yt.gd=tp.example.gov.vn@journal.invalid>").startswith("250 ")
        assert self.say(b"DATA").startswith("354 ")
        self.socket.sendall(content)
        return self.hear()

    def close(self) -> None:
        """Hangs up without a word."""
        self._lines.close()
        self.socket.close()


@contextmanager
def taking(settings: Settings, **values: Any) -> Iterator[tuple[Journal, int]]:
    """A journal and its port."""
    port = free_port()
    options = {"listen": f"127.0.0.1:{port}", "protocol": "smtp", "servers": [f"thu.{DOMAIN}"]} | values
    journal = Journal(settings, JournalOptions.given(options), beat_seconds=0.2)
    journal.start()
    try:
        yield journal, port
    finally:
        journal.stop(5)


Talk = Callable[..., Peer]


@pytest.fixture
def talk() -> Iterator[Talk]:
    """Makes peers, which are gone after the test."""
    with ExitStack() as made:

        def come(place: int | str, *, greet: bytes | None = b"EHLO") -> Peer:
            peer = Peer(place)
            made.callback(peer.close)
            if greet is not None:
                peer.greet(greet)
            return peer

        yield come
