"""The line to the mail server: encrypted and checked before anything is said, bounded in time.

What a server answers becomes one of four: taken (`None`), `RefusedError` (this message: never), `LaterError` (this
message: not now, as a greylist says), `ServerError` (nothing can be sent now: away, stalling, a wrong certificate or
password). Whoever sends knows from that alone what to do with the message.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import urlsplit

from core.errors import UnavailableError
from core.mail.options import MailOptions
from core.words import Text, showable

STEP_SECONDS = 20.0
"""So long a single answer is waited for."""
WHOLE_SECONDS = 120.0
"""So long one message may take, however slowly a server drips its answers."""
LONGEST_ANSWER = 300


class RefusedError(Exception):
    """The server will never take this message: its answer."""


class LaterError(Exception):
    """The server does not take this message now: its answer."""


class ServerError(UnavailableError):
    """The server cannot be used at all at the moment; no message is to blame."""


class Line:
    """An open connection; use `opened`."""

    def __init__(self, client: smtplib.SMTP, patience: _Patience) -> None:
        self._client = client
        self._patience = patience

    def give(self, message: EmailMessage, *, sender: str, address: str) -> str:
        """Hands one message over; the server's answer. Raises `RefusedError`, `LaterError`, `ServerError`."""
        with self._patience, _translated():
            self._command(self._client.mail(sender), server=True)
            self._command(self._client.rcpt(address))
            try:
                code, answer = self._client.data(message.as_bytes())
            except smtplib.SMTPDataError as refused:  # the command itself, before the message
                code, answer = refused.smtp_code, _as_bytes(refused.smtp_error)
            self._command((code, answer))
            return said(code, answer)

    def _command(self, answered: tuple[int, bytes], *, server: bool = False) -> None:
        code, answer = answered
        if 200 <= code < 300:
            return
        if code == 421 or server:
            raise _server_error(said(code, answer))
        with suppress(smtplib.SMTPException, OSError):
            self._client.rset()
        raise (RefusedError if 500 <= code < 600 else LaterError)(said(code, answer))


class _Patience:
    """Cuts the connection when a whole exchange takes too long: a socket's time-out only bounds each answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.client: smtplib.SMTP | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> None:
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _cut(self) -> None:
        line = self.client.sock if self.client is not None else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def opened(
    options: MailOptions, password: str, *, step: float = STEP_SECONDS, whole: float = WHOLE_SECONDS
) -> Iterator[Line]:
    """A connection to the server of the settings: encrypted as they say, its certificate held against its name.

    Raises `ServerError`: without encryption where it was asked for, nothing is sent and no password is shown.
    """
    patience = _Patience(whole)
    with _translated():
        client = _connected(options, step, patience)
    try:
        with patience, _translated():
            if options.security == "starttls":
                client.starttls(context=_context(options))
            client.ehlo_or_helo_if_needed()
            if options.user:
                client.login(options.user, password)
        yield Line(client, patience)
    finally:
        with patience, suppress(smtplib.SMTPException, OSError):
            client.quit()
        client.close()


def _connected(options: MailOptions, step: float, patience: _Patience) -> smtplib.SMTP:
    host, port = options.place
    name = urlsplit(options.site).hostname or "localhost"
    if options.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=name, timeout=step, context=_context(options))
    else:
        client = smtplib.SMTP(local_hostname=name, timeout=step)
    patience.client = client
    # The name that the certificate is held against. Given to the constructor it would connect at once, unbounded.
    client._host = host.strip("[]")  # type: ignore[attr-defined]  # noqa: SLF001
    with patience:
        code, answer = client.connect(host.strip("[]"), port)
    if code != 220:
        client.close()
        raise _server_error(said(code, answer))
    return client


def _context(options: MailOptions) -> ssl.SSLContext:
    """TLS 1.2 or later, with certificate and name checked."""
    try:
        return ssl.create_default_context(cafile=options.ca or None)
    except (OSError, ssl.SSLError) as unreadable:
        raise _server_error(f"{options.ca}: {type(unreadable).__name__}") from unreadable


@contextmanager
def _translated() -> Iterator[None]:
    """Everything that a connection may end in, as `ServerError`; never with what was said to log in."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as wrong:
        raise _server_error(said(wrong.smtp_code, b"log-in refused")) from None
    except smtplib.SMTPResponseException as refused:
        raise _server_error(said(refused.smtp_code, refused.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as away:  # SSLError is an OSError, one about certificates a ValueError too
        raise _server_error(f"{type(away).__name__}: {away}") from None
    except ValueError as unsayable:  # a password beyond ASCII: its text must not be in the words
        raise _server_error(type(unsayable).__name__) from None


def _server_error(detail: str) -> ServerError:
    return ServerError(
        Text(
            "Máy chủ thư không nhận thư lúc này; thư được giữ lại và sẽ gửi lại sau.",
            "The mail server takes no mail at the moment; the messages are kept and tried again.",
        ),
        detail=_short(detail),
    )


def said(code: int, answer: bytes | str) -> str:
    """What the server said, as it may be kept and shown."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return _short(f"{code} {text}")


def _as_bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer


def _short(text: str) -> str:
    return showable(" ".join(text.split()))[:LONGEST_ANSWER]
