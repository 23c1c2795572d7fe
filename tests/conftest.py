"""What every test may ask for: the servers of `tests/servers`, each a fixture that starts it once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import core.cli

pytest_plugins = ["tests.servers.postgres", "tests.servers.redis"]


@pytest.fixture(autouse=True)
def _spoken_to_as_nobody_else() -> Iterator[None]:
    """A command sets the language of its process; a test must not hear that of the test before it."""
    before = core.cli._language.set("vi")
    yield
    core.cli._language.reset(before)
