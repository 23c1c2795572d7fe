"""A small city, and processes that start commands at once: made once for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kills.deliveries import City, make_city
from tests.kills.starter import Starter


@pytest.fixture(scope="session")
def starters() -> Iterator[list[Starter]]:
    """Two, for commands side by side."""
    both = [Starter(), Starter()]
    yield both
    for one in both:
        one.close()


@pytest.fixture(scope="session")
def starter(starters: list[Starter]) -> Starter:
    return starters[0]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"))
