"""A mail server whose people answer documents by e-mail: their mailboxes, the way to the door, letters and answers."""

from __future__ import annotations

import os
import pwd
import smtplib
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from core.db import utc_now
from core.mail.sending import send_waiting
from core.settings import Settings
from tests.core.mail.post_office import read, text_of
from tests.servers.mail_server import MailServer, until
from tests.servers.mail_settings import DOMAIN, OWNER, PASSWORD
from tests.servers.mail_settings import PEOPLE as KNOWN


def with_door(names: Iterable[str], *, door: int, reply_to: str) -> Callable[[MailServer], None]:
    """Mailboxes of `names`; mail to `reply_to` leaves by LMTP for port `door`; who logged in stands in `Received`."""

    def prepare(server: MailServer) -> None:
        root, owner = server.place.root, pwd.getpwnam(OWNER)
        added = [name for name in (*names, reply_to) if name not in KNOWN]
        with (root / "passwd").open("a") as file:
            for name in added:
                home = server.place.home(name)
                file.write(f"{name}@{DOMAIN}:{{PLAIN}}{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::{home}::\n")
        with (root / "mailboxes").open("a") as file:
            file.write("".join(f"{name}@{DOMAIN} {name}\n" for name in added))
        (root / "transport").write_text(f"{reply_to}@{DOMAIN} lmtp:inet:127.0.0.1:{door}\n")
        with (root / "etc" / "main.cf").open("a") as file:
            file.write(f"smtpd_sasl_authenticated_header = yes\ntransport_maps = texthash:{root}/transport\n")

    return prepare


def letters_of(server: MailServer, name: str) -> list[Path]:
    """The files of the letters in somebody's mailbox."""
    folder = server.place.home(name) / "mail"
    return [path for path in folder.glob("*/*") if path.parent.name in {"new", "cur"}]


def letter_about(settings: Settings, server: MailServer, name: str, words: str) -> EmailMessage:
    """The letter in that mailbox whose subject has these words, after everything that waits was sent."""
    now = utc_now() + timedelta(days=2)
    assert send_waiting(settings, clock=lambda: now, tell=lambda _: None).away == ""

    def found() -> list[EmailMessage]:
        letters = [read(path.read_bytes()) for path in letters_of(server, name)]
        return [letter for letter in letters if words in letter["Subject"]]

    until(lambda: bool(found()), f"a letter about {words}")
    return found()[-1]


def answer_to(letter: EmailMessage, words: str, *, sender: str) -> EmailMessage:
    """What a mail program makes of an answer to `letter`."""
    made = EmailMessage()
    made["From"], made["To"] = f"{sender}@{DOMAIN}", letter["Reply-To"]
    made["Subject"], made["In-Reply-To"] = f"Re: {letter['Subject']}", letter["Message-ID"]
    made["Message-ID"] = f"<{os.urandom(8).hex()}@{DOMAIN}>"
    quoted = "".join(f"> {line}\n" for line in text_of(letter).splitlines())
    made.set_content(f"{words}\n\nVào 23/11/2026 09:00, Vanthu đã viết:\n{quoted}")
    return made


def send_as(server: MailServer, message: EmailMessage, login: str) -> None:
    """Send it as whoever logs in."""
    with smtplib.SMTP("127.0.0.1", server.ports.submission) as client:
        client.login(f"{login}@{DOMAIN}", PASSWORD)
        client.send_message(message)
