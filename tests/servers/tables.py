"""New databases with their tables: the migrations run once a session, every new database is a copy of what they made.

Twenty-six migrations take a quarter of a second, and more than two thousand tests want a database of their own. That
the migrations themselves make these tables from empty is held by `tests/core/test_migrations.py`, which asks for
`migrations_that_run`.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

import core.migrations
from core import db
from core.settings import Settings, load

_upgrade = core.migrations.upgrade


def migrated(environ: dict[str, str]) -> None:
    """Run the migrations in the database of an installation, and leave it with nobody connected."""
    settings = load(environ)
    _upgrade(settings)
    db.forget(settings)


@pytest.fixture(scope="session", autouse=True)
def _tables_are_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In this process a new SQLite database is a copy; processes that tests start run the migrations."""
    home, made = tmp_path_factory.mktemp("tables"), threading.Lock()
    template = home / "vanthu.sqlite3"

    def upgrade(settings: Settings) -> bool:
        new = _new_file(settings)
        if new is None:
            return _upgrade(settings)
        with made:
            if not template.exists():
                migrated({"VANTHU_HOME": str(home), "VANTHU_DATABASE_URL": f"sqlite:///{template}"})
            return _copy(template, new) or _upgrade(settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.migrations, "upgrade", upgrade)
        yield


@pytest.fixture
def migrations_that_run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Settings], bool]:
    """The real thing, for this test, in an empty database."""
    monkeypatch.setattr(core.migrations, "upgrade", _upgrade)
    return _upgrade


def _new_file(settings: Settings) -> Path | None:
    """Where the SQLite database of `settings` will lie; None when it is there already, or of another kind."""
    if not settings.database_url.startswith("sqlite:///"):
        return None
    database = make_url(settings.database_url).database
    return None if not database or database == ":memory:" or Path(database).exists() else Path(database)


def _copy(template: Path, new: Path) -> bool:
    """A copy appears whole or not at all, for its owner alone; False where another process was first, or it cannot."""
    beside = new.with_name(f"{new.name}.{os.getpid()}")
    try:
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(template, beside)
        beside.chmod(0o600)
        os.link(beside, new)
    except OSError:
        return False  # SQLite says better what is wrong
    finally:
        beside.unlink(missing_ok=True)
    return True
