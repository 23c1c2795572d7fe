"""A handful of kills on every run of the suite; `python -m tests.kills --times 200` is the whole of it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.kills.campaign import Round, differing
from tests.kills.deliveries import City
from tests.kills.starter import Starter

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def expected(city: City, starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures where nobody kills."""
    calm = Round(tmp_path_factory.mktemp("calm"), city, random.Random(0), starter)
    calm.run(0)
    return calm.figures()


def test_killed_again_and_again(city: City, starter: Starter, expected: dict[str, Any], tmp_path: Path) -> None:
    """Collecting and rebuilding, killed at other moments each time, end with the figures of an undisturbed run."""
    one = Round(tmp_path / "round", city, random.Random(), starter)
    one.run(8)
    assert differing(expected, one.figures()) == []
    assert one.killed() > 0


def test_a_difference_is_seen(expected: dict[str, Any]) -> None:
    name = next(key for key, value in expected.items() if value == 1)
    assert differing(expected, expected | {name: 2}) == [name]
    assert expected["segments lost"] == 0
    assert expected["collected lines, events, others, broken"][0] > 1000
