"""An installation whose mail goes to a server of the test's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from core import db, log
from core.directory.services import accounts
from core.settings import Settings
from tests.core.mail.post_office import PostOffice, fill, installed, open_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The town, with mail on."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    log.configure("error", io.StringIO())
    made = installed(tmp_path / "home", office.port)
    fill(made)
    yield made
    db.forget(made)
