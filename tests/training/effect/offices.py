"""Made-up offices whose effect of training is known: the panel, and what really was added to each person's days.

Days (0 to 20 of 28) follow from a person's habit, a mood that outlasts a period, what happens to the whole unit, a
slow rise of the town, and a festival that empties one period after the first wave. People are chosen because they were
low in the last period before the first wave, as a rule would choose them: so they rise afterwards by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.effect.panel import Booleans, Floats, Panel

BEFORE = 3
WAVES = 4
PERIODS = BEFORE + WAVES
LIMIT = 4
FULL = 20


@dataclass(frozen=True)
class Town:
    """How the town is laid out, what training does there, and what is not known."""

    people: int = 60
    units: int = 5
    days: float = 0.0
    """What training adds to the days of whom it helps."""
    helped: float = 1.0
    """Share of people whom it helps."""
    fading: float = 1.0
    """What is left of it from one period to the next."""
    missing: float = 0.0
    """Share of figures that are not known."""
    leave: float = 0.0
    """Share of people who are away for two periods."""
    transferred: float = 0.0
    """Share of people who sit in another unit from some period on."""
    whole_units: bool = False
    """Whole units are drawn, not persons."""
    by_limit: bool = False
    """Nobody is drawn: all who were low are trained at once, all others stay in the panel and never are."""


@dataclass(frozen=True)
class Offices:
    """A panel and the truth behind it."""

    panel: Panel
    added: Floats
    """What training adds on the average of everybody (people × periods), by assignment: zero before the wave."""


def offices(town: Town, random: np.random.Generator) -> Offices:
    """One town as it might have been; the wave of each person is drawn within the unit."""
    unit = np.sort(np.arange(town.people) % town.units)
    untrained = _days(unit, town, random)
    start = (
        np.where(untrained[:, BEFORE - 1] <= LIMIT, BEFORE, PERIODS) if town.by_limit else _drawn(unit, town, random)
    )
    since = np.arange(PERIODS) - start[:, None]
    strength = np.where(since >= 0, town.fading ** np.maximum(since, 0), 0.0) * town.days
    helped = random.permutation(np.arange(town.people) < round(town.helped * town.people))
    days = np.clip(untrained + strength * helped[:, None], 0.0, float(FULL))
    days[_unknown(town, random)] = np.nan
    panel = Panel(unit, start, np.full(town.people, not town.by_limit), days)
    return Offices(panel, strength * float(helped.mean()))


def self_chosen(found: Offices) -> Offices:
    """The same town, where nobody draws: whoever is rising already comes first."""
    panel = found.panel
    rising = np.nan_to_num(panel.days[:, BEFORE]) - np.nan_to_num(panel.days[:, BEFORE - 1])
    start = panel.start.copy()
    for unit in np.unique(panel.unit):
        members = np.flatnonzero(panel.unit == unit)
        start[members[np.argsort(-rising[members], kind="stable")]] = np.sort(panel.start[members])
    return Offices(replace(panel, start=start, drawn=np.zeros_like(panel.drawn)), found.added)


def _days(unit: np.ndarray, town: Town, random: np.random.Generator) -> Floats:
    """Active days without any training, of people who were low in the last period before the first wave."""
    unit_mood = random.normal(0.0, 0.4, (town.units, PERIODS))
    place = np.repeat(unit[:, None], PERIODS, axis=1)
    moved = random.random(len(unit)) < town.transferred
    since = random.integers(1, PERIODS, len(unit))
    elsewhere = moved[:, None] & (np.arange(PERIODS) >= np.maximum(since, BEFORE)[:, None])
    place = np.where(elsewhere, (place + 1) % town.units, place)
    season = 0.08 * np.arange(PERIODS) - 1.2 * (np.arange(PERIODS) == BEFORE + 1)
    found = np.empty((len(unit), PERIODS))
    waiting = np.ones(len(unit), dtype=np.bool_)
    while waiting.any():
        number = int(waiting.sum())
        days = _candidates(number, season + unit_mood[place[waiting], np.arange(PERIODS)], random)
        low = (days[:, BEFORE - 1] <= LIMIT) | town.by_limit
        rows = np.flatnonzero(waiting)[low]
        found[rows] = days[low]
        waiting[rows] = False
    return found


def _candidates(number: int, common: Floats, random: np.random.Generator) -> Floats:
    habit = random.normal(-0.6, 1.5, (number, 1))
    mood = np.empty((number, PERIODS))
    mood[:, 0] = random.normal(0.0, 1.0, number)
    for period in range(1, PERIODS):
        mood[:, period] = 0.5 * mood[:, period - 1] + random.normal(0.0, np.sqrt(0.75), number)
    return random.binomial(FULL, 1 / (1 + np.exp(-(habit + mood + common)))).astype(np.float64)


def _drawn(unit: np.ndarray, town: Town, random: np.random.Generator) -> np.ndarray:
    """Dealt like cards: unit after unit, people in a random order, waves in turn."""
    if town.whole_units:
        waves = random.permutation(np.arange(town.units) % WAVES)
        return np.asarray(BEFORE + waves[unit])
    order = np.lexsort((random.random(len(unit)), unit))
    start = np.empty(len(unit), dtype=np.int64)
    start[order] = BEFORE + np.arange(len(unit)) % WAVES
    return start


def _unknown(town: Town, random: np.random.Generator) -> Booleans:
    unknown: Booleans = random.random((town.people, PERIODS)) < town.missing
    away = random.random(town.people) < town.leave
    since = random.integers(0, PERIODS - 1, town.people)
    during = (np.arange(PERIODS) >= since[:, None]) & (np.arange(PERIODS) < since[:, None] + 2)
    return unknown | (during & away[:, None])
