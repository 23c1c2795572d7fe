"""The tables of every version: one Alembic tree for the whole suite, upgraded on first use or by `vanthu db upgrade`.

To change tables: change the models, then `vanthu db revision "<package> <what>"` on an up-to-date database writes
`versions/<date>_<slug>.py` with what differs (the models of every package in `settings.INSTALLED` are compared). Read
it, and say why in its docstring. Rules:

- `revision` is `<yyyymmdd>_<slug>`; `down_revision` is the present head: the tree has one trunk.
- It must run on SQLite and PostgreSQL, from an empty database and from the last version, with rows in the tables.
  Changes of existing tables go through `op.batch_alter_table` (SQLite rebuilds the table).
- It never imports a model: models move on, a migration stays. Types are written out; a moment is
  `sa.DateTime(timezone=True)`, JSON is `sa.JSON()`.
- Constraint names in `op.create_table` are written in full (`op.f("ck_job_state")`), as `core.db.NAMES` makes them.

`tests/core/test_migrations.py` upgrades from empty on both databases and fails when models and tables differ.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

import core.settings
from core.db import Base, engine, utc_now
from core.errors import ConflictError
from core.settings import Settings
from core.words import Text

HERE = Path(__file__).parent
UPGRADE_LOCK = 6_121_023
"""Number of the PostgreSQL advisory lock: of several processes that start at once, one upgrades and the others wait."""
LOCK_TIMEOUT = "15s"
"""An upgrade that waits longer for a table would stop everybody behind it; better to fail and be tried again."""
CORE_MODELS = ("core.audit", "core.audit.looks", "core.directory.models", "core.jobs.models", "core.mail.models")


def upgrade(settings: Settings) -> bool:
    """Brings the tables to this version in one transaction; False when they were already.

    Raises `ConflictError` when the database belongs to a later version.
    """
    made = engine(settings, foreign_keys=False)  # SQLite rebuilds tables; keys are checked at the end
    head = head_revision()
    with made.connect() as connection:
        if current_revision(connection) == head:
            return False
    with made.connect().execution_options(writer=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as unknown:
            raise ConflictError(
                Text(
                    "Cơ sở dữ liệu thuộc một phiên bản mới hơn; hãy cập nhật chương trình.",
                    "The database belongs to a later version; please update the program.",
                ),
                detail=str(unknown),
            ) from unknown
        if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("an upgrade left rows that point at nothing")
    return True


def head_revision() -> str | None:
    """The revision of this version's tables."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The revision of the tables in the database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[Any]:
    """What differs between the models and the tables, as Alembic tells it; empty when nothing does."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    found: list[Any] = compare_metadata(context, all_metadata())
    return found


def write_revision(settings: Settings, title: str) -> Path:
    """Writes a new migration with what differs between the models and the (up-to-date) tables; gives its file."""
    slug = "_".join(title.lower().split())
    with engine(settings).connect() as connection:
        script = command.revision(
            _config(connection, comparing=True), message=title, rev_id=f"{utc_now():%Y%m%d}_{slug}", autogenerate=True
        )
    if script is None or isinstance(script, list):
        raise RuntimeError("one script was expected")
    return Path(script.path)


def all_metadata() -> Any:
    """The tables of core and of every installed package that has any."""
    for module in CORE_MODELS:
        importlib.import_module(module)
    for package in core.settings.INSTALLED:
        try:
            importlib.import_module(f"{package}.models")
        except ModuleNotFoundError as missing:
            if missing.name not in {package, f"{package}.models"}:
                raise
    return Base.metadata


def _config(connection: Connection | None = None, *, comparing: bool = False) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["comparing"] = comparing
    return config
