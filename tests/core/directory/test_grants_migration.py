"""What accounts were for before roles were granted becomes grants, and back, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import Connection, text

from core import migrations
from core.db import engine
from core.settings import Settings

pytestmark = pytest.mark.usefixtures("migrations_that_run")
BEFORE, HERE = "20261122_sessions", "20261122_grants"
MADE = datetime(2026, 10, 3, 20, 0, tzinfo=UTC)
COLUMNS = "id, name, password_hash, role, created_at, password_changed_at, failed, official"


def _move(connection: Connection, revision: str, *, back: bool = False) -> None:
    (command.downgrade if back else command.upgrade)(migrations._config(connection), revision)


def test_administrators_become_grants_and_back(each_database: Settings) -> None:
    """An administrator, an official; then a role without being an administrator, which must not become more."""
    keys = engine(each_database, foreign_keys=False)
    with keys.connect().execution_options(writer=True) as connection, connection.begin():
        _move(connection, BEFORE)
        connection.execute(text("INSERT INTO official (id, official_id, name) VALUES (7, 'CB7', 'An')"))
        add = text(f"INSERT INTO account ({COLUMNS}) VALUES (:id, :name, 'x', :role, :made, :made, 0, :official)")
        for number, role, official in ((1, "administrator", None), (2, "official", 7)):
            row = {"id": number, "name": f"a{number}", "role": role, "official": official}
            connection.execute(
                add, row | {"made": MADE if connection.dialect.name != "sqlite" else "2026-10-03 20:00:00.000000"}
            )
    with keys.connect().execution_options(writer=True) as connection, connection.begin():
        _move(connection, HERE)
        told = "SELECT account, role, unit, since, until, given_by, withdrawn_at FROM account_grant"
        (grant,) = connection.execute(text(told)).all()
        assert (*grant[:3], date.fromisoformat(str(grant[3])), *grant[4:]) == (
            1, "administrator", None, MADE.date(), None, "upgrade", None,
        )  # fmt: skip
        connection.execute(
            text(
                "INSERT INTO account (id, name, password_hash, created_at, password_changed_at, failed) "
                "SELECT 3, 'a3', 'x', created_at, created_at, 0 FROM account WHERE id = 1"
            )
        )
        connection.execute(
            text(
                "INSERT INTO account_grant (id, account, role, since, given_at, given_by) "
                "SELECT 99, 3, 'inspector', since, given_at, 'a1' FROM account_grant WHERE account = 1"
            )
        )
    with keys.connect().execution_options(writer=True) as connection, connection.begin():
        _move(connection, BEFORE, back=True)
        kept = connection.execute(text("SELECT id, role, official, password_hash FROM account ORDER BY id")).all()
        assert [tuple(row) for row in kept] == [
            (1, "administrator", None, "x"),
            (2, "official", 7, "x"),
            (3, "administrator", None, ""),  # nobody logs in with no password
        ]
    assert migrations.upgrade(each_database)
