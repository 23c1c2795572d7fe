"""Label C: everybody who used it on at most so many days was trained, nobody above; so who stands just on either side
of that limit differs in little but the training.

Whether that was so is seen in the figures themselves: one wave, and a limit on the days of the last period (or of the
better of the last two) that parts trained from waiting without a single exception. Two groups that were always apart
are no limit: most units must have people on both sides, and in the periods before those that were looked at there
must be no gap at the limit yet.

Then the days afterwards are laid out as two straight lines over the days before, one on either side, and the gap
between them at the limit is the effect: the effect for people near the limit, with an interval several times as wide as
a draw of the same size would give. Standard errors are HC3, which do not assume that all people scatter alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from training.effect.panel import Booleans, Floats, Panel

NARROWEST = 3.0
"""The lines are drawn over so many days on either side at least."""
FEWEST_A_SIDE = 10
FARTHEST_APART = 2.0
"""Days between the last person below and the first above: with nobody there, the lines only guess."""
ALREADY_APART = 0.01
"""The p value of a gap in earlier periods."""
STEPS = 3
"""Different numbers of days a line must stand on."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """People near the limit: `over` is the days before, less the limit; `after` their mean days afterwards."""

    over: Floats
    after: Floats
    trained: Booleans
    rows: Booleans
    """Who of the panel these people are."""
    earlier: Floats
    """Mean days of the periods before those by which people were chosen, centred; zero where there are none."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap at the limit with its 95 % interval."""

    estimate: float
    low: float
    high: float
    p: float
    people: int


def threshold(panel: Panel) -> Threshold | None:
    """The people on either side of the limit by which they were chosen; None where there was no such limit."""
    trained = panel.start < panel.periods
    waves = np.unique(panel.start[trained])
    if len(waves) != 1 or trained.all() or not 0 < waves[0] < panel.periods:
        return None
    wave = int(waves[0])
    for looked_at in (1, 2):
        window = panel.days[:, max(0, wave - looked_at) : wave]
        known = ~np.isnan(window).any(axis=1)
        if window.shape[1] < looked_at or not (known & trained).any() or not (known & ~trained).any():
            continue
        chosen_by = np.where(known, np.max(np.nan_to_num(window), axis=1), np.nan)
        highest, lowest = np.max(chosen_by[trained & known]), np.min(chosen_by[~trained & known])
        if highest < lowest <= highest + FARTHEST_APART:
            found = _near(panel, chosen_by - (highest + lowest) / 2, trained, wave, looked_at)
            return None if found is None or _always_apart(panel, found) else found
    return None


def _near(panel: Panel, over: Floats, trained: Booleans, wave: int, looked_at: int) -> Threshold | None:
    after, earlier = _means(panel.days[:, wave:]), _means(panel.days[:, : wave - looked_at])
    width = max(NARROWEST, -float(np.nanmin(over)))
    near = (np.abs(np.nan_to_num(over, nan=np.inf)) <= width) & ~np.isnan(after)
    for side in (trained, ~trained):
        if (near & side).sum() < FEWEST_A_SIDE or len(np.unique(over[near & side])) < STEPS:
            return None
    known = near & ~np.isnan(earlier)
    usual = float(earlier[known].mean()) if known.any() else 0.0
    centred = np.where(np.isnan(earlier), 0.0, earlier - usual)
    return Threshold(over[near], after[near], trained[near], near, centred[near])


def _always_apart(panel: Panel, found: Threshold) -> bool:
    """Whether it was the unit and not the limit that decided, or people were as far apart before anybody looked."""
    trained = np.bincount(panel.unit, weights=panel.start < panel.periods)
    mixed = (trained > 0) & (trained < np.bincount(panel.unit))
    if mixed[panel.unit[found.rows]].mean() < 0.5:
        return True
    if not found.earlier.any():
        return False
    before = replace(found, after=found.earlier, earlier=np.zeros_like(found.earlier))
    return gap(before).p <= ALREADY_APART


def gap(found: Threshold) -> Gap:
    """Two lines by least squares, and the gap between them where the limit is."""
    one = np.ones_like(found.over)
    columns = [found.trained.astype(np.float64), one, found.over, found.over * found.trained]
    if float(found.earlier.std()) > 0:
        columns.append(found.earlier)
    design = np.stack(columns, axis=1)
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T
    slopes = weights @ found.after
    leverage = np.clip(np.einsum("ij,ji->i", design, weights), 0.0, 1 - 1e-6)
    residual = (found.after - design @ slopes) / (1 - leverage)
    error = math.sqrt(float(((weights[0] * residual) ** 2).sum()))
    degrees = len(one) - len(columns)
    estimate, reach = float(slopes[0]), _student(degrees) * error
    return Gap(estimate, estimate - reach, estimate + reach, _two_sided(estimate, error, degrees), len(one))


def _means(days: Floats) -> Floats:
    known = ~np.isnan(days)
    counts = known.sum(axis=1)
    means: Floats = np.full(len(days), np.nan)
    np.divide(np.where(known, days, 0.0).sum(axis=1), counts, out=means, where=counts > 0)
    return means


def _student(degrees: int) -> float:
    """The 97.5 % point of Student's t, by the series of Abramowitz and Stegun 26.7.5 (10 degrees and more: ±0.001)."""
    z = 1.959963984540054
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3


def _two_sided(estimate: float, error: float, degrees: int) -> float:
    """The p value of t = estimate / error, by Abramowitz and Stegun 26.7.8."""
    if not error:
        return float(not estimate)
    t = abs(estimate) / error
    z = t * (1 - 1 / (4 * degrees)) / math.sqrt(1 + t * t / (2 * degrees))
    return math.erfc(z / math.sqrt(2))
