"""The private servers themselves: they start side by side, touch nothing of the machine, and leave nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.mail_fixtures import SERVERS, demand_servers
from tests.servers.mail_server import running

pytestmark = [pytest.mark.server, pytest.mark.slow]


def _device() -> tuple[bool, str]:
    path = Path("/dev/log")
    return path.is_symlink() or path.exists(), str(path.readlink()) if path.is_symlink() else ""


def _speaking_of(folder: Path) -> list[str]:
    """Command lines of the running processes that name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def test_two_servers_at_once_leave_nothing_behind() -> None:
    """Both kinds run side by side; afterwards no process, no folder and the same `/dev/log` as before."""
    demand_servers()
    before = _device()
    with running(SERVERS["syslog"]) as one, running(SERVERS["own files"]) as other:
        folders = [one.place.root, other.place.root]
        assert all(_speaking_of(folder) for folder in folders)
        assert any("daemon started" in line for line in one.lines())
        assert any("Dovecot" in line for line in other.lines())
    assert _device() == before
    assert [_speaking_of(folder) for folder in folders] == [[], []]
    assert not any(folder.exists() for folder in folders)
