"""A real Postfix with thousands of mailboxes gives copies of all its mail: the journal knows what was done."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db
from core.db import unit_of_work
from core.settings import Settings, load
from mail_audit.collectors.journal.running import Journal
from mail_audit.journaling.options import JournalOptions
from mail_audit.models import JournalMessage, JournalRecipient
from mail_audit.queries.journal import journal_days
from tests.mail_audit.journal.conftest import fill_directory
from tests.servers.loopback import free_port
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_journal import SERVER, Letter, journaled, send_all
from tests.servers.mail_server import until
from tests.servers.mail_settings import DOMAIN

pytestmark = [pytest.mark.server, pytest.mark.slow]
SECRET = "TUYET-MAT-4711"
PEOPLE = tuple(f"cb{number:04}" for number in range(2500))
LETTERS = 1500
FROM_OUTSIDE = 300


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A new installation with every mailbox in its directory."""
    demand_servers()
    made = load({"VANTHU_HOME": str(tmp_path / "home")})
    fill_directory(made, PEOPLE)
    yield made
    db.forget(made)


def content(number: int, sender: str, more: str = "") -> bytes:
    """One letter; its own Received line and its words are not to be believed and not to be kept."""
    forged = f"Received: from x (unknown [10.0.0.1])\r\n\t(Authenticated sender: {PEOPLE[0]}@{DOMAIN})\r\n"
    forged += f"\tby {SERVER} (Postfix) with ESMTPSA id 1;\r\n\tThu, 19 Nov 2026 09:15:04 +0700\r\n"
    head = f"From: {sender}\r\nSubject: {SECRET}\r\nMessage-ID: <{number}@{DOMAIN}>\r\n{forged}{more}"
    return f"{head}Date: Sun, 22 Nov 2026 08:00:00 +0700\r\n\r\n{SECRET}\r\n..\r\n".encode()


def letters(chance: random.Random) -> tuple[list[Letter], list[Letter]]:
    """Letters of officials, and letters from outside, some of which pretend to be an official's."""
    own: list[Letter] = []
    for number in range(LETTERS):
        sender = chance.choice(PEOPLE)
        others = chance.sample(PEOPLE, chance.choice((1, 1, 1, 2, 5)))
        own.append((sender, [f"{other}@{DOMAIN}" for other in others], content(number, sender)))
    foreign: list[Letter] = []
    for number in range(LETTERS, LETTERS + FROM_OUTSIDE):
        pretended = f"{chance.choice(PEOPLE)}@{DOMAIN}" if number % 3 == 0 else "cong.dan@out.test"
        foreign.append((pretended, [f"{chance.choice(PEOPLE)}@{DOMAIN}"], content(number, pretended)))
    return own, foreign


def known(settings: Settings) -> dict[str, Counter[str]]:
    """What the journal says of every mailbox, summed over the days."""
    today = datetime.now(UTC).date()
    with unit_of_work(settings) as session:
        days = journal_days(session, today - timedelta(days=2), today + timedelta(days=2))
    names = ("sent", "sent_recipients", "received", "acts_a", "acts_b", "acts_c", "acts_d")
    sums: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in days.iter_rows(named=True):
        for name in names:
            if row[name]:
                sums[name][row["mailbox"].partition("@")[0]] += row[name]
    return sums


def test_all_mail_of_a_day(settings: Settings) -> None:
    """Sent by log-in and received, exactly; nobody's act invented by a stranger who writes under their name."""
    port = free_port()
    options = JournalOptions.given({
        "listen": f"127.0.0.1:{port}", "servers": [SERVER], "inside": ["10.0.0.0/8"], "protocol": "lmtp",
    })  # fmt: skip
    own, foreign = letters(random.Random(11))
    journal = Journal(settings, options)
    journal.start()
    with journaled(PEOPLE, f"lmtp:inet:127.0.0.1:{port}") as server:
        send_all(server.ports.submission, own)
        send_all(server.ports.mx, foreign, station="127.0.0.66")
        until(server.queue_empty, "all copies are taken", 120)
    journal.stop()
    said = known(settings)
    assert said["sent"] == said["acts_a"] == Counter(sender for sender, _, _ in own)
    recipients: Counter[str] = Counter()
    for sender, others, _ in own:
        recipients[sender] += len(others)
    assert said["sent_recipients"] == recipients
    received = Counter(other.partition("@")[0] for _, others, _ in (*own, *foreign) for other in others)
    assert said["received"] == received
    assert not any(said[name] for name in ("acts_b", "acts_c", "acts_d"))
    with unit_of_work(settings) as session:
        assert len(session.scalars(select(JournalMessage.key)).all()) == LETTERS + FROM_OUTSIDE
        addresses = set(session.scalars(select(JournalRecipient.address)))
    assert not [address for address in addresses if "journal" in address]
    written = [path for path in settings.home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert written == []


def test_the_journal_is_killed_in_the_middle(settings: Settings) -> None:
    """Postfix keeps what was not answered; after the restart all is there, and nothing is there twice."""
    port = free_port()
    vanthu = str(Path(sys.executable).with_name("vanthu"))
    (settings.home / "vanthu.toml").write_text(f'[mail_audit.journal]\nservers = ["{SERVER}"]\n')
    command = [vanthu, "journal", "--listen", f"127.0.0.1:{port}", "--protocol", "smtp"]
    environment = os.environ | {"VANTHU_HOME": str(settings.home)}
    own, _ = letters(random.Random(5))
    own = own[:600]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def count() -> int:
        with unit_of_work(settings) as session:
            return len(session.scalars(select(JournalMessage.key)).all())

    running = start()
    try:
        with journaled(PEOPLE[:2500], f"smtp:[127.0.0.1]:{port}") as server:
            send_all(server.ports.submission, own[:300])
            until(lambda: count() >= 100, "some copies are taken")
            running.kill()
            running.wait()
            send_all(server.ports.submission, own[300:])
            assert not server.queue_empty()
            running = start()
            until(server.queue_empty, "all copies are taken", 120)
        assert count() == len(own)
        assert known(settings)["sent"] == Counter(sender for sender, _, _ in own)
    finally:
        running.kill()
        running.wait()
