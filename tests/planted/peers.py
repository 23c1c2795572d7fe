"""Who talks to Vanthu with secrets: a server that gives copies of letters, one that repeats passwords."""

from __future__ import annotations

import contextlib
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.planted.logs import BOSS, CLERK, PREFIX
from tests.servers.loopback import free_port, listens, wait_until

LETTER = (
    f"Received: from pc (pc [10.0.0.9]) by mail.tp.example.gov.vn with ESMTPSA id 0A1B2C3D; "
    f"Wed, 18 Nov 2026 09:00:00 +0700\r\nMessage-ID: <thu@tp.example.gov.vn>\r\n"
    f"Date: Wed, 18 Nov 2026 09:00:00 +0700\r\n"
    f"From: Le An <{BOSS}>\r\nTo: {CLERK}\r\nSubject: {PREFIX}Letter\r\nX-Pass: {PREFIX}Field\r\n"
    f"Content-Type: text/plain; name={PREFIX}Name\r\n\r\n{PREFIX}LetterBody\r\n"
)


def give_letters(environ: Mapping[str, str], said: Path) -> None:
    """Run `vanthu journal`, give it a letter and a broken one, and end it."""
    port = free_port()
    command = [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())"]
    with said.open("wb") as output:
        door = subprocess.Popen(
            [*command, "journal", "--listen", f"127.0.0.1:{port}"], env=environ, stdout=output, stderr=output
        )
        try:
            wait_until(lambda: door.poll() is not None or listens(port), "the journal listens")
            with smtplib.LMTP("127.0.0.1", port) as client:
                client.sendmail(BOSS, ["copy@journal.invalid"], LETTER.encode())
                with contextlib.suppress(smtplib.SMTPException):
                    client.sendmail(f"{PREFIX}Sender", ["copy@elsewhere.test"], b"\0" + LETTER.encode() * 2)
        finally:
            door.send_signal(signal.SIGTERM)
            door.wait(30)
    assert said.stat().st_size
    assert door.returncode == 0, said.read_text("utf-8")


@contextlib.contextmanager
def repeating_server(repeat: Callable[[str], str]) -> Iterator[int]:
    """An IMAP server that refuses every log-in and repeats what it was sent; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                with peer, peer.makefile("rwb") as stream, contextlib.suppress(OSError):
                    _talk(stream, repeat)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        ended.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _talk(stream: object, repeat: Callable[[str], str]) -> None:
    assert hasattr(stream, "write")
    assert hasattr(stream, "readline")
    assert hasattr(stream, "flush")
    stream.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
    stream.flush()
    while line := stream.readline(10_000):
        tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        answers = "* CAPABILITY IMAP4rev1\r\n" if rest.upper().startswith("CAPABILITY") else ""
        word = "OK" if answers or rest.upper().startswith("LOGOUT") else "NO [AUTHENTICATIONFAILED]"
        stream.write(f"{answers}{tag} {word} {repeat(rest)}\r\n".encode())
        stream.flush()
