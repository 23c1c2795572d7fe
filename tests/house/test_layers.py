"""Who may import whom: the contracts of `pyproject.toml`, and what they cannot say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

CLOSED_AT_START = ("sqlalchemy", "celery", "flask", "werkzeug", "alembic", "kombu")


def test_import_contracts_are_kept() -> None:
    """`lint-imports` finds every contract kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    "module", ["core.cli", "core.directory.roster", "core.directory.rosterfile", "mail_audit.cli.auditing"]
)
def test_the_audit_starts_without_a_database(module: str) -> None:
    """What `vanthu audit` needs pulls in no database, no queue and no web server."""
    code = f"import sys, {module}; print(*[name for name in {CLOSED_AT_START!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
