"""`vanthu demo`: from nothing to a picture, stopped by Ctrl-C with nothing left behind, and the same again at once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from core.calendar import day_in
from core.db import forget, unit_of_work, utc_now
from core.directory.queries import actor_of
from core.directory.services import verify_log_in
from core.permissions import WHOLE, Permission, command_line_actor
from core.settings import Settings, load
from mail_audit import queries
from mail_audit.queries import contests
from tests.e2e.suite import COMMAND, PATIENCE
from tests.servers.loopback import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
Seen = TypeVar("Seen")
SAID = re.compile(r"http://127\.0\.0\.1:(\d+)\n\s+account:\s+(\S+)\n\s+password:\s+(\S+)")


@contextmanager
def _demo(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], re.Match[str]]]:
    """The demonstration, once it has said where it is."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VANTHU_")}
    environ |= {"VANTHU_HOME": str(folder), "VANTHU_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "demo", "--port", str(port), "--preset", "small"]
    said = folder.with_suffix(".said")
    with said.open("w") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=output, text=True)
    try:
        found = _until(lambda: SAID.search(said.read_text("utf-8")), process)
        yield process, found
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=PATIENCE)


def _until(look: Callable[[], Seen | None], process: subprocess.Popen[str] | None = None) -> Seen:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def _of(home: Path) -> list[str]:
    """Command lines of processes that were started for `home` and still run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"VANTHU_HOME={home}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended while we looked, or belongs to somebody else
    return [line for line in found if line]


def _roles(home: Path) -> list[tuple[str, str]]:
    """The accounts of the other roles as the demonstration told them: name and password."""
    return re.findall(r"^  (\w+) / (\S+)   \w", home.with_suffix(".said").read_text("utf-8"), re.MULTILINE)


def _each_logs_in(settings: Settings, told: list[tuple[str, str]]) -> None:
    for name, password in told:
        with unit_of_work(settings) as session:
            account = verify_log_in(session, name=name, password=password)
            assert account is not None, name
            today = day_in(settings.timezone, utc_now())
            assert actor_of(session, account, None, today=today).may(Permission.CORE_ACCOUNT_OWN)


def test_the_demonstration(tmp_path: Path) -> None:
    home = tmp_path / "home"
    port = free_port()
    settings = load({"VANTHU_HOME": str(home)})
    with _demo(home, port) as (process, first):
        assert len(_of(home)) >= 4
        others = _roles(home)
        assert [one[0] for one in others] == ["lanhdao", "vanthu", "tochuc", "kiemtra", "thanhtra"]
        _each_logs_in(settings, others)

        def finished() -> list[queries.AuditSummary]:
            with unit_of_work(settings) as session:
                return [one for one in queries.audits(session, reach=WHOLE).rows if one.state == "finished"]

        _until(finished)

        def contested() -> int:
            with unit_of_work(settings) as session:
                return contests.waiting(session, command_line_actor())

        assert _until(contested) == 1
    assert process.returncode == 0
    assert _of(home) == []
    with _demo(home, port) as (process, second):
        assert second.groups() == first.groups()
        assert _roles(home) == others
        with unit_of_work(settings) as session:
            assert len(queries.audits(session, reach=WHOLE).rows) == 1
            assert contests.contests(session, command_line_actor()).total == 1
    assert process.returncode == 0
    forget(settings)


def test_killed_it_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _demo(home, free_port()) as (process, _said):
        process.kill()
        process.wait(timeout=PATIENCE)
        _until(lambda: not _of(home))


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = dict(os.environ) | {"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_LANGUAGE": "en"}
        command = [*COMMAND, "demo", "--port", str(port)]
        refused = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (refused.returncode, "choose another port" in refused.stderr) == (6, True)
    assert not (tmp_path / "home").exists()
