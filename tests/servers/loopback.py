"""What the server fixtures share: a free port on loopback, waiting for a condition, and saying why one is missing."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

SETTLED = 90.0
"""Seconds a server may take to answer on a machine that has much else to do."""
PORTS_EACH = 2_000
"""Every process of a test run has so many ports to itself, below those that the kernel gives to outgoing connections:
what one has found free, nobody else takes before its server does."""
_numbers = itertools.count(os.getpid())


def free_port() -> int:
    """A port nobody listens on at this moment. Raises `OSError` where there is none."""
    first = 12_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10 * PORTS_EACH
    for _ in range(PORTS_EACH):
        port = first + next(_numbers) % PORTS_EACH
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no port is free from {first} on")


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = SETTLED) -> None:
    """Returns as soon as `holds`; fails the test, saying `what` did not come about, after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether something answers on that port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def missing(what: str) -> NoReturn:
    """Skips the test, saying what is not installed; where nothing may be left out (`CI=true`) it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


def program(name: str, *folders: str) -> Path | None:
    """Where the program is: in one of `folders` (patterns, the last match first) or on the PATH."""
    import shutil

    for folder in folders:
        matches = sorted(Path("/").glob(f"{folder.lstrip('/')}/{name}"))
        if matches:
            return matches[-1]
    found = shutil.which(name)
    return Path(found) if found else None
