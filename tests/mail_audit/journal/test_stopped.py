"""The command itself: stopped politely, killed, started again, and with no room left on its disk."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.db import unit_of_work
from core.settings import Settings
from mail_audit.collectors.journal import answers
from mail_audit.models import JournalMessage, JournalRun
from tests.mail_audit.journal.cases import content_of
from tests.mail_audit.journal.conftest import Peer, Talk
from tests.servers.loopback import free_port, listens, wait_until
from tests.servers.mail_server import may_isolate

LETTER = content_of("postfix-submitted")
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(settings: Settings, port: int) -> Iterator[Start]:
    """Starts `vanthu journal` and waits until it answers; what is left of it goes with the test."""
    running: list[subprocess.Popen[bytes]] = []
    vanthu = str(Path(sys.executable).with_name("vanthu"))

    def begin(*before: str) -> subprocess.Popen[bytes]:
        settings.home.mkdir(parents=True, exist_ok=True)
        command = [
            *before,
            vanthu,
            "--language",
            "en",
            "journal",
            "--listen",
            f"127.0.0.1:{port}",
            "--protocol",
            "smtp",
        ]
        environment = os.environ | {"VANTHU_HOME": str(settings.home)}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
        running.append(process)
        wait_until(lambda: process.poll() is not None or listens(port), "the journal answers")
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def count(settings: Settings) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).select_from(JournalMessage)) or 0


def numbered(number: int) -> bytes:
    return LETTER.replace(b"postfix-submitted@", b"n%d@" % number)


def test_sigterm_finishes_what_is_under_way(settings: Settings, port: int, start: Start, talk: Talk) -> None:
    process = start()
    half, idle = talk(port), talk(port)
    assert talk(port).give(numbered(1)) == answers.KEPT
    half.socket.sendall(b"MAIL FROM:<>\r\nRCPT TO:<journal@journal.invalid>\r\nDATA\r\n" + LETTER[:200])
    assert [half.hear() for _ in range(3)][-1] == answers.GO_AHEAD
    process.send_signal(signal.SIGTERM)
    assert [idle.hear(), idle.hear()] == [answers.LEAVING, ""]
    half.socket.sendall(LETTER[200:])
    assert half.hear() == answers.KEPT
    _, said = process.communicate(timeout=20)
    assert (process.returncode, count(settings)) == (0, 2), said
    assert b"Traceback" not in said
    with unit_of_work(settings) as session:
        [run] = session.scalars(select(JournalRun))
        assert (run.taken, run.ended_at is not None) == (2, True)


class Senders:
    """Several servers that send numbered copies, and keep what was not answered with 250 to send it again."""

    def __init__(self, port: int, number: int) -> None:
        self.waiting = list(range(number))
        self.done: set[int] = set()
        self._port = port
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _ in range(6)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)
        assert not self.waiting, "not all copies were taken"

    def _work(self) -> None:
        while self.waiting:
            peer = None
            with suppress(OSError, AssertionError):
                peer = Peer(self._port)
                peer.greet()
                while self._send_one(peer):
                    pass
            if peer is not None:
                peer.close()

    def _send_one(self, peer: Peer) -> bool:
        with self._lock:
            if not self.waiting:
                return False
            number = self.waiting.pop()
        answer = ""
        try:
            answer = peer.give(numbered(number))
        finally:
            with self._lock:
                if answer == answers.KEPT:
                    self.done.add(number)
                else:
                    self.waiting.append(number)
        return True


def test_kills_lose_nothing_and_double_nothing(settings: Settings, port: int, start: Start) -> None:
    """What was answered before a kill is there after it; what was not is sent again, and counts once."""
    number = 800
    process = start()
    senders = Senders(port, number)
    chance = random.Random(7)
    for _ in range(2):
        goal = len(senders.done) + chance.randrange(50, 250)
        wait_until(lambda goal=goal: len(senders.done) >= goal, "some copies are taken")  # type: ignore[misc]
        process.kill()
        process.wait()
        answered = len(senders.done)
        assert count(settings) >= answered
        process = start()
    senders.join()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    assert (process.returncode, len(senders.done), count(settings)) == (0, number, number)
    with unit_of_work(settings) as session:
        ended = [run.ended_at is not None for run in session.scalars(select(JournalRun).order_by(JournalRun.id))]
    assert ended == [False, False, True]


@pytest.mark.server
@pytest.mark.skipif(os.geteuid() != 0 or not may_isolate(), reason="a small disk needs root and namespaces")
def test_a_full_disk_is_the_senders_patience(port: int, settings: Settings, start: Start, talk: Talk) -> None:
    """4yz while there is no room; when there is, the same copies are taken, and what was answered is all there."""
    home = settings.home
    home.mkdir(parents=True)
    mount = f'mount -t tmpfs -o size=24m tmpfs "{home}" && exec "$@"'
    process = start("unshare", "--mount", "bash", "-c", mount, "small")
    inside = Path(f"/proc/{process.pid}/root{home}")
    peer = talk(port)
    assert peer.give(numbered(0)) == answers.KEPT
    with (inside / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(b"x" * 4096)
    said = [peer.give(numbered(number)) for number in range(1, 40)]
    assert {answer[0] for answer in said} == {"4"}, said
    assert said[-1] == answers.DISK_FULL
    (inside / "filler").unlink()
    assert {peer.give(numbered(number)) for number in range(40)} == {answers.KEPT}
    # A copy: SQLite would look for the file outside, where the process does not see it.
    copied = shutil.copytree(inside, home.with_name("copy"))
    with closing(sqlite3.connect(copied / "vanthu.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM journal_message").fetchone() == (40,)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_what_cannot_be_had_is_said_in_a_sentence(settings: Settings, port: int, start: Start) -> None:
    start()
    vanthu = str(Path(sys.executable).with_name("vanthu"))
    environment = os.environ | {"VANTHU_HOME": str(settings.home)}
    for listen, code, words in (
        (f"127.0.0.1:{port}", 6, "cannot be taken"),
        ("127.0.0.1", 2, "no place to listen"),
        (f"unix:{settings.home}", 5, "no Unix socket"),
    ):
        command = [vanthu, "--language", "en", "journal", "--listen", listen]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr
