"""The connection to an IMAP server: only the commands of the census go out, and no answer is without end.

imaplib reads whatever a server sends, for as long as it drips, and imapclient notes every line for a debugging log.
Here each command has its seconds and its bytes, each mailbox its own, and a line that is not one of `ALLOWED` is
refused before it is sent. No line is noted anywhere: among them is a password.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import imapclient

Security = Literal["tls", "starttls", "plain"]

_STRING = rb'"(?:[^"\\\r\n\x00\x80-\xff]|\\["\\])*"'
ALLOWED = re.compile(
    b"|".join(
        (
            b"CAPABILITY",
            b"STARTTLS",
            b"AUTHENTICATE PLAIN",
            b"LOGIN " + _STRING + b" " + _STRING,
            b'LIST "" ' + _STRING,
            b"EXAMINE " + _STRING,
            rb"UID SEARCH (?:RETURN \(MIN COUNT\) )?(?:UNSEEN|ANSWERED)(?: BEFORE \d{1,2}-[A-Z][a-z]{2}-\d{4})?",
            rb"UID FETCH (?:\*|\d{1,10}) \(INTERNALDATE\)",
            b"LOGOUT",
        )
    )
)
"""Every command that may be sent, behind its tag. EXAMINE opens read-only; none of them can change a mailbox."""
_TAG = re.compile(rb"[A-Z]+\d+ ")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")

LONGEST_LINE = 4_000_000
"""Bytes of a line: without ESEARCH, half a million unseen messages are listed in one."""
LARGEST_LITERAL = 4_096
"""Bytes: nothing that is asked for comes as a literal but the name of a folder."""
MOST_BYTES = 12_000_000
MOST_LINES = 50_000
"""Of one connection and mailbox."""
LEAVING_SECONDS = 5.0


class ForbiddenCommandError(Exception):
    """A line that is none of the census's commands; it was not sent."""


class TooMuchError(Exception):
    """The server sends more than any answer needs."""


class NotSafeError(Exception):
    """The connection cannot be had encrypted, or the server cannot show who it is."""


@dataclass(slots=True)
class Clock:
    """How long things may take: a command so many seconds, and a mailbox with all its commands so many."""

    command_seconds: float
    mailbox_seconds: float
    _mailbox_ends: float = field(default=0.0, init=False)
    _command_ends: float = field(default=0.0, init=False)

    def start_mailbox(self, seconds: float | None = None) -> None:
        """From now on there are `seconds` (default: all that a mailbox has)."""
        self._mailbox_ends = time.monotonic() + (self.mailbox_seconds if seconds is None else seconds)
        self.start_command()

    def start_command(self) -> None:
        """A command is sent now."""
        self._command_ends = time.monotonic() + self.command_seconds

    def left(self) -> float:
        """Seconds left for what is being waited for; raises `TimeoutError` when there are none."""
        left = min(self._mailbox_ends, self._command_ends) - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def is_over(self) -> bool:
        """Whether the time has run out."""
        return min(self._mailbox_ends, self._command_ends) <= time.monotonic()


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server is and how it is spoken to; `context` is None for plain text, which only loopback may have."""

    host: str
    port: int
    security: Security
    context: ssl.SSLContext | None
    connect_seconds: float


class Wire(imaplib.IMAP4):
    """imaplib's protocol over a socket that is read with a deadline and within bounds."""

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door = door
        self._clock = clock
        self._unread = bytearray()
        self._searched = 0
        self._unsent = b""
        self._secret_asked = False
        self._lines = self._bytes = 0
        try:
            super().__init__(door.host, door.port)
            if door.security == "starttls":
                self._start_tls()
        except BaseException:
            self.shutdown()
            raise

    # what imaplib calls ----------------------------------------------------------------------------------------------

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connects; with TLS from the first byte where the door has it."""
        del timeout
        self.host, self.port = host, port
        self._clock.start_command()
        self.sock = socket.create_connection((host, port), min(self._door.connect_seconds, self._clock.left()))
        if self._door.security == "plain" and not _is_loopback(self.sock):
            raise NotSafeError
        if self._door.security == "tls":
            self._encrypt()

    def readline(self) -> bytes:
        """One line; raises `TooMuchError`, `TimeoutError`."""
        while (end := self._unread.find(b"\n", self._searched)) < 0:
            self._searched = len(self._unread)
            if self._searched > LONGEST_LINE:
                raise TooMuchError
            if not self._fill():
                return b""
        self._lines += 1
        if end > LONGEST_LINE or self._lines > MOST_LINES:
            raise TooMuchError
        return self._taken(end + 1)

    def read(self, size: int) -> bytes:
        """`size` bytes of a literal; raises `TooMuchError`, `TimeoutError`."""
        if size > LARGEST_LITERAL:
            raise TooMuchError
        while len(self._unread) < size:
            if not self._fill():
                return b""
        return self._taken(size)

    def send(self, data: Any) -> None:
        """Sends whole lines, each one looked at; raises `ForbiddenCommandError` and closes the connection."""
        self._unsent += bytes(data)
        while b"\r\n" in self._unsent:
            line, _, self._unsent = self._unsent.partition(b"\r\n")
            if not self._may_go(line):
                self.shutdown()
                raise ForbiddenCommandError
            self.sock.settimeout(self._clock.left())
            self.sock.sendall(line + b"\r\n")

    def shutdown(self) -> None:
        """Closes the connection, whatever state it is in."""
        sock = getattr(self, "sock", None)
        if sock is not None:
            sock.close()

    def interrupt(self) -> None:
        """Ends what another thread waits for here; that thread closes the connection."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def _new_tag(self) -> bytes:
        self._clock.start_command()
        tag: bytes = super()._new_tag()  # type: ignore[misc]
        return tag

    def _log(self, line: object) -> None:
        """Nothing is noted: imaplib would keep the last lines, log-in included."""

    # our own ---------------------------------------------------------------------------------------------------------

    def new_mailbox(self) -> None:
        """The next mailbox over the same connection has its own bounds."""
        self._lines = self._bytes = 0

    def _may_go(self, line: bytes) -> bool:
        if self._secret_asked:
            self._secret_asked = False
            return _BASE64.fullmatch(line) is not None
        tag = _TAG.match(line)
        command = line[tag.end() :] if tag else b""
        self._secret_asked = command == b"AUTHENTICATE PLAIN"
        return ALLOWED.fullmatch(command) is not None

    def _fill(self) -> bool:
        """Reads what is there; False when the server has hung up."""
        self.sock.settimeout(self._clock.left())
        chunk = self.sock.recv(65_536)
        self._unread += chunk
        self._bytes += len(chunk)
        if self._bytes > MOST_BYTES:
            raise TooMuchError
        return bool(chunk)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        self._searched = 0
        return taken

    def _start_tls(self) -> None:
        """STARTTLS, or nothing: a server that cannot, or that somebody stands before, gets no password."""
        if "STARTTLS" not in self.capabilities or self.state != "NONAUTH":
            raise NotSafeError
        status, _ = self._simple_command("STARTTLS")
        if status != "OK" or self._unread:  # what came unencrypted behind the answer is not the server's word
            raise NotSafeError
        self._encrypt()
        self.untagged_responses = {}
        self._get_capabilities()

    def _encrypt(self) -> None:
        context = self._door.context
        if context is None:
            raise NotSafeError
        self.sock.settimeout(min(self._door.connect_seconds, self._clock.left()))
        try:
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        except ssl.SSLCertVerificationError as unknown:
            raise NotSafeError from unknown


def _is_loopback(sock: socket.socket) -> bool:
    address = str(sock.getpeername()[0])
    return address == "::1" or address.startswith(("127.", "::ffff:127."))


class Client(imapclient.IMAPClient):  # type: ignore[misc]
    """imapclient over a `Wire`."""

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door, self._clock = door, clock
        super().__init__(door.host, door.port, ssl=False)
        self._imap.debug = 0  # imapclient would have every line formatted for a log that nobody may keep

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - imapclient's name
        return Wire(self._door, self._clock)

    def _set_read_timeout(self) -> None:
        """The wire sets its own."""

    @property
    def wire(self) -> Wire:
        """The connection below."""
        wire: Wire = self._imap
        return wire

    def leave(self) -> None:
        """Logs out where that is quick, and closes the connection in any case."""
        self._clock.start_mailbox(LEAVING_SECONDS)
        try:
            self.logout()
        except Exception:  # noqa: BLE001, S110 - whatever it is, the connection is no longer wanted
            pass
        finally:
            self.wire.shutdown()
