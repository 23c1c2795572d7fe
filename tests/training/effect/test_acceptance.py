"""The short acceptance simulation; `python -m tests.bench.effect` plays the long one of docs/effect.md."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from tests.training.effect.acceptance import CASES, play
from tests.training.effect.offices import Offices, Town, offices, self_chosen
from training.effect import measure_effect

RUNS = 200


def _within(share: float, expected: float) -> bool:
    """Three standard errors of that many towns."""
    return abs(share - expected) <= 3 * math.sqrt(expected * (1 - expected) / RUNS)


def test_without_an_effect_it_is_rarely_claimed_and_before_and_after_fails() -> None:
    score = play(CASES["no effect"], RUNS, seed=1)
    assert _within(score.claimed, 0.05)
    assert _within(score.covered, 0.95)
    assert score.before_after >= 0.6, "the towns must hold the trap, or passing means nothing"


@pytest.mark.parametrize("case", [case for case in CASES if case != "no effect"])
def test_an_effect_is_found_as_large_as_it_is(case: str) -> None:
    score = play(CASES[case], RUNS // 2, seed=2)
    assert score.covered >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / (RUNS // 2))
    assert abs(score.bias) <= 3 * score.width / 3.92 / math.sqrt(RUNS // 2)
    assert score.fell <= 0.05


def test_more_people_tell_more() -> None:
    few, many = (play(Town(people=people, units=units, days=1), 50, seed=3) for people, units in ((24, 3), (400, 15)))
    assert few.rose < 0.5
    assert many.rose > 0.9
    assert many.width < 1.3


def test_three_whole_units_can_never_tell() -> None:
    for days in (0, 2, 8):
        score = play(Town(people=60, units=3, days=days, whole_units=True), 50, seed=4)
        assert score.cannot_tell == 1.0
        assert score.width == math.inf


def test_many_whole_units_can() -> None:
    score = play(Town(people=400, units=20, days=2, whole_units=True), 50, seed=5)
    assert score.rose >= 0.9
    assert score.covered >= 0.85


def test_a_limit_tells_of_those_near_it() -> None:
    nothing, much = (play(Town(people=400, units=15, days=days, by_limit=True), 100, seed=6) for days in (0, 5))
    assert nothing.claimed <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 100)
    assert much.rose >= 0.9
    assert min(nothing.covered, much.covered) >= 0.9


@pytest.mark.parametrize("days", [0, 2, 8])
def test_nobody_drew_so_nothing_is_claimed(days: float) -> None:
    score = play(Town(days=days), 50, seed=7, changed=self_chosen)
    assert (score.rose, score.fell, score.cannot_tell) == (0.0, 0.0, 1.0)


def test_all_at_once_is_a_picture_and_no_evidence() -> None:
    def together(found: Offices) -> Offices:
        return replace(found, panel=replace(found.panel, start=np.full(found.panel.people, 3)))

    score = play(Town(days=8), 20, seed=8, changed=together)
    assert score.cannot_tell == 1.0
    assert score.before_after == 1.0


def test_four_hundred_people_and_999_permutations_take_a_moment() -> None:
    """Measured in processor time of this process, which other work on the machine does not lengthen."""
    panel = offices(Town(people=400, units=15, days=1, missing=0.1), np.random.default_rng(9)).panel
    started = time.process_time()
    measure_effect(panel, permutations=999)
    assert time.process_time() - started < 10
