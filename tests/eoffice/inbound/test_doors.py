"""The SMTP and LMTP doors: who may come in, one recipient, every answer one of ours, nothing lost when it fails."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.errors import UnavailableError
from core.settings import load
from eoffice.inbound import answers, server
from eoffice.inbound.server import Listener
from eoffice.replying.options import InboundOptions
from tests.eoffice.inbound.conftest import ADDRESS, DOMAIN, Office
from tests.eoffice.inbound.test_corpus import BLANK, MAILS
from tests.servers.loopback import free_port


def listening(office: Office, **changed: object) -> Listener:
    options = replace(InboundOptions.of(office.settings), listen=f"127.0.0.1:{free_port()}", **changed)  # type: ignore[arg-type]
    made = Listener(office.settings, options)
    made.start()
    return made


@pytest.fixture(params=["lmtp", "smtp"])
def door(request: pytest.FixtureRequest, office: Office) -> Iterator[Listener]:
    with (office.settings.home / "vanthu.toml").open("a") as file:
        file.write("size_limit = 20000\n")
    small = Office(load({"VANTHU_HOME": str(office.settings.home)}), office.token)
    made = listening(small, protocol=request.param)
    yield made
    made.stop()


def client(door: Listener) -> smtplib.SMTP:
    kind = smtplib.LMTP if door.options.protocol == "lmtp" else smtplib.SMTP
    made = kind("127.0.0.1", int(door.options.listen.rpartition(":")[2]))
    made.ehlo_or_helo_if_needed()
    return made


def said(answer: tuple[int, bytes]) -> str:
    return f"{answer[0]} {answer[1].decode()}"


def message(office: Office, name: str = "agree_without_marks") -> bytes:
    return (MAILS / f"{name}.eml").read_bytes().replace(BLANK, office.token.encode())


def test_answers_of_a_message_that_is_taken(office: Office, door: Listener) -> None:
    with client(door) as line:
        assert said(line.mail(f"binh@{DOMAIN}")) == answers.SENDER_OK
        assert said(line.rcpt("ai@out.test")) == answers.NO_SUCH_ADDRESS
        assert said(line.rcpt(f"traloi+{office.token}@{DOMAIN}")) == answers.RECIPIENT_OK
        assert said(line.rcpt(ADDRESS)) == answers.TOO_MANY_RECIPIENTS
        assert said(line.data(message(office))) == answers.TAKEN
    assert [(one.outcome, one.door) for one in office.mails()] == [("agreed", "smtp")]


def test_a_bounce_is_taken_and_never_answered(office: Office, door: Listener) -> None:
    with client(door) as line:
        assert said(line.mail("<>")) == answers.SENDER_OK
        assert said(line.rcpt(ADDRESS)) == answers.RECIPIENT_OK
        assert said(line.data(message(office))) == answers.TAKEN
    assert [(one.outcome, one.account) for one in office.mails()] == [("automatic", None)]


def test_too_large_is_told_by_mail_and_endless_is_refused(office: Office, door: Listener) -> None:
    with client(door) as line:
        line.mail(f"binh@{DOMAIN}")
        line.rcpt(ADDRESS)
        assert said(line.data(message(office) + b"x" * 70 * 300 + b"\r\n")) == answers.TAKEN
        line.mail(f"binh@{DOMAIN}")
        line.rcpt(ADDRESS)
        assert said(line.data(message(office) + (b"x" * 70 + b"\r\n") * 1_000)) == answers.TOO_LARGE
    assert [(one.outcome, one.account) for one in office.mails()] == [("too_large", 2)]


def test_what_is_no_command_is_answered_in_our_words(door: Listener) -> None:
    with client(door) as line:
        for command in ("XYZZY <script>", "MAIL", "RCPT TO:<x@y.z>", "DATA", "AUTH PLAIN x", "MAIL FROM:<\x01>"):
            line.putcmd(command)
            assert said(line.getreply()) in answers.ALL


def test_nothing_is_lost_when_the_database_fails(
    office: Office, door: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no disk")

    with monkeypatch.context() as failing, client(door) as line:
        failing.setattr(server, "take_message", broken)
        line.mail(f"binh@{DOMAIN}")
        line.rcpt(ADDRESS)
        assert said(line.data(message(office))) == answers.NOT_NOW
    assert office.mails() == []


def test_strangers_are_sent_away(office: Office) -> None:
    made = listening(office, networks=("10.0.0.0/8",))
    try:
        with client(made) as line:
            assert said(line.mail(f"binh@{DOMAIN}")) == answers.NOT_ALLOWED
    finally:
        made.stop()


def test_too_many_at_once(office: Office) -> None:
    made = listening(office, connections=1)
    try:
        with (
            client(made),
            socket.create_connection(("127.0.0.1", int(made.options.listen.rpartition(":")[2]))) as other,
        ):
            assert other.recv(1_000).decode().strip() == answers.TOO_MANY_CONNECTIONS
    finally:
        made.stop()


def test_a_port_that_is_taken_is_said_at_once(office: Office, door: Listener) -> None:
    with pytest.raises(UnavailableError):
        Listener(office.settings, door.options).start()
