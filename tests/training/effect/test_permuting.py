"""Permutations: exact where all can be tried, never sure of anything on few units, and an interval that is the test."""

from __future__ import annotations

import itertools
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from training.effect.comparing import Comparison
from training.effect.panel import Integers
from training.effect.permuting import _some_orders, every_order, infer, number_of_orders

PERIODS = 4


@st.composite
def tiny(draw: st.DrawFn) -> Comparison:
    """Two blocks of two to four people; the first wave is the third period, and someone always waits."""
    starts: list[int] = []
    blocks: list[int] = []
    for block in range(2):
        size = draw(st.integers(2, 4))
        own = draw(st.lists(st.integers(2, PERIODS), min_size=size - 2, max_size=size - 2))
        starts += [2, PERIODS, *own]
        blocks += [block] * size
    days = draw(
        st.lists(
            st.lists(st.integers(0, 20), min_size=PERIODS, max_size=PERIODS), min_size=len(blocks), max_size=len(blocks)
        )
    )
    return Comparison(np.array(blocks), np.array(starts), np.array(days, dtype=float))


def _by_hand(comparison: Comparison, effect: float) -> float:
    """The p value of `effect` days: every order of everybody, those that are the same counted as often as they come."""
    days = comparison.days - effect * comparison.treated(comparison.start)
    baseline = comparison.baseline
    blocks = [np.flatnonzero(comparison.block == block) for block in np.unique(comparison.block)]
    found: list[float] = []
    for shuffled in itertools.product(*(itertools.permutations(block.tolist()) for block in blocks)):
        order = [person for block in shuffled for person in block]
        found.append(_least_squares(comparison, comparison.start[order], days, baseline))
    real = _least_squares(comparison, comparison.start, days, baseline)
    near = 1e-7
    return float(np.mean([abs(other) >= abs(real) - near for other in found]))


def _least_squares(comparison: Comparison, start: Integers, days: np.ndarray, baseline: np.ndarray) -> float:
    rows, periods = np.nonzero(comparison.rows)
    cells = comparison.block[rows] * PERIODS + periods
    columns = [(start[rows] <= periods).astype(float), baseline[rows]]
    columns += [(cells == cell).astype(float) for cell in np.unique(cells)]
    design = np.stack(columns, axis=1)
    others = design[:, 1:]
    alone = design[:, 0] - others @ np.linalg.lstsq(others, design[:, 0], rcond=None)[0]
    if (alone**2).sum() < 1e-6:
        return math.inf  # nothing to compare under this order: it cannot speak against anything
    return float(alone @ days[rows, periods] / (alone**2).sum())


@given(tiny())
def test_on_tiny_panels_it_is_what_trying_all_orders_gives(comparison: Comparison) -> None:
    if not comparison.possible:
        return
    found = infer(comparison, 999, seed=1)
    assert found.every
    assert found.p == pytest.approx(_by_hand(comparison, 0.0))


@given(tiny())
def test_every_order_stands_once(comparison: Comparison) -> None:
    orders = [tuple(order) for order in every_order(comparison).tolist()]
    assert len(orders) == len(set(orders)) == number_of_orders(comparison)
    assert tuple(comparison.start.tolist()) in orders


@given(tiny(), st.integers(0, 1000))
def test_people_are_shuffled_among_their_own_block_only(comparison: Comparison, seed: int) -> None:
    orders = _some_orders(comparison, 20, seed)
    assert orders[0].tolist() == comparison.start.tolist()
    for block in (0, 1):
        own = comparison.block == block
        assert (np.sort(orders[:, own], axis=1) == np.sort(comparison.start[own])).all()


@given(tiny(), st.integers(0, 1000))
def test_the_interval_holds_the_estimate(comparison: Comparison, seed: int) -> None:
    if not comparison.possible:
        return
    found = infer(comparison, 99, seed)
    assert found.low <= comparison.estimate <= found.high
    assert 0 < found.p <= 1


def _panel(people: int, seed: int, added: float = 0.0) -> Comparison:
    random = np.random.default_rng(seed)
    block = np.repeat(np.arange(people // 10), 10)
    start = np.concatenate([random.permutation(2 + np.arange(10) % 4) for _ in range(people // 10)])
    days = np.round(random.normal(5, 2, (people, 1)) + random.normal(0, 1.5, (people, 6)))
    return Comparison(block, start, days + added * (start[:, None] <= np.arange(6)))


@pytest.mark.parametrize("seed", range(10))
def test_the_interval_ends_where_the_test_begins_to_refuse(seed: int) -> None:
    comparison = _panel(40, seed, added=1.0)
    found = infer(comparison, 399, seed=7)

    def p_of(effect: float) -> float:
        days = comparison.days - effect * comparison.treated(comparison.start)
        return infer(Comparison(comparison.block, comparison.start, days), 399, seed=7).p

    for end, outward in ((found.low, -0.01), (found.high, 0.01)):
        assert p_of(end - outward) > 0.05
        assert p_of(end + outward) <= 0.05


def test_under_no_effect_every_p_value_is_as_likely_as_another() -> None:
    """The share of p values up to each level is that level, within three standard errors of 400 towns."""
    p_values = np.array([infer(_panel(30, seed), 199, seed).p for seed in range(400)])
    for level in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9):
        assert abs(float((p_values <= level).mean()) - level) <= 3 * math.sqrt(level * (1 - level) / 400)


def test_few_orders_never_suffice() -> None:
    """Three units have six orders: not even the farthest of them is rarer than one in six, and there is no end."""
    days = np.array([[2, 2, 9, 9], [2, 2, 2, 9], [2, 2, 2, 2]], dtype=float)
    found = infer(Comparison(np.zeros(3, dtype=np.int64), np.array([2, 3, 4]), days), 999, seed=1)
    assert (found.orders, found.every) == (6, True)
    assert found.p >= 1 / 6
    assert (found.low, found.high) == (-math.inf, math.inf)


def test_ties_count_though_floating_point_parts_them() -> None:
    """Thirds of a day add up to other last digits in another order; they are the same figure all the same."""
    third = 1 / 3
    days = np.array([[third, 10 * third, 7 * third], [third, 10 * third, 7 * third]] * 3) + np.arange(3) * 0.1
    comparison = Comparison(np.zeros(6, dtype=np.int64), np.array([1, 3, 1, 3, 1, 3]), days)
    assert comparison.possible
    assert infer(comparison, 999, seed=1).p == 1.0
