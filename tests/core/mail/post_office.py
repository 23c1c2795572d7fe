"""A mail server on loopback that keeps what it is given and answers as it is told; and an installation that uses it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from argon2 import PasswordHasher
from sqlalchemy import select

from core.db import unit_of_work
from core.directory.models import Account
from core.directory.services import accounts, import_roster, inviting
from core.mail.models import OutgoingMail
from core.mail.sending import Sent, send_waiting
from core.permissions import command_line_actor
from core.settings import Settings, load
from core.words import Language
from tests.servers.loopback import free_port
from tests.web import town

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, eight in the morning where the offices are."""
SITE = "https://vanthu.tp.example.gov.vn"
SENDER = "vanthu@tp.example.gov.vn"


@dataclass
class PostOffice:
    """What was taken; `says` holds the answers still to be given to RCPT and to the end of DATA, then all is well."""

    port: int = field(default_factory=free_port)
    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    rcpt_says: list[str] = field(default_factory=list)
    data_says: list[str] = field(default_factory=list)
    connections: int = 0
    kills: int | None = None
    """The process that is killed when its message is taken, before it learns so."""

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.rcpt_says.pop(0) if self.rcpt_says else "250 2.1.5 Ok"
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = self.data_says.pop(0) if self.data_says else "250 2.0.0 Ok: queued as 4ABC"
        if said.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.raw.append(content)
            self.taken.append(read(content))
            self.senders.append(envelope.mail_from or "")
            self.addresses += envelope.rcpt_tos
        if self.kills is not None:
            os.kill(self.kills, signal.SIGKILL)
        return said


def read(content: bytes) -> EmailMessage:
    """A message as a client reads it."""
    return BytesParser(policy=default).parsebytes(content)


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as always, at a thousandth of the cost."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", cheap)
    monkeypatch.setattr(inviting, "PasswordHasher", lambda: cheap)


@contextmanager
def open_office() -> Iterator[PostOffice]:
    """A server that answers until the block ends."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=office.port, server_hostname="mx.tp.example.gov.vn")
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def installed(home: Path, port: int, *, language: Language = "vi", **more: Any) -> Settings:
    """An installation whose mail goes to `port`; `more` are entries of the table."""
    entries: dict[str, Any] = {
        "server": f"127.0.0.1:{port}",
        "security": "none",
        "sender": SENDER,
        "site": SITE,
        **more,
    }
    home.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{name} = {str(one).lower() if isinstance(one, bool | int) else repr(one)}" for name, one in entries.items()
    ]
    (home / "vanthu.toml").write_text("[mail]\n" + "\n".join(lines) + "\n", "utf-8")
    return load({"VANTHU_HOME": str(home), "VANTHU_JOB_SILENCE": "5", "VANTHU_LANGUAGE": language})


def fill(settings: Settings) -> None:
    """Import the town's directory."""
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=town.roster())


def account_named(settings: Settings, name: str) -> Account:
    """The account."""
    with unit_of_work(settings) as session:
        return session.scalars(select(Account).where(Account.name == name)).one()


def outbox(settings: Settings) -> list[OutgoingMail]:
    """Every message there is, the oldest first."""
    with unit_of_work(settings) as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def send_at(settings: Settings, moment: datetime, most: int = 100) -> Sent:
    """Send what is due at `moment`."""
    return send_waiting(settings, most=most, clock=lambda: moment, tell=lambda _done: None)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """One part of a message as it is read."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
