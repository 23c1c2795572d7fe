"""What every test may ask for: the servers of `tests/servers`, each a fixture that starts it once a session."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import hypothesis
import pytest
import structlog

import core.cli
from core.jobs import registry

# How busy a machine is says nothing about what a property test holds; in CI the examples are the same every time.
hypothesis.settings.register_profile(
    "vanthu",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
    print_blob=True,
)
hypothesis.settings.load_profile("vanthu")

pytest_plugins = [
    "tests.servers.tables",  # before those that import it
    "tests.servers.browser",
    "tests.servers.oidc",
    "tests.servers.postgres",
    "tests.servers.redis",
    "tests.servers.s3",
    "tests.servers.slapd",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests come first, so that at the end nobody waits for one of them alone."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _spoken_to_as_nobody_else() -> Iterator[None]:
    """A command sets the language of its process; a test must not hear that of the test before it."""
    before = core.cli.speaking.chosen_language.set("vi")
    yield
    core.cli.speaking.chosen_language.reset(before)


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command sends the log to the standard error of its test, which is closed for the next one."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def only_due(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which tasks of the floor and the packages may be due: what is due by itself depends on the day and hour."""

    def chosen(*names: str) -> None:
        for name, task in registry.tasks().items():
            if name not in names and not name.startswith("test."):
                monkeypatch.setitem(registry._tasks, name, replace(task, due=None))

    return chosen


@pytest.fixture
def nothing_else_due(only_due: Callable[..., None]) -> None:
    """Nothing is due but what the test itself registers."""
    only_due()
