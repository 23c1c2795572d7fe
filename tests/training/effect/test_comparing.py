"""The regression, beside one that is written out in full."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.effect.offices import Town, offices
from training.effect.comparing import Comparison
from training.effect.panel import Panel


def _in_full(comparison: Comparison) -> float:
    """The effect by least squares with a column for every block and period."""
    rows, periods = np.nonzero(comparison.rows)
    cells = comparison.block[rows] * comparison.days.shape[1] + periods
    columns = [(comparison.start[rows] <= periods).astype(float)]
    days = comparison.days[rows, periods]
    if comparison.slope is None:
        columns.append(comparison.baseline[rows])
    else:
        days = days - comparison.slope * comparison.baseline[rows]
    columns += [(cells == cell).astype(float) for cell in np.unique(cells)]
    return float(np.linalg.lstsq(np.stack(columns, axis=1), days, rcond=None)[0][0])


def _comparison(panel: Panel, slope: float | None = None) -> Comparison:
    return Comparison(panel.unit, panel.start, panel.days, slope)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("slope", [None, 1.0])
def test_it_is_the_regression_written_out(seed: int, slope: float | None) -> None:
    town = Town(people=40 + seed, units=1 + seed % 5, days=1.0, missing=0.1 * (seed % 2))
    panel, _ = offices(town, np.random.default_rng(seed)).panel.in_order()
    comparison = _comparison(panel, slope)
    if slope is None and np.isnan(comparison.baseline).any():
        panel = panel.only(~np.isnan(comparison.baseline))
        comparison = _comparison(panel)
    assert comparison.estimate == pytest.approx(_in_full(comparison), abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_another_order_of_waves_is_the_regression_of_that_order(seed: int) -> None:
    """*a* − *b* · *e* is the estimate on days from which *e* was taken where the person is really trained."""
    random = np.random.default_rng(seed)
    panel, _ = offices(Town(people=36, units=3, missing=0.05), random).panel.in_order()
    panel = panel.only(~np.isnan(_comparison(panel).baseline))
    real = _comparison(panel)
    order = np.argsort(panel.unit + random.random(panel.people))
    a, b = real.orders(panel.start[order][None])
    for effect in (0.0, 1.5):
        days = panel.days - effect * real.treated(panel.start)
        without = Comparison(panel.unit, panel.start[order], days)
        # The baseline of a person is that of the real waves: nobody is trained before the first wave of the unit.
        assert a[0] - b[0] * effect == pytest.approx(_in_full(without), abs=1e-8)


def test_the_real_order_gives_the_real_estimate() -> None:
    panel, _ = offices(Town(people=36, units=3), np.random.default_rng(1)).panel.in_order()
    real = _comparison(panel)
    a, b = real.orders(panel.start[None])
    assert (a[0], b[0]) == (pytest.approx(real.estimate), pytest.approx(1.0))


def test_nobody_waits_nothing_is_compared() -> None:
    days = np.arange(12, dtype=float).reshape(3, 4)
    together = Comparison(np.zeros(3, dtype=np.int64), np.full(3, 2), days)
    assert not together.possible
    assert not together.compared.any()


def test_figures_that_are_not_known_are_not_zero() -> None:
    """A person of whom nothing is known changes nothing."""
    panel, _ = offices(Town(people=36, units=3, days=2), np.random.default_rng(1)).panel.in_order()
    more = np.concatenate([panel.days, np.full((1, panel.periods), np.nan)])
    unit, start = np.append(panel.unit, 2), np.append(panel.start, panel.start.min())
    assert Comparison(unit, start, more).estimate == pytest.approx(_comparison(panel).estimate)
