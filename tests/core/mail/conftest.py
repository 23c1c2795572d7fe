"""An installation whose mail goes to a server of the test's own."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import db, log
from core.settings import Settings
from tests.core.mail.post_office import PostOffice, fill, hash_cheaply, installed, open_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture(scope="session")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its tables and the town's directory, to be copied: making one takes most of a test's time."""
    made = installed(tmp_path_factory.mktemp("town") / "home", 25)
    fill(made)
    db.forget(made)
    return made.home


@pytest.fixture
def settings(
    tmp_path: Path, town_home: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The town, with mail on."""
    hash_cheaply(monkeypatch)
    log.configure("error", io.StringIO())
    shutil.copytree(town_home, tmp_path / "home")
    made = installed(tmp_path / "home", office.port)
    yield made
    db.forget(made)
