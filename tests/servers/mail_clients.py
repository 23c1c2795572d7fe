"""Real mail clients that speak from a chosen loopback address, so that each stands for a station of its own."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from imapclient import IMAPClient

from tests.servers.mail_settings import DOMAIN, PASSWORD

LONG = 20.0
POP3_REFUSED = poplib.error_proto
Command = Callable[..., tuple[int, bytes]]


def address(person: str) -> str:
    """The address of a local part of the city's domain."""
    return f"{person}@{DOMAIN}"


class _Imap4From(imaplib.IMAP4):
    def __init__(self, port: int, station: str) -> None:
        self._station = station
        super().__init__("127.0.0.1", port, timeout=LONG)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout, (self._station, 0))


class ImapFrom(IMAPClient):  # type: ignore[misc] # it carries no types
    """An IMAPClient whose connection leaves from `station`."""

    def __init__(self, port: int, station: str) -> None:
        self._station = station
        super().__init__("127.0.0.1", port=port, ssl=False, use_uid=True)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 the name IMAPClient calls
        return _Imap4From(self.port, self._station)


class _Pop3From(poplib.POP3):
    def __init__(self, port: int, station: str) -> None:
        self._station = station
        super().__init__("127.0.0.1", port, LONG)

    def _create_socket(self, timeout: float) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout, (self._station, 0))


Session = AbstractContextManager[ImapFrom]
Pop3Session = AbstractContextManager[poplib.POP3]


@contextmanager
def imap(port: int, station: str, person: str, *, log_in: str | None = None) -> Iterator[ImapFrom]:
    """A logged-in IMAP session that ends with LOGOUT; `log_in` is another spelling of the name."""
    client = ImapFrom(port, station)
    client.login(log_in or address(person), PASSWORD)
    yield client
    client.logout()


@contextmanager
def pop3(port: int, station: str, person: str) -> Iterator[poplib.POP3]:
    """A logged-in POP3 session that ends with QUIT."""
    client = _Pop3From(port, station)
    client.user(address(person))
    client.pass_(PASSWORD)
    yield client
    client.quit()


def pop3_bare(port: int, station: str) -> poplib.POP3:
    """A POP3 connection that is not logged in."""
    return _Pop3From(port, station)


def smtp(port: int, station: str, helo: str = "may-tinh.tp.example.gov.vn") -> smtplib.SMTP:
    """An SMTP connection from a station."""
    return smtplib.SMTP("127.0.0.1", port, helo, timeout=LONG, source_address=(station, 0))


def send(
    port: int,
    station: str,
    sender: str,
    recipients: Sequence[str],
    content: bytes,
    *,
    log_in: str | None = None,
    helo: str = "may-tinh.tp.example.gov.vn",
) -> None:
    """Send one message, with AUTH PLAIN when `log_in` is given; every recipient must be taken."""
    with smtp(port, station, helo) as client:
        client.ehlo()
        if log_in is not None:
            client.user, client.password = log_in, PASSWORD
            client.auth("PLAIN", client.auth_plain)
        refused = client.sendmail(sender, list(recipients), content)
    assert refused == {}, refused


def message(
    sender: str,
    to: str,
    subject: str,
    message_id: str,
    *,
    body: str = "Kính gửi các đồng chí.\r\n" * 100,
    more: str = "",
) -> bytes:
    """A message as bytes, its headers exactly as given (a hostile one must stay hostile)."""
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n{more}"
    return f"{head}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}".encode()
