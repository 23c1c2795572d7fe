"""Mail through a real Postfix, encrypted and with a log-in, into a real mailbox; and an audit of that server's log."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from core import db, log
from core.db import unit_of_work
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import create_account, import_roster
from core.directory.services.inviting import invite
from core.mail import MailKind, tell, trying
from core.mail.digests import make_digests
from core.mail.heads import mail_head
from core.mail.links import LONGEST
from core.permissions import command_line_actor
from core.settings import Settings, load
from core.words import Text
from tests.core.mail.post_office import SITE, installed, outbox, read, send_at, text_of
from tests.servers import mail_clients as clients
from tests.servers.certificates import write_certificates
from tests.servers.mail_fixtures import Auditor, counts, demand_servers
from tests.servers.mail_server import MailServer, running, until
from tests.servers.mail_settings import DOMAIN, PASSWORD, Options

pytestmark = pytest.mark.server
SENDER = "vp.may"
"""The service mailbox that Vanthu logs in with; `vp.may` is a machine's in the play too."""
SLOW = "tc.cv2"
"""A mailbox that the server puts off, as a greylist does."""
NOW = datetime.now(UTC).replace(microsecond=0)


def _encrypted(server: MailServer) -> None:
    """STARTTLS at the submission port, no log-in without it, and somebody who is put off."""
    root = server.place.root
    write_certificates(root)
    (root / "put_off").write_text(f"{SLOW}@{DOMAIN} 450 4.2.0 Greylisted\n")
    with (root / "etc" / "main.cf").open("a") as file:
        file.write(
            f"smtpd_tls_cert_file = {root}/server.pem\n"
            f"smtpd_tls_key_file = {root}/server.key\n"
            "smtpd_tls_security_level = may\n"
            "smtpd_tls_auth_only = yes\n"
            f"smtpd_recipient_restrictions = check_recipient_access texthash:{root}/put_off\n"
        )
    with (root / "etc" / "master.cf").open("a") as file:
        file.write("tlsmgr unix - - n 1000? 1 tlsmgr\n")


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    demand_servers()
    with running(Options(), _encrypted) as started:
        yield started


def _roster() -> Roster:
    unit = Unit("Sở Tài chính", "Sở Tài chính", None)
    names = ("tc.gd", "tc.cv1", SLOW, "khong.co")
    boxes = [Mailbox(f"{name}@{DOMAIN}", "personal", unit.key, name, ()) for name in names]
    boxes.append(Mailbox(f"{SENDER}@{DOMAIN}", "service", unit.key, None, ()))
    return Roster(
        {unit.key: unit},
        {name: Official(name, "Bà \r\nBcc: all@out.test Thu") for name in names},
        tuple(Post(name, unit.key, "Chuyên viên", "staff", None, None) for name in names),
        {box.address: box for box in boxes},
    )


@dataclass
class Installation:
    """An installation whose mail goes to the server, and what its log says."""

    settings: Settings
    log: io.StringIO


@pytest.fixture
def installation(tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("VANTHU_MAIL_PASSWORD", PASSWORD)
    made = _installed(tmp_path, server)
    written = io.StringIO()
    log.configure("debug", written)
    with unit_of_work(made) as session:
        import_roster(session, command_line_actor(), roster=_roster())
    yield Installation(made, written)
    db.forget(made)


def _installed(folder: Path, server: MailServer, **more: Any) -> Settings:
    entries: dict[str, Any] = {
        "security": "starttls",
        "user": f"{SENDER}@{DOMAIN}",
        "sender": f"{SENDER}@{DOMAIN}",
        "ca": str(server.place.root / "ca.pem"),
        "heads": f"vp.chung@{DOMAIN}",
        **more,
    }
    installed(folder / "home", server.ports.submission, **entries)
    return load({"VANTHU_HOME": str(folder / "home"), "VANTHU_MAIL_PASSWORD": PASSWORD})


def _mailbox(server: MailServer, person: str) -> list[EmailMessage]:
    until(server.queue_empty, "everything has arrived")
    with clients.imap(server.ports.imap, "127.0.0.9", person) as client:
        client.select_folder("INBOX", readonly=True)
        return [read(data[b"BODY[]"]) for data in client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()]


def test_invited_refused_put_off(installation: Installation, server: MailServer) -> None:
    """Four are invited: two get the message, one is put off, and an address that is none is refused for good."""
    settings = installation.settings
    with unit_of_work(settings) as session:
        done = invite(
            session, command_line_actor(), official_ids=["tc.gd", "tc.cv1", SLOW, "khong.co", "nobody"], now=NOW
        )
    assert (done.made, done.again, [number for number, _ in done.left]) == (4, 0, ["nobody"])
    sent = send_at(settings, NOW)
    assert (sent.sent, sent.put_off, sent.refused) == (2, 1, 1)
    states = {one.address.partition("@")[0]: (one.state, (one.answer or "")[:3]) for one in outbox(settings)}
    assert states == {
        "tc.gd": ("sent", "250"), "tc.cv1": ("sent", "250"), SLOW: ("waiting", "450"), "khong.co": ("refused", "550"),
    }  # fmt: skip
    (message,) = _mailbox(server, "tc.gd")
    assert message["X-Vanthu"] == "core:account:invited"
    assert "Bcc" not in message
    (line,) = [one for one in text_of(message).split("\n") if one.startswith(f"{SITE}/welcome")]
    token = line.partition("key=")[2]
    assert 40 < len(token) < LONGEST
    said = installation.log.getvalue()
    assert said
    assert token not in said
    assert PASSWORD not in said
    assert "khong.co" in said  # in the server's own answer


def test_what_a_client_shows_of_a_day(installation: Installation, server: MailServer) -> None:
    settings = installation.settings
    with unit_of_work(settings) as session:
        made = create_account(
            session, command_line_actor(), name="cv", password="bốn từ chẳng liên quan", official_id="tc.cv1"
        )
        tell(
            session,
            accounts=[made.id],
            kind=MailKind.MAIL_AUDIT_CONTEST_ANSWERED,
            said=Text("Đề nghị số 1 đã có trả lời.", "Request no. 1 has an answer."),
            thing="contest:1",
            now=NOW,
        )
    make_digests(settings, day=NOW.date(), now=NOW)
    assert send_at(settings, NOW).sent == 1
    message = _mailbox(server, "tc.cv1")[-1]
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert "Đề nghị số 1 đã có trả lời." in text_of(message, kind)
    assert "Kính gửi Ông/Bà Bà \ufffd\ufffdBcc: all@out.test Thu," in text_of(message)


def test_the_trail_is_held_against_the_mailed_head(
    installation: Installation, server: MailServer, tmp_path: Path
) -> None:
    """The file of the mailbox, as it lies on the server, is what `vanthu trail verify --against` takes."""
    settings = installation.settings
    assert mail_head(settings, day=NOW.date(), now=NOW)
    assert not mail_head(settings, day=NOW.date(), now=NOW)
    assert send_at(settings, NOW).sent == 1
    until(server.queue_empty, "everything has arrived")
    kept = max((server.place.home("vp.chung") / "mail" / "new").iterdir(), key=lambda path: path.stat().st_mtime)
    run = subprocess.run(
        [Path(sys.executable).with_name("vanthu"), "trail", "verify", "--against", str(kept)],
        env={"VANTHU_HOME": str(settings.home), "VANTHU_LANGUAGE": "en", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "contains every head noted outside (1)" in run.stdout, run.stderr


def test_a_certificate_that_is_not_the_servers(installation: Installation, server: MailServer, tmp_path: Path) -> None:
    """Nothing is sent, and no password was shown: the server saw no log-in."""
    before = len(server.lines())
    wrong = _installed(tmp_path, server, ca=str(server.place.root / "other_ca.pem"))
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        trying.send(wrong, address=f"tc.gd@{DOMAIN}", now=NOW)
    plain = _installed(tmp_path, server, security="none")
    with pytest.raises(Exception, match="SMTPNotSupportedError"):  # AUTH is not offered without encryption
        trying.send(plain, address=f"tc.gd@{DOMAIN}", now=NOW)
    assert not [line for line in server.lines()[before:] if "sasl_username" in line]


def test_a_wrong_password_is_said_without_the_password(
    installation: Installation, server: MailServer, tmp_path: Path
) -> None:
    home = installation.settings.home
    wrong = load({"VANTHU_HOME": str(home), "VANTHU_MAIL_PASSWORD": "sai-mat-khau-4711"})
    with pytest.raises(Exception, match="535 log-in refused") as refused:
        trying.send(wrong, address=f"tc.gd@{DOMAIN}", now=NOW)
    assert "4711" not in str(refused.value)
    assert "4711" not in installation.log.getvalue()


def test_no_official_uses_mail_because_of_it(installation: Installation, server: MailServer, audit: Auditor) -> None:
    """An audit of the server's log: what Vanthu sent is a service mailbox's, and whoever only got it does nothing."""
    settings = installation.settings
    assert trying.send(settings, address=f"gt.gd@{DOMAIN}", now=NOW).startswith("250")
    until(server.queue_empty, "everything has arrived")
    officials = counts(audit(*server.logs), ("received", "sent", "class"))
    assert officials["gt.gd"] == {"received": 1, "sent": 0, "class": "none"}
    assert {one["sent"] for one in officials.values()} == {0}
