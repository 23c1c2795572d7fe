"""A full disk, a store that cannot be written, two at once, a database locked or gone: told, and made good later."""

from __future__ import annotations

import itertools
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError, UnavailableError
from tests.core.store import folder_of
from tests.kills.campaign import Round, differing
from tests.kills.deliveries import City
from tests.kills.starter import Starter
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.slow

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from core.cli import main
sys.exit(main(sys.argv[2:]))
"""
"""`vanthu` on a disk on which no file grows beyond so many bytes."""
_numbers = itertools.count()


Prepare = Callable[..., Round]


@pytest.fixture
def prepare(city: City, starters: list[Starter], tmp_path: Path) -> Prepare:
    """A home whose sources hold all of the city's logs, not collected yet."""

    def made(name: str = "home", database_url: str = "") -> Round:
        one = Round(tmp_path / name, city, random.Random(1), starters[0], database_url)
        one.finish("directory", "import", str(city.directory))
        for folder in one.folders:
            folder.grow(1)
            one.finish("sources", "add", folder.folder.name, str(folder.folder))
        return one

    return made


@pytest.fixture(scope="module")
def expected(city: City, starters: list[Starter], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    calm = Round(tmp_path_factory.mktemp("calm"), city, random.Random(1), starters[0])
    calm.finish("directory", "import", str(city.directory))
    for folder in calm.folders:
        folder.grow(1)
        calm.finish("sources", "add", folder.folder.name, str(folder.folder))
    calm.finish("collect")
    return calm.figures()


def _told(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == UnavailableError.exit_code, done.stdout + done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_full_disk(prepare: Prepare, expected: dict[str, Any]) -> None:
    """Wherever the disk is full first, in the event store or in the database, it is said, and nothing is lost."""
    one = prepare()
    database = one.home / "vanthu.sqlite3"
    for most in (10_000, database.stat().st_size + 4096):
        command = [sys.executable, "-c", LIMITED, str(most), "collect"]
        _told(subprocess.run(command, env=one.environ, capture_output=True, text=True, check=False))
    one.finish("collect")
    assert differing(expected, one.figures()) == []


def test_a_store_that_cannot_be_written(prepare: Prepare, expected: dict[str, Any]) -> None:
    one = prepare()
    store = folder_of(one.settings.store)
    store.mkdir(parents=True, exist_ok=True)
    (store / "events").write_bytes(b"")  # a file where the folder should be: so it is even for root
    command = [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main(['collect']))"]
    _told(subprocess.run(command, env=one.environ, capture_output=True, text=True, check=False))
    (store / "events").unlink()
    one.finish("collect")
    assert differing(expected, one.figures()) == []


def test_two_at_once(prepare: Prepare, expected: dict[str, Any], starters: list[Starter], tmp_path: Path) -> None:
    """Either may be told that the other one was quicker; each line still counts once."""
    one = prepare()

    def collect(number: int) -> int:
        return starters[number].run(("collect",), one.environ, tmp_path / f"output-{number}")[0]

    with ThreadPoolExecutor(2) as both:
        statuses = list(both.map(collect, (0, 1)))
    assert 0 in statuses, [(tmp_path / f"output-{number}").read_text() for number in (0, 1)]
    assert set(statuses) <= {0, ConflictError.exit_code, UnavailableError.exit_code}
    one.finish("collect")
    assert differing(expected, one.figures()) == []


def test_a_locked_database(prepare: Prepare, expected: dict[str, Any]) -> None:
    """Another program holds SQLite for a moment: collecting waits."""
    one = prepare()
    other = sqlite3.connect(one.home / "vanthu.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(1.5, lambda: other.execute("ROLLBACK"))
    release.start()
    one.finish("collect")
    release.join()
    other.close()
    assert differing(expected, one.figures()) == []


@pytest.mark.server
def test_a_database_that_hangs_up(
    prepare: Prepare, expected: dict[str, Any], postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """PostgreSQL ends all connections in the middle, as when it is restarted: it is said, and later all is well."""
    import psycopg

    url = postgres_server.database(f"hangs_up_{next(_numbers)}")
    one = prepare(database_url=url)
    told = 0
    for _ in range(4):
        with ThreadPoolExecutor(1) as beside:
            running = beside.submit(one.starter.run, ("collect",), one.environ, tmp_path / "output")
            with psycopg.connect(url, autocommit=True) as connection:
                while not running.done():
                    ended = connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
                    )
                    if ended.fetchall():
                        break
            status, _ = running.result()
        said = (tmp_path / "output").read_text()
        assert status in {0, UnavailableError.exit_code}, said
        assert "Traceback" not in said
        told += status != 0
    assert told > 0
    one.finish("collect")
    assert differing(expected, one.figures()) == []
