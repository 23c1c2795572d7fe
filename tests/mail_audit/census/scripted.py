"""A small IMAP server over a socket that answers as it is told to: honestly, or in any way a server can be wrong."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[["Talk", str, str], None]
"""What is done on a command, given its tag and the whole of it."""
KNOWN = "cb"
"""Mailboxes whose name begins so exist."""
BACKLOG = 64


@dataclass
class Talk:
    """One connection, on the server's side."""

    server: Scripted
    sock: socket.socket
    mailbox: str = ""
    folder: str = ""
    _unread: bytes = b""

    def send(self, text: str | bytes) -> None:
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def line(self) -> str:
        """The next line of the client, noted; raises ConnectionError when it has hung up."""
        while b"\r\n" not in self._unread:
            chunk = self.sock.recv(65_536)
            if not chunk:
                raise ConnectionError
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\r\n")
        self.server.lines.append(line.decode())
        return line.decode()

    def wait_for_the_end(self) -> None:
        """Says nothing until the client hangs up."""
        with suppress(OSError):
            while self.sock.recv(65_536):
                pass

    def flood(self, chunk: bytes) -> None:
        """Sends `chunk` again and again until the client hangs up."""
        with suppress(OSError):
            while True:
                self.sock.sendall(chunk)


@dataclass
class Scripted:
    """Listens on a port; `replies` (command -> what to do) go before the honest ones."""

    replies: Mapping[str, Reply] = field(default_factory=dict)
    greeting: Callable[[Talk], None] = lambda talk: talk.send("* OK ready\r\n")
    capabilities: str = "IMAP4rev1 AUTH=PLAIN ESEARCH"
    lines: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Mailboxes that were logged in to, in order."""
    connections: int = 0
    port: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def listen(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(BACKLOG)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, suppress(OSError):
            talk = Talk(self, sock)
            self.greeting(talk)
            while True:
                tag, _, command = talk.line().partition(" ")
                self._answer(talk, tag, command)

    def _answer(self, talk: Talk, tag: str, command: str) -> None:
        """The longest name that the command begins with is answered by its reply."""
        known = {**HONEST, **self.replies}
        for name in sorted(known, key=len, reverse=True):
            if command.startswith(name):
                known[name](talk, tag, command)
                return
        talk.send(f"{tag} BAD what?\r\n")


def _capability(talk: Talk, tag: str, _command: str) -> None:
    talk.send(f"* CAPABILITY {talk.server.capabilities}\r\n{tag} OK done\r\n")


def _authenticate(talk: Talk, tag: str, _command: str) -> None:
    talk.send("+ \r\n")
    identity, _, _ = base64.b64decode(talk.line()).decode().split("\0")
    enter(talk, tag, identity)


def enter(talk: Talk, tag: str, mailbox: str) -> None:
    """Lets the account into a mailbox that exists."""
    talk.mailbox = mailbox
    if mailbox.startswith(KNOWN):
        talk.server.asked.append(mailbox)
        talk.send(f"{tag} OK in\r\n")
    else:
        talk.send(f"{tag} NO [AUTHENTICATIONFAILED] no\r\n")


def _examine(talk: Talk, tag: str, command: str) -> None:
    talk.folder = command.split('"')[1]
    answers = "* 9 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 30] .\r\n"
    talk.send(f"{answers}{tag} OK [READ-ONLY] done\r\n")


def _search(talk: Talk, tag: str, command: str) -> None:
    count = 0 if "BEFORE" in command else 4 if "UNSEEN" in command else 2
    if "RETURN" not in command:
        talk.send(f"* SEARCH {' '.join(str(12 + n) for n in range(count))}\r\n{tag} OK done\r\n")
        return
    lowest = " MIN 12" if count else ""
    talk.send(f'* ESEARCH (TAG "{tag}") UID{lowest} COUNT {count}\r\n{tag} OK done\r\n')


def _fetch(talk: Talk, tag: str, _command: str) -> None:
    date = "05-Oct-2026 08:00:00 +0700" if talk.folder == "INBOX" else "20-Oct-2026 23:30:00 +0700"
    talk.send(f'* 3 FETCH (UID 12 INTERNALDATE "{date}")\r\n{tag} OK done\r\n')


def _list(talk: Talk, tag: str, _command: str) -> None:
    talk.send(f'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Sent) "/" Outbound\r\n{tag} OK done\r\n')


def _logout(talk: Talk, tag: str, _command: str) -> None:
    talk.send(f"* BYE bye\r\n{tag} OK done\r\n")
    raise ConnectionError


def says(text: str) -> Reply:
    """A reply of these very words; `{tag}` is the command's tag."""
    return lambda talk, tag, _command: talk.send(text.replace("{tag}", tag))


HONEST: dict[str, Reply] = {
    "CAPABILITY": _capability,
    "AUTHENTICATE PLAIN": _authenticate,
    "EXAMINE": _examine,
    "UID SEARCH": _search,
    "UID FETCH": _fetch,
    "LIST": _list,
    "LOGOUT": _logout,
}


@contextmanager
def listening(**given: object) -> Iterator[Scripted]:
    """A server of this kind, listening."""
    server = Scripted(**given)  # type: ignore[arg-type]
    server.listen()
    try:
        yield server
    finally:
        server.close()
