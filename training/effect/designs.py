"""The ladder of evidence: the strongest comparison that a panel holds, with its label, and nothing stronger than that.

People whose wave was not drawn (those who must go first) never enter the comparison of a draw. And a draw leaves its
mark: before the first wave, those who learn early and those who learn late are alike but for chance. Where they are
not, nobody is taken for drawn because a file says nothing about it; where the file does say so, the reader is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from training.effect import threshold
from training.effect.comparing import Comparison
from training.effect.model import Label
from training.effect.panel import Panel
from training.effect.permuting import infer, number_of_orders

UNLIKELY = 0.005
"""A draw leaves early and late learners so different in one of two hundred cases."""


@dataclass(frozen=True)
class Found:
    """A comparison and what came of it; numbers are None where the design gives none, ends infinite where open."""

    label: Label
    compared: Panel
    """The people it stands on."""
    estimate: float | None = None
    low: float = -math.inf
    high: float = math.inf
    p: float | None = None
    periods: int = 0
    """In how many periods somebody was compared."""
    orders: int = 0
    """How many orders the draw could have given."""
    baseline_periods: int = 0
    bracket: tuple[float, float] | None = None
    """Two answers in ascending order, for the label D only."""
    unlike_a_draw: bool = False
    """Early and late learners differed before the first wave more than a draw would let them."""


def strongest(panel: Panel, permutations: int, seed: int | None) -> Found:
    """The strongest comparison in `panel`, which must be in order (`Panel.in_order`).

    Without a `seed` the permutations follow from the figures of those who were drawn.
    """
    drawn, own_seed = panel.only(panel.drawn).in_order()
    seed = own_seed if seed is None else seed
    for label, comparison in _comparisons_of_a_draw(drawn):
        if comparison.possible:
            unlike = _unlike_a_draw(comparison, permutations, seed)
            if unlike and not panel.drawn_said:
                return replace(_undrawn(panel), unlike_a_draw=True)
            return replace(_inferred(label, drawn, comparison, permutations, seed), unlike_a_draw=unlike)
    return _undrawn(panel)


def _comparisons_of_a_draw(drawn: Panel) -> Iterator[tuple[Label, Comparison]]:
    if drawn.people:
        yield "A", _within_units(drawn)
        units = _of_units(drawn)
        if units is not None:
            yield "B", units


def _undrawn(panel: Panel) -> Found:
    limit = threshold.threshold(panel)
    return _at_the_limit(panel, limit) if limit is not None else _bracket(panel) or Found("E", panel)


def _unlike_a_draw(comparison: Comparison, permutations: int, seed: int) -> bool:
    """Whether the days before the first wave tell early from late learners, as a draw would not."""
    before = np.repeat(comparison.baseline[:, None], comparison.days.shape[1], axis=1)
    earlier = replace(comparison, days=before, slope=0.0)
    return earlier.possible and infer(earlier, permutations, seed).p <= UNLIKELY


def _within_units(panel: Panel) -> Comparison:
    return Comparison(panel.unit, panel.start, panel.days)


def _of_units(panel: Panel) -> Comparison | None:
    """Units in place of persons, each by the mean of its people; None where a unit was not trained as a whole."""
    firsts = np.flatnonzero(np.diff(panel.unit, prepend=-1))
    start = np.minimum.reduceat(panel.start, firsts)
    if (start != np.maximum.reduceat(panel.start, firsts)).any():
        return None
    known = ~np.isnan(panel.days)
    counts = np.add.reduceat(known.astype(np.float64), firsts, axis=0)
    sums = np.add.reduceat(np.where(known, panel.days, 0.0), firsts, axis=0)
    days = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return Comparison(np.zeros_like(start), start, days)


def _inferred(label: Label, panel: Panel, comparison: Comparison, permutations: int, seed: int) -> Found:
    said = infer(comparison, permutations, seed)
    compared = comparison.compared
    chosen = compared if label == "A" else compared[panel.unit] & ~np.isnan(panel.days).all(axis=1)
    return Found(
        label,
        panel.only(chosen),
        comparison.estimate,
        said.low,
        said.high,
        said.p,
        periods=int(comparison.rows.any(axis=0).sum()),
        orders=number_of_orders(comparison),
        baseline_periods=int(panel.start[chosen].min()),
    )


def _at_the_limit(panel: Panel, limit: threshold.Threshold) -> Found:
    said = threshold.gap(limit)
    waves = panel.start[panel.start < panel.periods]
    return Found(
        "C",
        panel.only(limit.rows),
        said.estimate,
        said.low,
        said.high,
        said.p,
        periods=panel.periods - int(waves[0]),
        baseline_periods=int(waves[0]),
    )


def _bracket(panel: Panel) -> Found | None:
    """Two answers that would be right if two different things were so; nobody knows which, so no number is given."""
    everybody = replace(panel, unit=np.zeros_like(panel.unit))
    for people in (panel, everybody):
        comparison = _within_units(people)
        change = replace(comparison, slope=1.0)
        if comparison.possible and change.possible:
            answers = (comparison.estimate, change.estimate)
            rows = comparison.rows
            return Found(
                "D",
                panel.only(comparison.compared),
                bracket=(min(answers), max(answers)),
                periods=int(rows.any(axis=0).sum()),
                baseline_periods=int(people.start.min()),
            )
    return None
