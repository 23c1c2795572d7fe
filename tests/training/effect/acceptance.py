"""The method on many made-up towns whose truth is known: how often it is wrong, and by how much.

The same towns are given to the comparison of before and after, which must fail: else they would not hold the trap (who
is chosen for being low rises without any training) and passing would mean nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tests.training.effect.offices import BEFORE, Offices, Town, offices
from training.effect import Panel, measure_effect
from training.effect.comparing import Comparison

SIZES = ((24, 3), (60, 5), (150, 8), (400, 15))
"""People and units."""
CASES: dict[str, Town] = {
    "no effect": Town(),
    "+1 day": Town(days=1),
    "+2 days": Town(days=2),
    "+2 days for 40 %": Town(days=2, helped=0.4),
    "+2 days, fading": Town(days=2, fading=0.6),
    "+2 days, 70 % attend": Town(days=2, helped=0.7),
    "+2 days, 10 % missing": Town(days=2, missing=0.1),
    "+2 days, leave": Town(days=2, leave=0.2),
    "+2 days, transfers": Town(days=2, transferred=0.15),
}
PERMUTATIONS = 199
Change = Callable[[Offices], Offices]


@dataclass(frozen=True)
class Score:
    """What came of many towns; shares are of the runs."""

    runs: int
    rose: float
    fell: float
    cannot_tell: float
    covered: float
    """How often the truth lay in the interval."""
    bias: float
    """Mean estimate less mean truth, in days."""
    width: float
    """The median width of the interval, in days."""
    before_after: float
    """How often before and after would have claimed a change."""

    @property
    def claimed(self) -> float:
        """How often a change was claimed: where there is none, the share of false alarms."""
        return self.rose + self.fell


def play(town: Town, runs: int, *, seed: int = 0, changed: Change | None = None) -> Score:
    """The score of so many towns of one kind; the same `seed` gives the same towns."""
    verdicts: list[str] = []
    errors, widths, covered, naive = [], [], [], []
    for run in range(runs):
        found = offices(town, np.random.default_rng([seed, town.people, run]))
        found = changed(found) if changed else found
        effect = measure_effect(found.panel, permutations=PERMUTATIONS)
        low = -math.inf if effect.low is None else effect.low
        high = math.inf if effect.high is None else effect.high
        verdicts.append(effect.verdict)
        truth = _truth(found)
        covered.append(low <= truth <= high)
        widths.append(high - low)
        if effect.estimate is not None:
            errors.append(effect.estimate - truth)
        naive.append(_before_after_claims(found.panel))
    share = {verdict: verdicts.count(verdict) / runs for verdict in set(verdicts)}
    return Score(
        runs,
        share.get("rose", 0.0),
        share.get("fell", 0.0),
        share.get("cannot tell", 0.0),
        float(np.mean(covered)),
        float(np.mean(errors)) if errors else math.nan,
        float(np.median(widths)),
        float(np.mean(naive)),
    )


def sized(town: Town, people: int, units: int) -> Town:
    """The same kind of town in another size."""
    return replace(town, people=people, units=units)


def _truth(found: Offices) -> float:
    """What the comparison would give if nothing but training moved anybody: periods weigh as they do in it."""
    panel = found.panel
    if found.added.max() == 0:
        return 0.0
    added = np.where(np.isnan(panel.days), np.nan, found.added)
    if set(panel.start.tolist()) <= {BEFORE, panel.periods}:  # all at once, or all who were below a limit
        return float(np.nanmean(added[panel.start == BEFORE, BEFORE:]))
    within = Comparison(panel.unit, panel.start, added)
    return (within if within.possible else Comparison(np.zeros_like(panel.unit), panel.start, added)).estimate


def _before_after_claims(panel: Panel) -> bool:
    """The usual paired test: the last period before the first wave beside the mean of all after it, at 5 %."""
    trained = panel.days[panel.start < panel.periods]
    known = ~np.isnan(trained[:, BEFORE - 1]) & ~np.isnan(trained[:, BEFORE:]).all(axis=1)
    change = np.nanmean(trained[known, BEFORE:], axis=1) - trained[known, BEFORE - 1]
    return bool(abs(change.mean()) > 1.96 * change.std(ddof=1) / math.sqrt(len(change)))
