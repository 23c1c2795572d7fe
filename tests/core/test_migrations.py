"""The tables: from empty on both databases, the same as the models, one trunk, upgraded once by many."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from core import migrations
from core.db import engine, unit_of_work
from core.errors import ConflictError
from core.settings import Settings
from tests.servers.loopback import wait_until

pytestmark = pytest.mark.usefixtures("migrations_that_run")
PURE = ("core.directory.name_order", "core.directory.spelling")
"""What is kept must agree with what the program of today looks for, so a migration fills it by the same rules."""


def test_from_empty_to_the_models(each_database: Settings) -> None:
    assert migrations.upgrade(each_database)
    with engine(each_database).connect() as connection:
        assert migrations.differences(connection) == []
        assert migrations.current_revision(connection) == migrations.head_revision()
    assert not migrations.upgrade(each_database)


def test_down_again_leaves_nothing(each_database: Settings) -> None:
    from alembic import command

    migrations.upgrade(each_database)
    with engine(each_database).connect().execution_options(writer=True) as connection, connection.begin():
        command.downgrade(migrations._config(connection), "base")
    assert inspect(engine(each_database)).get_table_names() == ["alembic_version"]
    assert migrations.upgrade(each_database)


def test_first_use_makes_the_tables(each_database: Settings) -> None:
    with unit_of_work(each_database) as session:
        assert session.execute(text("SELECT count(*) FROM job")).scalar() == 0


def test_many_that_start_at_once_upgrade_once(each_database: Settings, tmp_path: Path) -> None:
    given = {
        "PATH": os.environ["PATH"],
        "VANTHU_HOME": str(each_database.home),
        "VANTHU_DATABASE_URL": each_database.database_url,
    }
    code = (
        "import sys, time, pathlib, core.cli, core.db, core.migrations, core.migrations.cli\n"
        "here = pathlib.Path(sys.argv[1]); (here / f'ready-{sys.argv[2]}').touch()\n"
        "while not (here / 'go').exists(): time.sleep(0.001)\n"
        "sys.exit(core.cli.main(['--language', 'en', 'db', 'upgrade']))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), str(number)],
            env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for number in range(4)
    ]  # fmt: skip
    wait_until(lambda: len(list(tmp_path.glob("ready-*"))) == len(running), "all are ready")
    (tmp_path / "go").touch()
    said = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4, said


def test_a_database_of_a_later_version_is_refused(each_database: Settings) -> None:
    migrations.upgrade(each_database)
    with engine(each_database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231_later'"))
    with pytest.raises(ConflictError):
        migrations.upgrade(each_database)


def test_the_tree_has_one_trunk_of_dated_slugs() -> None:
    scripts = ScriptDirectory.from_config(migrations._config())
    assert len(scripts.get_heads()) == 1
    for script in scripts.walk_revisions():
        assert re.fullmatch(r"\d{8}_[a-z0-9_]+", script.revision)
        assert len(script.revision) <= 32
        date = script.revision[:8]
        assert Path(script.path).name.startswith(f"{date[:4]}_{date[4:6]}_{date[6:]}_")


def test_migrations_import_no_model() -> None:
    for path in (migrations.HERE / "versions").glob("*.py"):
        imported = re.findall(r"^(?:from|import) ([\w.]+)", path.read_text("utf-8"), re.MULTILINE)
        assert set(imported) <= {"__future__", "sqlalchemy", "alembic", *PURE}, path.name


def test_upgrading_imports_no_feature(settings: Settings) -> None:
    code = (
        "import sys; from core.cli import main; code = main(['db', 'upgrade']);"
        "print(*sorted({'mail_audit.models', 'web.app', 'flask'} & {*sys.modules})); sys.exit(code)"
    )
    environ = {"VANTHU_HOME": str(settings.home), "VANTHU_LANGUAGE": "en"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environ)
    assert (run.returncode, run.stdout) == (0, "The tables are upgraded.\n\n"), run.stderr
