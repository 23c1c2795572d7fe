"""Peers of every kind at a real server: polite, stalling, lying, and those that hang up."""

from __future__ import annotations

import io
import logging
import re
import smtplib
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import func, select

from core.db import unit_of_work
from core.log import configure
from core.settings import Settings, SettingsError
from mail_audit.collectors.journal import answers
from mail_audit.models import JournalMessage, JournalRecipient
from tests.mail_audit.journal.cases import SECRET, content_of
from tests.mail_audit.journal.conftest import Talk, taking
from tests.servers.loopback import wait_until

LETTER = content_of("postfix-submitted")


def kept(settings: Settings) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).select_from(JournalMessage)) or 0


def test_a_copy_is_kept_before_it_is_answered(settings: Settings, talk: Talk) -> None:
    with taking(settings) as (_, port):
        peer = talk(port)
        assert peer.give(LETTER) == answers.KEPT
        with unit_of_work(settings) as session:
            [row] = session.scalars(select(JournalMessage))
            assert (row.proof, row.log_in) == ("login", "xd.cv1@tp.example.gov.vn")
            assert session.scalars(select(JournalRecipient.address)).all() == ["yt.gd@tp.example.gov.vn"]
        assert peer.give(LETTER) == answers.KEPT
        assert kept(settings) == 1
        assert peer.say(b"QUIT") == answers.BYE
        assert peer.hear() == ""


def test_lmtp_answers_every_recipient(settings: Settings, talk: Talk) -> None:
    with taking(settings, protocol="lmtp") as (_, port):
        peer = talk(port, greet=b"LHLO")
        assert peer.say(b"MAIL FROM:<>") == answers.SENDER_OK
        for name in (b"an", b"binh", b"chi"):
            assert peer.say(b"RCPT TO:<journal+%s=x.test@journal.invalid>" % name) == answers.RECIPIENT_OK
        assert peer.say(b"DATA") == answers.GO_AHEAD
        peer.socket.sendall(LETTER)
        assert [peer.hear() for _ in range(3)] == [answers.KEPT] * 3
        assert peer.say(b"NOOP") == answers.OK
        assert peer.say(b"EHLO x").startswith("500 ")


def test_commands_may_come_all_at_once(settings: Settings, talk: Talk) -> None:
    """Two copies and a farewell in one packet; what stands behind the end of a copy is a command."""
    with taking(settings) as (_, port):
        peer = talk(port)
        envelope = b"MAIL FROM:<a@x.test>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\n"
        second = LETTER.replace(b"postfix-submitted@", b"another@")
        peer.socket.sendall(envelope + LETTER + envelope + second + b"QUIT\r\n")
        said = [answers.SENDER_OK, answers.RECIPIENT_OK, answers.GO_AHEAD, answers.KEPT]
        assert [peer.hear() for _ in range(10)] == [*said, *said, answers.BYE, ""]
        assert kept(settings) == 2


ODD_COMMANDS = [
    (b"DATA", answers.WRONG_ORDER),
    (b"RCPT TO:<journal@journal.invalid>", answers.WRONG_ORDER),
    (b"MAIL FROM:a@x.test", answers.BAD_SENDER),
    (b"MAIL FROM:<a b@x.test>", answers.BAD_SENDER),
    (b"MAIL", answers.BAD_SENDER),
    (b"MAIL FROM:<a@x.test> SIZE=99999999999", answers.TOO_LARGE),
    (b"MAIL FROM:<a@x.test> SIZE=" + b"9" * 100, answers.TOO_LARGE),
    (b"MAIL FROM:<a@x.test> SIZE=x", answers.BAD_PARAMETER),
    (b"MAIL FROM:<a@x.test> BODY=BINARYMIME", answers.BAD_PARAMETER),
    (b"MAIL FROM:<a@x.test> BODY=8BITMIME SMTPUTF8 SIZE=12", answers.SENDER_OK),
    ("MAIL FROM:<nguyễn@x.test>".encode(), answers.SENDER_OK),
    (b"MAIL FROM:<\xff\xfe@x.test>", answers.BAD_SENDER),
    (b"MAIL FROM:<a\0@x.test>", answers.BAD_SENDER),
    (b"AUTH PLAIN AGEAYg==", answers.NOT_HERE),
    (b"EXPN all", answers.NOT_HERE),
    (b"HELP", answers.NOT_HERE),
    (b"VRFY xd.cv1", answers.NOT_CHECKED),
    (b"STARTTLS", answers.NOT_HERE),
    (b"BDAT 10 LAST", answers.NOT_UNDERSTOOD),
    (b"\xc3\x81 x", answers.NOT_UNDERSTOOD),
    (b"", answers.NOT_UNDERSTOOD),
    (b"NOOP " + b"x" * 5000, answers.NOT_UNDERSTOOD),
    (b"NOOP " + b"x" * 500_000, answers.NOT_UNDERSTOOD),
]
ODD_RECIPIENTS = [
    (b"<xd.cv1@tp.example.gov.vn>", answers.NO_SUCH_ADDRESS),
    (b"<journal@JOURNAL.invalid>", answers.RECIPIENT_OK),
    (b"<journal@journal.invalid> ORCPT=rfc822;x", answers.BAD_PARAMETER),
    (b"<journal>", answers.BAD_RECIPIENT),
    (b"<>", answers.BAD_RECIPIENT),
    (b"<" + b"a" * 400 + b"@journal.invalid>", answers.BAD_RECIPIENT),
]


def test_what_is_said_to_odd_commands(settings: Settings, talk: Talk) -> None:
    with taking(settings) as (_, port):
        said = [(command, talk(port).say(command)) for command, _ in ODD_COMMANDS]
    assert said == ODD_COMMANDS


def test_mail_that_went_astray_is_not_swallowed(settings: Settings, talk: Talk) -> None:
    """A server that sends its mail here by mistake gets it back."""
    with taking(settings) as (_, port):
        peer = talk(port)
        peer.say(b"MAIL FROM:<>")
        said = [(recipient, peer.say(b"RCPT TO:" + recipient)) for recipient, _ in ODD_RECIPIENTS]
    assert said == ODD_RECIPIENTS


def test_copies_with_their_own_recipients_may_be_allowed(settings: Settings, talk: Talk) -> None:
    with taking(settings, domains=["*"]) as (_, port):
        peer = talk(port)
        peer.say(b"MAIL FROM:<>")
        assert peer.say(b"RCPT TO:<TC.GD@tp.example.gov.vn>") == answers.RECIPIENT_OK
        peer.say(b"DATA")
        peer.socket.sendall(LETTER)
        assert peer.hear() == answers.KEPT
        with unit_of_work(settings) as session:
            assert session.scalars(select(JournalRecipient.address)).all() == ["tc.gd@tp.example.gov.vn"]


def test_strangers_stay_outside(settings: Settings, talk: Talk) -> None:
    with taking(settings, networks=["10.0.0.0/8"]) as (_, port):
        peer = talk(port, greet=None)
        assert [peer.hear(), peer.hear()] == [answers.NOT_ALLOWED, ""]


def test_only_so_many_at_once(settings: Settings, talk: Talk) -> None:
    with taking(settings, connections=3) as (_, port):
        first, *_ = [talk(port) for _ in range(3)]
        assert talk(port, greet=None).hear() == answers.TOO_MANY_CONNECTIONS
        first.say(b"QUIT")
        wait_until(lambda: talk(port, greet=None).hear().startswith("220 "), "a place is free")


def test_a_unix_socket(settings: Settings, talk: Talk, tmp_path: Path) -> None:
    path = tmp_path / "j.sock"
    with taking(settings, listen=f"unix:{path}", protocol="lmtp"):
        assert path.stat().st_mode & 0o777 == 0o660
        assert talk(str(path), greet=b"LHLO").give(LETTER) == answers.KEPT
    assert not path.exists()
    assert kept(settings) == 1


@pytest.mark.parametrize(
    "before",
    [
        b"MAIL FROM:<a@x.test>\r\n",
        b"MAIL FROM:<a@x.test>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\n" + LETTER[:-5],
        b"MAIL FROM:<a@x.test>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\n" + LETTER[:-1],
        b"NOO",
    ],
)
def test_who_hangs_up_leaves_nothing(settings: Settings, talk: Talk, before: bytes) -> None:
    with taking(settings) as (journal, port):
        for _ in range(20):
            peer = talk(port)
            peer.socket.sendall(before)
            peer.close()
        wait_until(lambda: not journal._door.open, "all are gone")
        assert talk(port).give(LETTER) == answers.KEPT
        assert journal.taken == 1


def test_who_is_silent_is_left(settings: Settings, talk: Talk) -> None:
    with taking(settings, stall_seconds=1) as (journal, port):
        peers = [talk(port) for _ in range(3)]
        peers[0].socket.sendall(b"MAIL FROM:<a@x.test>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\nSubject: x")
        assert talk(port).give(LETTER) == answers.KEPT
        wait_until(lambda: not journal._door.open, "silent peers are left", seconds=10)


def test_too_large_a_copy_is_refused_at_its_end(settings: Settings, talk: Talk) -> None:
    """Whatever SIZE said before; and the connection is as good as it was."""
    with taking(settings, size_megabytes=1) as (_, port):
        peer = talk(port)
        assert peer.give(LETTER[:-3] + b"x" * 1_100_000 + b"\r\n.\r\n") == answers.TOO_LARGE
        assert peer.give(LETTER) == answers.KEPT
        assert kept(settings) == 1


def test_who_never_ends_is_cut_off(settings: Settings, talk: Talk) -> None:
    with taking(settings, size_megabytes=1) as (journal, port):
        peer = talk(port)
        for command in (b"MAIL FROM:<>", b"RCPT TO:<journal@journal.invalid>", b"DATA"):
            peer.say(command)
        with pytest.raises(OSError, match=re.compile("reset|pipe", re.IGNORECASE)):  # noqa: PT012
            for _ in range(10_000):
                peer.socket.sendall(b"x" * 65536)
        wait_until(lambda: not journal._door.open, "it is gone")


@pytest.mark.parametrize(
    "content",
    [
        b".\r\n",
        b"\0" * 100_000 + b"\r\n.\r\n",
        b"Subject: \xff\xfe\r\n\r\n" + bytes(range(256)) * 100 + b"\r\n.\r\n",
        b"a" * 1_000_000 + b"\r\n.\r\n",
        b"Subject: x\n\nMAIL FROM:<b@x.test>\n.\n\r\n.\r\n",
        b"Received: x\r\n" * 50_000 + b".\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n" * 1000 + b"\r\n--b\r\n.\r\n",
    ],
)
def test_hostile_copies_are_kept_as_what_they_are(settings: Settings, talk: Talk, content: bytes) -> None:
    with taking(settings) as (_, port):
        peer = talk(port)
        assert peer.give(content) == answers.KEPT
        assert peer.say(b"NOOP") == answers.OK
        assert kept(settings) == 1


def test_a_stalled_copy_holds_nobody_up(settings: Settings, talk: Talk) -> None:
    with taking(settings) as (_, port):
        slow = [talk(port) for _ in range(50)]
        for peer in slow:
            peer.socket.sendall(b"MAIL FROM:<a@x.test>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\n" + LETTER[:90])
        quick, start = talk(port), time.monotonic()
        for number in range(50):
            assert quick.give(LETTER.replace(b"postfix-submitted@", b"%d@" % number)) == answers.KEPT
        assert time.monotonic() - start < 10
        for peer in slow:
            peer.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the program and its libraries log, at the lowest level."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    configure("debug", written)
    root.setLevel(logging.DEBUG)
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_no_word_of_a_letter_is_written(
    settings: Settings, talk: Talk, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor when a peer loses its place and sends a letter as commands."""
    with taking(settings) as (_, port):
        for content in (LETTER, content_of("exchange-to-cc-bcc")):
            assert talk(port).give(content) == answers.KEPT
        lost = talk(port)
        lost.socket.sendall(b"DATA\r\n" + LETTER + f"{SECRET}\r\nMAIL FROM:<{SECRET}>\r\n".encode())
        while lost.hear():
            pass
    written = log.getvalue() + "".join(capfd.readouterr())
    assert "journal ended" in written
    assert SECRET not in written
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_every_answer_is_a_named_one() -> None:
    """What the library itself would say is said in our words, and nothing that a peer said is said again."""
    assert answers.ours('500 Error: command "BÍ-MẬT" not recognized') == answers.NOT_UNDERSTOOD
    assert answers.ours(answers.DISK_FULL) == answers.DISK_FULL
    assert all(re.fullmatch(r"[2345]\d\d( [245]\.\d\.\d+)? [ -~]+", text.format(host="h")) for text in answers.ALL)


def test_copies_may_come_encrypted(settings: Settings, talk: Talk, tmp_path: Path) -> None:
    """STARTTLS, after which nothing is left of what was said before."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*made, "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    with taking(settings, certificate=str(certificate), key=str(key)) as (_, port):
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            context = ssl.create_default_context(cafile=str(certificate))
            context.check_hostname = False
            client.starttls(context=context)
            client.sendmail("xd.cv1@tp.example.gov.vn", ["journal@journal.invalid"], LETTER[:-3])
        assert kept(settings) == 1
        assert talk(port).say(b"STARTTLS").startswith("220 ")


def test_a_certificate_that_will_not_do_is_named(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.pem"), taking(settings, certificate="nowhere.pem"):
        pass
