"""A Redis server of our own: started once a session in a temporary folder, on a free port of loopback."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.loopback import free_port, listens, missing, program, wait_until


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of the server of this session; each test takes a database number of its own."""
    binary = program("redis-server")
    if binary is None:
        missing("Redis (Debian: redis-server)")
    folder, port = Path(tempfile.mkdtemp(prefix="vanthu-redis-")), free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "no"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([binary, *options], stdout=log, stderr=log)
        try:
            wait_until(lambda: server.poll() is not None or listens(port), "Redis answers")
            assert server.poll() is None, (folder / "log").read_text()
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)
