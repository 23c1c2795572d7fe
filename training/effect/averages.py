"""Mean days of groups: the table under an estimate and the picture of before and after. Never of fewer than ten."""

from __future__ import annotations

import numpy as np

from training.effect.model import FEWEST, Average, PeriodAverages
from training.effect.panel import Booleans, Panel

FARTHEST = 6
"""So many periods before and after training are in the picture."""


def by_period(panel: Panel) -> tuple[PeriodAverages, ...]:
    """Trained and waiting people of each period."""
    trained = panel.start[:, None] <= np.arange(panel.periods)
    return tuple(
        PeriodAverages(panel.first + at, _average(panel, trained[:, at], at), _average(panel, ~trained[:, at], at))
        for at in range(panel.periods)
    )


def before_after(panel: Panel) -> tuple[tuple[int, Average], ...]:
    """People with a wave, by periods since it: -1 is the last one before training, 0 the first one after."""
    rows, columns = np.nonzero(~np.isnan(panel.days) & (panel.start < panel.periods)[:, None])
    since = columns - panel.start[rows]
    found = []
    for period in range(-FARTHEST, FARTHEST + 1):
        days = panel.days[rows[since == period], columns[since == period]]
        if len(days) >= FEWEST:
            found.append((period, Average(len(days), float(days.mean()))))
    return tuple(found)


def _average(panel: Panel, group: Booleans, at: int) -> Average:
    days = panel.days[group, at]
    days = days[~np.isnan(days)]
    return Average(len(days), float(days.mean())) if len(days) >= FEWEST else Average(None, None)
