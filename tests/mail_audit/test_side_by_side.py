"""Work beside each other keeps its order, holds only a few items, and tells what went wrong where it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.side_by_side import WORKERS, side_by_side

MOST_HELD = 2 * WORKERS + 2
"""Results that wait, what is worked on, and the one ahead."""


@given(st.lists(st.integers(0, 3), max_size=30))
def test_in_order(waits: list[int]) -> None:
    """Whatever takes longer."""

    def made(item: tuple[int, int]) -> int:
        time.sleep(item[1] / 5_000)
        return item[0]

    assert list(side_by_side(made, enumerate(waits))) == list(range(len(waits)))


def test_beside_each_other() -> None:
    """Each waits for the other one."""
    both = threading.Barrier(WORKERS, timeout=20)
    assert len(list(side_by_side(lambda _: both.wait(), range(WORKERS)))) == WORKERS


def test_holds_few_and_ends_when_it_is_closed() -> None:
    """Items without end are taken as they are needed, and none after it is closed."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    with closing(side_by_side(lambda item: item, items())) as made:
        for wanted in range(10):
            assert next(made) == wanted
            assert len(taken) <= wanted + MOST_HELD
    before = len(taken)
    time.sleep(0.05)
    assert len(taken) == before


@pytest.mark.parametrize("in_items", [True, False])
def test_errors(in_items: bool) -> None:
    """What comes before is given first."""

    def checked(item: int, is_its_turn: bool) -> int:
        if is_its_turn and item == 3:
            raise ValueError(item)
        return item

    made = side_by_side(lambda item: checked(item, not in_items), (checked(one, in_items) for one in range(9)))
    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="3"):
        next(made)
