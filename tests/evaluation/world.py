"""The played city: one real server with a driven clock, its accounts, and what was truly done on each day.

Players are generators that yield the moment of their next act; the world wakes whoever is next. Nothing is written into
a log by hand: every line is the servers' own.
"""

from __future__ import annotations

import heapq
import random
import re
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from imapclient.exceptions import IMAPClientError

from core.calendar import working_days
from tests.evaluation.clock import Clock, day_of, moment
from tests.servers import mail_clients as clients
from tests.servers.mail_clients import address
from tests.servers.mail_server import MailServer
from tests.servers.mail_settings import DOMAIN, PASSWORD

KINDS = ("person", "delegate", "forward", "machine", "none")
"""What truly happened in a mailbox on a day, strongest first."""
Player = Iterator[float]
_ENDED = re.compile(rb" (?:imap|pop3)\([^)]*\)<[^>]*><[^>]*>: Info: Disconnected")
_TAKEN = re.compile(rb" postfix/(?:[a-z]+/)?cleanup\[\d+\]: \w+: message-id=")
LATE = 2.0
"""Seconds after which no line about the end of a session comes any more."""
_GONE = re.compile(rb" postfix/qmgr\[\d+\]: \w+: removed")


class Tail:
    """Counts lines of a log as they are written."""

    def __init__(self, path: Path, *patterns: re.Pattern[bytes]) -> None:
        self._path = path
        self._patterns = patterns
        self._offset = 0
        self.counts = [0 for _ in patterns]

    def read(self) -> list[int]:
        """How many lines of each pattern there are by now."""
        if self._path.exists():
            with self._path.open("rb") as log:
                log.seek(self._offset)
                fresh = log.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._offset += len(whole)
            for number, pattern in enumerate(self._patterns):
                self.counts[number] += len(pattern.findall(whole))
        return self.counts


@dataclass
class World:
    """The server, its clock and the truth: (mailbox, day) -> the kinds of what was done there."""

    server: MailServer
    clock: Clock
    days: tuple[date, ...]
    seed: int = 7
    truth: dict[tuple[str, date], set[str]] = field(default_factory=lambda: defaultdict(set))
    rounds: frozenset[str] = frozenset()
    """Addresses of programs that go through all mailboxes: what they do is nobody's."""
    forwarders: frozenset[str] = frozenset()
    """Mailboxes with a standing forward: whatever arrives there is sent on."""
    answering: frozenset[str] = frozenset()
    """Mailboxes with an automatic answer."""
    waiting: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Mailboxes with a program that waits for mail -> what it does a few seconds after an arrival."""
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _open: list[clients.ImapFrom] = field(default_factory=list)
    _closed: int = 0
    _sent: int = 0

    def __post_init__(self) -> None:
        place = self.server.place
        self.working = frozenset(working_days(self.days[0], self.days[-1]))
        self._reading = Tail(place.dovecot_log, _ENDED)
        self._posting = Tail(place.postfix_log, _TAKEN, _GONE)

    def dice(self, name: str) -> random.Random:
        """Chance for one player, the same in every run."""
        return random.Random(f"{self.seed} {name}")

    def did(self, who: str, kind: str) -> None:
        """Something of `kind` was done in a mailbox, now."""
        assert kind in KINDS, kind
        self.truth[who, day_of(self.clock.now)].add(kind)

    def imap(self, who: str, station: str, *, log_in: str | None = None) -> clients.ImapFrom:
        """A logged-in IMAP session; it ends with `leave` or `drop`."""
        client = clients.ImapFrom(self.server.ports.imap, station)
        client.login(log_in or address(who), PASSWORD)
        if station not in self.rounds:
            self.did(who, "machine")  # a program has connected; whether a person acts by it is told by who does
        self._open.append(client)
        return client

    def leave(self, client: clients.ImapFrom) -> None:
        """Log out, and wait until the server has written so."""
        client.logout()
        self._open.remove(client)
        self._ended()

    def drop(self, client: clients.ImapFrom) -> None:
        """Lose the connection."""
        with suppress(OSError, IMAPClientError):
            client.shutdown()
        self._open.remove(client)
        self._ended()

    def pop3(self, who: str, station: str, *, fetch: bool, remove: bool = False) -> int:
        """A whole POP3 session; how many messages it found."""
        client = clients.pop3_bare(self.server.ports.pop3, station)
        client.user(address(who))
        client.pass_(PASSWORD)
        self.did(who, "machine")
        found, _ = client.stat()
        for number in range(1, found + 1 if fetch else 1):
            client.retr(number)
            if remove:
                client.dele(number)
        client.quit()
        self._ended()
        return int(found)

    def send(
        self, who: str, to: Sequence[str], station: str, *, sender: str | None = None, subject: str = "Công văn"
    ) -> bytes:
        """Submit one message under a log-in; the message, for a copy in Sent."""
        sender = sender or address(who)
        content = clients.message(sender, to[0], subject, f"<{next(self._numbers)}@{DOMAIN}>")
        clients.send(self.server.ports.submission, station, sender, to, content, log_in=address(who))
        self._arrived()
        return content

    def arrive(self, people: Sequence[str]) -> None:
        """One message from outside, each time from somebody else, for several mailboxes."""
        number = next(self._numbers)
        sender, to = f"cong.dan.{number}@out.test", [address(one) for one in people]
        content = clients.message(sender, ", ".join(to), "Đơn kiến nghị", f"<{number}@out.test>")
        clients.send(self.server.ports.mx, "127.0.0.66", sender, to, content)
        self._arrived()
        for one in people:
            if one in self.answering:
                self.did(one, "machine")
            if one in self.forwarders:
                self.did(one, "forward")
            if one in self.waiting:
                self.clock.to(self.clock.now + 3)
                self.waiting[one]()
                self.did(one, "machine")

    def refuse(self, who: str, station: str) -> None:
        """A wrong password on IMAP; the server answers no."""
        with socket.create_connection(("127.0.0.1", self.server.ports.imap), 20, (station, 0)) as connection:
            talk = connection.makefile("rwb", buffering=0)
            assert talk.readline().startswith(b"* OK")
            talk.write(f"a LOGIN {address(who)} sai\r\n".encode())
            assert talk.readline().startswith(b"a NO")
            talk.write(b"b LOGOUT\r\n")
            while talk.readline():
                pass

    def _arrived(self) -> None:
        """Wait until everything that was sent has been delivered, what rules sent on included."""
        self._sent += 1

        def settled() -> bool:
            taken, gone = self._posting.read()
            return taken >= self._sent and taken == gone

        _until(settled, "mail is delivered")
        self._sent = self._posting.counts[0]

    def _ended(self) -> None:
        """Wait for the line that a session ended; a server that had ended it by itself wrote it before."""
        self._closed += 1
        late = time.monotonic() + LATE
        while self._reading.read()[0] < self._closed and time.monotonic() < late:
            time.sleep(0.001)
        self._closed = max(self._reading.counts[0], 0)

    def play(self, players: Sequence[Player]) -> None:
        """Let everybody act, each at their own times, until the last day is over."""
        order = count()
        end = moment(self.days[-1] + timedelta(days=1)) - 60
        waiting: list[tuple[float, int, Player]] = []
        for player in players:
            _wake(waiting, player, order, end)
        while waiting:
            at, _, player = heapq.heappop(waiting)
            self.clock.to(at)
            _wake(waiting, player, order, end)
        for client in tuple(self._open):
            self.drop(client)


def _wake(waiting: list[tuple[float, int, Player]], player: Player, order: Iterator[int], end: float) -> None:
    at = next(player, None)
    if at is not None and at < end:
        heapq.heappush(waiting, (at, next(order), player))


def _until(holds: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.001)
