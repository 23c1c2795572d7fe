"""What other orders of waves would have given: the p value and the interval of a drawn comparison.

The draw could have put the people of a block into their places in any order. Had training done nothing, each of these
orders would have been compared on the very same days; how often one of them gives at least as much as the real one is
the p value. The interval holds every effect that is not refused in this way at 5 %: for an effect of *e* days each
order gives `a − b · e` (`Comparison.orders`), so where its line crosses the real one is known without a search.

Where there are few orders all of them are taken. Ties count as "at least as much", with a tolerance: without it
rounding errors make a few units look like evidence. An interval may be unbounded: three units cannot tell anything.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.effect.comparing import TINY, Comparison
from training.effect.panel import Floats, Integers

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Inference:
    """What a draw lets one say: `low` and `high` are infinite where the interval has no end."""

    p: float
    low: float
    high: float
    orders: int
    """How many orders it stands on, the real one included."""
    every: bool
    """Whether these are all the orders there could be."""


def infer(comparison: Comparison, permutations: int, seed: int) -> Inference:
    """The p value and the 95 % interval; `comparison` must be possible."""
    every = number_of_orders(comparison) <= permutations + 1
    starts = every_order(comparison) if every else _some_orders(comparison, permutations, seed)
    a, b = comparison.orders(starts)
    return _inverted(comparison.estimate, a, b, scale=float(np.abs(comparison.outcome).max()), every=every)


def number_of_orders(comparison: Comparison) -> int:
    """How many different orders of waves the draw could have given."""
    number = 1
    for labels in _labels(comparison):
        number *= math.factorial(len(labels))
        for times in np.unique(labels, return_counts=True)[1].tolist():
            number //= math.factorial(times)
    return number


def every_order(comparison: Comparison) -> Integers:
    """Each of them once (orders × people)."""
    by_block = (list(_arrangements(tuple(sorted(labels.tolist())))) for labels in _labels(comparison))
    return np.array([sum(blocks, ()) for blocks in itertools.product(*by_block)], dtype=np.int64)


def _labels(comparison: Comparison) -> list[Integers]:
    firsts = np.flatnonzero(np.diff(comparison.block, prepend=-1))
    return np.split(comparison.start, firsts[1:])


def _arrangements(labels: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The different orders of `labels`, which may repeat."""
    if not labels:
        yield ()
    for label in sorted(set(labels)):
        at = labels.index(label)
        for others in _arrangements(labels[:at] + labels[at + 1 :]):
            yield (label, *others)


def _some_orders(comparison: Comparison, permutations: int, seed: int) -> Integers:
    """The real order, then as many shuffled within blocks."""
    generator = np.random.Generator(np.random.PCG64(seed))
    keys = comparison.block + generator.random((permutations, len(comparison.block)))
    shuffled = comparison.start[np.argsort(keys, axis=1, kind="stable")]
    return np.concatenate([comparison.start[None], shuffled])


def _inverted(estimate: float, a: Floats, b: Floats, *, scale: float, every: bool) -> Inference:
    """An order is at least as far out as the real one for effects within [estimate − left, estimate + right]."""
    unclear = np.isnan(a)
    near = TINY * max(scale, abs(estimate), TINY)
    as_much = unclear | (np.abs(a) >= abs(estimate) - near)
    left, right = _reach(a - b * estimate, b, near)
    left[unclear] = right[unclear] = np.inf
    refused = math.floor(LEVEL * len(a) + TINY)  # so many orders may be further out, and the effect is still refused
    low, high = estimate - _largest(left, refused + 1), estimate + _largest(right, refused + 1)
    return Inference(float(as_much.mean()), low, high, len(a), every)


def _reach(at_estimate: Floats, b: Floats, near: float) -> tuple[Floats, Floats]:
    """How far below and above the estimate |at_estimate − b·δ| ≥ |δ| goes on holding (it holds at δ = 0)."""
    c = np.where(np.abs(at_estimate) <= near, 0.0, at_estimate)
    with np.errstate(divide="ignore", invalid="ignore"):
        with_c = np.abs(c) / (1 + b)  # to the side of c
        against_c = np.abs(c) / (1 - b)
    # A slope of 1 is the real order under another name; steeper ones (unequal groups) never leave off on one side.
    endless = (np.abs(b) > 1 + TINY) | ((np.abs(b) >= 1 - TINY) & (c == 0))
    with_c[endless | (b <= -1 + TINY)] = np.inf
    against_c[endless | (b >= 1 - TINY)] = np.inf
    return np.where(c > 0, against_c, with_c), np.where(c > 0, with_c, against_c)


def _largest(reaches: Floats, place: int) -> float:
    return float(np.partition(reaches, len(reaches) - place)[len(reaches) - place])
