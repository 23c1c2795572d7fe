"""The migrations lead, in one line, to the very tables that the models describe."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory

from core import db, migrations, settings


def test_migrations_have_one_trunk() -> None:
    """One head: two branches would meet in production first."""
    assert len(ScriptDirectory(str(migrations.HERE)).get_heads()) == 1


def test_migrations_and_models_agree(tmp_path: Path) -> None:
    """A model that changed without a migration is found here, on SQLite; the floor's tests do it on PostgreSQL too."""
    chosen = settings.load({"VANTHU_HOME": str(tmp_path)})
    migrations.upgrade(chosen)
    with db.engine(chosen).connect() as connection:
        assert migrations.differences(connection) == []
