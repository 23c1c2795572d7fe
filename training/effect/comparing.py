"""Trained against still waiting, in the same block and period: a regression, kept as sums over persons.

Rows are the known days of person *i* in period *t*, where the block of *i* has both trained and waiting people by
assignment. `days = block × period + slope · baseline + effect · trained`, by least squares; *baseline* is the mean of
the person's known periods before the block's first wave. By the theorem of Frisch, Waugh and Lovell the effect is
`⟨D, M y⟩ / ⟨D, M D⟩`, where M removes the block-period means and the baseline, and D says who is trained. For another
order of waves only D changes, so everything that is needed of it is a sum over persons of what was made ready once:
a thousand orders cost little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from training.effect.panel import Booleans, Floats, Integers

TINY = 1e-9
"""Relative: two figures nearer than this are one; floating point must not make a difference of a tie."""
CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Comparison:
    """People in blocks: `block` (people) ascends from 0 without gaps; `start` and `days` are as in `Panel`.

    `slope` fixes the slope of the baseline (1: difference in differences); None estimates it.
    """

    block: Integers
    start: Integers
    days: Floats
    slope: float | None = None

    @cached_property
    def possible(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.rows.any()) and self._own_spread > TINY * float(self.rows.sum())

    @cached_property
    def estimate(self) -> float:
        """The effect of training in days per 28 days; only where `possible`."""
        return float((self.outcome * self.rest).sum() / self._own_spread)

    @cached_property
    def compared(self) -> Booleans:
        """On whom the estimate stands (people)."""
        return np.asarray(self.rows.any(axis=1), dtype=np.bool_)

    @cached_property
    def rows(self) -> Booleans:
        """Who is compared when (people × periods)."""
        trained = np.add.reduceat(self.treated(self.start).astype(np.int64), self._firsts, axis=0)
        sizes = np.diff(np.append(self._firsts, len(self.block)))[:, None]
        both = (trained > 0) & (trained < sizes)
        known: Booleans = both[self.block] & ~np.isnan(self.days)
        if self.slope is not None:
            known &= ~np.isnan(self.baseline)[:, None]
        return known

    @cached_property
    def baseline(self) -> Floats:
        """Each person's mean known days before the first wave of the block (people); NaN where there are none."""
        first_wave = np.minimum.reduceat(self.start, self._firsts)[self.block]
        before = (np.arange(self.days.shape[1]) < first_wave[:, None]) & ~np.isnan(self.days)
        sums, counts = np.where(before, self.days, 0.0).sum(axis=1), before.sum(axis=1)
        means: Floats = np.full(len(sums), np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means

    @cached_property
    def outcome(self) -> Floats:
        """The days without what block, period and baseline explain (people × periods); zero outside `rows`."""
        days = np.where(self.rows, self.days, 0.0)
        if self.slope is not None:
            return self._centred(days - self.slope * np.nan_to_num(self.baseline)[:, None])
        return self._without_baseline(self._centred(days))

    @cached_property
    def rest(self) -> Floats:
        """Who is trained, without what block, period and baseline explain of it (people × periods)."""
        return self._without_baseline(self._centred(self.treated(self.start).astype(np.float64)))

    def treated(self, start: Integers) -> Booleans:
        """Whether each person is trained by then (… × people × periods)."""
        return np.asarray(start)[..., None] <= np.arange(self.days.shape[1])

    def orders(self, starts: Integers) -> tuple[Floats, Floats]:
        """For each other order of waves (orders × people) two numbers, *a* and *b*.

        Had the effect been *e* days for everybody, that order would have given the estimate *a* − *b* · *e*. Both are
        NaN for an order under which there is nothing to compare.
        """
        outcome, rest, baseline = (_tails(table) for table in (self.outcome, self.rest, self._centred_baseline))
        everybody = np.arange(len(self.block))
        at_once = max(1, CELLS_AT_ONCE // max(1, self.days.size))
        found = []
        for begin in range(0, len(starts), at_once):
            some = starts[begin : begin + at_once]
            along = baseline[everybody, some].sum(axis=1)
            spread = self._spread(some) - (along**2 / self._baseline_spread if self._baseline_spread else 0.0)
            usable = np.where(spread > TINY * self._own_spread, spread, np.nan)
            found.append(
                (outcome[everybody, some].sum(axis=1) / usable, rest[everybody, some].sum(axis=1) / usable),
            )
        return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])

    @cached_property
    def _firsts(self) -> Integers:
        return np.flatnonzero(np.diff(self.block, prepend=-1)).astype(np.int64)

    @cached_property
    def _own_spread(self) -> float:
        return float((self.rest * self.rest).sum())

    @cached_property
    def _known(self) -> Floats:
        """How many are known in each block and period."""
        return np.add.reduceat(self.rows.astype(np.float64), self._firsts, axis=0)

    def _spread(self, starts: Integers) -> Floats:
        """⟨D, D⟩ within blocks and periods, for each order."""
        here = (self.treated(starts) & self.rows).astype(np.float32)
        trained = np.add.reduceat(here, self._firsts, axis=1).astype(np.float64)
        shares = np.divide(trained**2, self._known, out=np.zeros_like(trained), where=self._known > 0)
        return np.asarray((trained - shares).sum(axis=(1, 2)))

    def _centred(self, table: Floats) -> Floats:
        sums = np.add.reduceat(np.where(self.rows, table, 0.0), self._firsts, axis=0)
        means = np.divide(sums, self._known, out=np.zeros_like(sums), where=self._known > 0)
        return np.where(self.rows, table - means[self.block], 0.0)

    @cached_property
    def _centred_baseline(self) -> Floats:
        """Zero where the slope is given, where no baseline is known, and where it is the same for all."""
        if self.slope is not None:
            return np.zeros_like(self.days)
        known = ~np.isnan(self.baseline)
        sums = np.add.reduceat(np.where(known, self.baseline, 0.0), self._firsts)
        counts = np.add.reduceat(known.astype(np.float64), self._firsts)
        usual = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)[self.block]
        centred = self._centred(np.broadcast_to(np.where(known, self.baseline, usual)[:, None], self.days.shape))
        return centred if float((centred**2).sum()) > TINY * float(self.rows.sum()) else np.zeros_like(self.days)

    @cached_property
    def _baseline_spread(self) -> float:
        return float((self._centred_baseline**2).sum())

    def _without_baseline(self, table: Floats) -> Floats:
        if not self._baseline_spread:
            return table
        along = float((table * self._centred_baseline).sum()) / self._baseline_spread
        return table - along * self._centred_baseline


def _tails(table: Floats) -> Floats:
    """Sums of each row from a column to its end (people × (periods + 1)); the last column is zero."""
    sums = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([sums, np.zeros((len(table), 1))], axis=1)
