"""A PostgreSQL server of our own: started once a session in a temporary folder, on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.loopback import free_port, listens, missing, program, wait_until
from tests.servers.tables import migrated

WITH_TABLES = "with_tables"
BINARIES = "/usr/lib/postgresql/*/bin"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; `database` makes a database with the tables of this version and gives its URL."""

    port: int

    def database(self, name: str) -> str:
        """The URL of the new database `name`: a copy of one in which the migrations ran once."""
        if not self._has(WITH_TABLES):
            migrated({"VANTHU_DATABASE_URL": self.empty_database(WITH_TABLES)})
        return self._created(name, WITH_TABLES)

    def empty_database(self, name: str) -> str:
        """The URL of the new database `name`, without any table."""
        return self._created(name, "template0")

    def _created(self, name: str, template: str) -> str:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE {template} ENCODING 'UTF8'".encode())
        return self.url(name)

    def _has(self, name: str) -> bool:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def kept_database(self, name: str) -> str:
        """The URL of the database `name`, which is made where it is not there yet."""
        return self.url(name) if self._has(name) else self.database(name)

    def url(self, name: str) -> str:
        """The URL of a database that is there."""
        return f"postgresql://vanthu@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this session."""
    folder = Path(tempfile.mkdtemp(prefix="vanthu-postgres-"))
    with served(folder, shared_buffers="32MB") as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(folder: Path, **more: str) -> Iterator[PostgresServer]:
    """A server with its data in `folder`, which may hold those of an earlier one; `more` are settings of it."""
    initdb, postgres = program("initdb", BINARIES), program("postgres", BINARIES)
    if initdb is None or postgres is None:
        missing("PostgreSQL (Debian: postgresql)")
    user = _user_for(folder)
    data, port = folder / "data", free_port()
    if not data.exists():
        subprocess.run(
            [initdb, "-D", data, "-U", "vanthu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, capture_output=True, user=user, cwd=folder,
        )  # fmt: skip
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
        "full_page_writes": "off", "max_connections": 50, **more,
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([postgres, "-D", data, *options], stdout=log, stderr=log, user=user, cwd=folder)
        try:
            wait_until(lambda: server.poll() is not None or listens(port), "PostgreSQL answers")
            assert server.poll() is None, (folder / "log").read_text()
            yield PostgresServer(port)
        finally:
            server.send_signal(signal.SIGINT)  # the fast shutdown: it does not wait for whoever is connected
            _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _user_for(folder: Path) -> int | None:
    """PostgreSQL does not run as root: then it runs as its own user, who gets the folder."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        missing("the user postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_uid
