"""A document is answered by e-mail through a real Postfix: by its leader, by a stranger, and with a door that dies."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db
from core.audit import AuditEntry
from core.db import unit_of_work
from core.settings import Settings, load
from eoffice.inbound.fetching import fetch_once, keep_fetching
from eoffice.inbound.server import Listener
from eoffice.models import RemarkRow, ReplyMail, TaskRow
from eoffice.replying.options import InboundOptions
from tests.core.mail.post_office import read, text_of
from tests.eoffice.inbound.conftest import SETTINGS, fill, submit
from tests.eoffice.services.conftest import PEOPLE
from tests.servers.loopback import free_port
from tests.servers.mail_answers import answer_to, letter_about, letters_of, send_as, with_door
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_server import MailServer, running, until
from tests.servers.mail_settings import DOMAIN, PASSWORD, Options

pytestmark = pytest.mark.server
BY_LMTP, BY_IMAP = "traloi", "thuden"
"""Reply addresses: one that Postfix hands to the door, one that is a mailbox."""
DOOR = free_port()
KILLED_AFTER_COMMIT = """
import os, signal
from eoffice.inbound import server
whole = server.take_message
def take_and_die(*given, **named):
    whole(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
server.take_message = take_and_die
from core.cli import main
main(["eoffice", "inbound", "listen"])
"""


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    demand_servers()
    with running(Options(), with_door((*PEOPLE, BY_IMAP), door=DOOR, reply_to=BY_LMTP)) as started:
        yield started


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path, server: MailServer) -> Iterator[Settings]:
    """An installation whose draft waits for its deputy director; every box of the server is emptied."""
    local = getattr(request, "param", BY_LMTP)
    for name in PEOPLE:
        for letter in letters_of(server, name):
            letter.unlink()
    home = tmp_path / "home"
    home.mkdir()
    text = SETTINGS.replace('127.0.0.1:25"', f'127.0.0.1:{server.ports.mx}"').replace(
        "127.0.0.1:2526", f"127.0.0.1:{DOOR}"
    )
    text = text.replace("traloi@", f"{local}@")
    dovecot = f'"mail", "{socket.gethostname().lower()}", "localhost"]'  # by its own name, whatever that is here
    text = text.replace('"localhost"]', dovecot)
    text += f'imap = "127.0.0.1:{server.ports.imap}"\nsecurity = "none"\nuser = "{BY_IMAP}@{DOMAIN}"\n'
    (home / "vanthu.toml").write_text(text)
    made = load({"VANTHU_HOME": str(home), "VANTHU_INBOUND_PASSWORD": PASSWORD})
    fill(made)
    submit(made)
    yield made
    db.forget(made)


def _from_outside(server: MailServer, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", server.ports.mx, source_address=("127.0.0.66", 0)) as client:
        client.send_message(message)


def _outcomes(settings: Settings) -> list[str]:
    with unit_of_work(settings) as session:
        return list(session.scalars(select(ReplyMail.outcome).order_by(ReplyMail.id)))


def _decided(settings: Settings) -> list[tuple[str | None, str | None]]:
    with unit_of_work(settings) as session:
        tasks = session.scalars(select(TaskRow).where(TaskRow.decision.is_not(None)).order_by(TaskRow.id))
        return [(one.decision, one.via) for one in tasks]


@pytest.fixture
def door(settings: Settings) -> Iterator[Listener]:
    listener = Listener(settings, InboundOptions.of(settings))
    listener.start()
    yield listener
    listener.stop()


@pytest.mark.usefixtures("door")
def test_a_leader_answers_by_e_mail(settings: Settings, server: MailServer) -> None:
    """The letter says what it is about; the answer is done; a second one, and a stranger's, change nothing."""
    letter = letter_about(settings, server, "binh", "V/v kiểm tra")
    text = text_of(letter)
    for words in ("V/v kiểm tra", "Người soạn: An", "Kính đề nghị các đơn vị", "Cách trả lời", "chưa mở văn bản"):
        assert words in text
    assert letter["Reply-To"].startswith(f"{BY_LMTP}+")
    _from_outside(server, answer_to(letter, "Đồng ý", sender="binh"))
    until(lambda: _outcomes(settings) == ["forged"], "the forged answer is taken")
    assert _decided(settings) == []
    send_as(server, answer_to(letter, "Đồng ý, cho trình ký", sender="binh"), "binh")
    until(lambda: _outcomes(settings) == ["forged", "agreed"], "the answer is taken")
    assert _decided(settings) == [("agree", "mail")]
    send_as(server, answer_to(letter, "Trả lại: nhầm", sender="binh"), "binh")
    until(lambda: len(_outcomes(settings)) == 3, "the second answer is taken")
    assert (_outcomes(settings)[-1], _decided(settings)) == ("used", [("agree", "mail")])
    assert "Chưa có gì thay đổi" in text_of(letter_about(settings, server, "binh", "Chưa ghi nhận gì"))
    assert "Đã ghi nhận: đồng ý" in letter_about(settings, server, "binh", "Đã ghi nhận")["Subject"]
    next_letter = letter_about(settings, server, "dung", "V/v kiểm tra")
    send_as(server, answer_to(next_letter, "Đồng ý", sender="chi"), "chi")
    until(lambda: _outcomes(settings)[-1] == "foreign", "the letter that was passed on is refused")
    with unit_of_work(settings) as session:
        assert [one.text for one in session.scalars(select(RemarkRow))] == ["cho trình ký"]
        trail = [(one.actor, one.action) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert trail[1:] == [
        ("mail", "eoffice:reply:refuse"), ("binh", "eoffice:draft:agree"), ("mail", "eoffice:reply:refuse"),
    ]  # fmt: skip


def test_the_door_dies_after_the_commit(settings: Settings, server: MailServer) -> None:
    """Postfix got no 250 and comes again: known again, one decision, one answer."""
    letter = letter_about(settings, server, "binh", "V/v kiểm tra")
    environment = os.environ | {"VANTHU_HOME": str(settings.home)}
    dying = subprocess.Popen([sys.executable, "-c", KILLED_AFTER_COMMIT], env=environment, stderr=subprocess.DEVNULL)
    try:
        send_as(server, answer_to(letter, "Đồng ý", sender="binh"), "binh")
        until(lambda: dying.poll() is not None, "the door dies")
    finally:
        dying.kill()
        dying.wait()
    assert not server.queue_empty()
    listener = Listener(settings, InboundOptions.of(settings))
    listener.start()
    until(server.queue_empty, "Postfix is rid of the message")
    listener.stop()
    assert (_outcomes(settings), _decided(settings)) == (["agreed"], [("agree", "mail")])
    letter_about(settings, server, "binh", "Đã ghi nhận")
    assert len([one for one in letters_of(server, "binh") if "Đã ghi nhận" in read(one.read_bytes())["Subject"]]) == 1


@pytest.mark.parametrize("settings", [BY_IMAP], indirect=True)
def test_fetched_by_imap(settings: Settings, server: MailServer) -> None:
    """Fetched at once as IDLE tells of it, moved away, and not fetched again."""
    letter = letter_about(settings, server, "binh", "V/v kiểm tra")
    options, told = InboundOptions.of(settings), threading.Event()
    fetching = threading.Thread(target=keep_fetching, args=(settings, options, told))
    fetching.start()
    try:
        send_as(server, answer_to(letter, "Ý kiến: bổ sung thời hạn", sender="binh"), "binh")
        until(lambda: _outcomes(settings) == ["opinion"], "the opinion is fetched")
        again = letter_about(settings, server, "binh", "Đã ghi nhận ý kiến")
        send_as(server, answer_to(again, "Đồng ý", sender="binh"), "binh")
        until(lambda: _outcomes(settings) == ["opinion", "agreed"], "the decision is fetched")
        until(lambda: not list((server.place.home(BY_IMAP) / "mail").glob("[cn]*/*")), "the folder is empty")
    finally:
        told.set()
        fetching.join()
    assert fetch_once(settings, options) == 0
    assert _decided(settings) == [("agree", "mail")]
