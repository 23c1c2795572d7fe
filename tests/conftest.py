"""What every test may ask for: the servers of `tests/servers`, each a fixture that starts it once a session."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import hypothesis
import pytest
import structlog

import core.cli

# How busy a machine is says nothing about what a property test holds; in CI the examples are the same every time.
hypothesis.settings.register_profile(
    "vanthu",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
    print_blob=True,
)
hypothesis.settings.load_profile("vanthu")

pytest_plugins = ["tests.servers.oidc", "tests.servers.postgres", "tests.servers.redis", "tests.servers.slapd"]


@pytest.fixture(autouse=True)
def _spoken_to_as_nobody_else() -> Iterator[None]:
    """A command sets the language of its process; a test must not hear that of the test before it."""
    before = core.cli._language.set("vi")
    yield
    core.cli._language.reset(before)


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command sends the log to the standard error of its test, which is closed for the next one."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
