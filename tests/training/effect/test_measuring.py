"""What is said of a panel: labels, verdicts, what would settle it, what is left unsaid; and what must not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tests.training.effect.offices import BEFORE, PERIODS, Town, offices, self_chosen
from training.effect import Effect, Panel, measure_effect, measuring
from training.effect.designs import Found
from training.effect.judging import needs
from training.effect.model import FEWEST


def _panel(seed: int = 1, **of_town: Any) -> Panel:
    return offices(Town(**of_town), np.random.default_rng(seed)).panel


towns = st.builds(
    lambda seed, people, units, missing: _panel(seed, people=people, units=units, days=1, missing=missing),
    st.integers(0, 10_000),
    st.integers(12, 40),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.1]),
)


@settings(max_examples=40)
@given(towns, st.randoms(use_true_random=False))
def test_neither_names_nor_the_order_of_rows_matter(panel: Panel, random: np.random.Generator) -> None:
    """Every figure is the same to the last digit, whatever people and units are called and however they are sorted."""
    people = list(range(panel.people))
    units = list(range(int(panel.unit.max()) + 1))
    random.shuffle(people)
    random.shuffle(units)
    again = replace(panel.only(np.array(people)), unit=np.array(units)[panel.unit[people]])
    assert measure_effect(again, permutations=99) == measure_effect(panel, permutations=99)


@settings(max_examples=40)
@given(towns, st.lists(st.floats(-3, 3), min_size=4, max_size=4))
def test_what_happens_to_a_whole_unit_is_not_the_effect(panel: Panel, shifts: list[float]) -> None:
    """A unit that uses e-mail more, all its people and all the time, changes no estimate."""
    moved = replace(panel, days=panel.days + np.array(shifts)[panel.unit][:, None])
    before, after = (measure_effect(one, permutations=99).estimate for one in (panel, moved))
    assert after == pytest.approx(before, abs=2e-6)


@settings(max_examples=40)
@given(towns, st.lists(st.floats(-3, 3), min_size=PERIODS, max_size=PERIODS))
def test_what_happens_to_a_whole_period_is_not_the_effect(panel: Panel, shifts: list[float]) -> None:
    """A festival, a circular of the chairman: everybody in the period has it, whether known in all periods or not."""
    whole = panel.only(np.flatnonzero(~np.isnan(panel.days).any(axis=1)))
    moved = replace(whole, days=whole.days + np.array(shifts))
    before, after = (measure_effect(one, permutations=99).estimate for one in (whole, moved))
    assert (before is None) == (after is None)
    assert before is None or after == pytest.approx(before, abs=2e-6)


@settings(max_examples=40)
@given(towns, st.floats(-5, 5))
def test_days_that_training_adds_to_everybody_are_the_effect(panel: Panel, more: float) -> None:
    trained = panel.start[:, None] <= np.arange(panel.periods)
    moved = replace(panel, days=panel.days + more * trained)
    before, after = (measure_effect(one, permutations=99).estimate for one in (panel, moved))
    assert before is not None
    assert after == pytest.approx(before + more, abs=2e-6)


@settings(max_examples=40)
@given(towns)
def test_the_interval_holds_the_estimate_and_the_verdict_agrees(panel: Panel) -> None:
    effect = measure_effect(panel, permutations=99)
    assert effect.estimate is not None
    low = -np.inf if effect.low is None else effect.low
    high = np.inf if effect.high is None else effect.high
    assert low <= effect.estimate <= high
    assert (effect.verdict == "rose") == (low > 0)
    assert (effect.verdict == "fell") == (high < 0)
    assert (effect.needs is None) == (effect.verdict != "cannot tell")
    if effect.verdict in {"rose", "fell"}:
        assert effect.p is not None
        assert effect.p <= 0.05


def test_the_same_figures_give_the_same_answer_and_a_seed_gives_another() -> None:
    panel = _panel(days=0.6, people=60)
    assert measure_effect(panel) == measure_effect(panel)
    assert measure_effect(panel, seed=1) == measure_effect(panel, seed=1)
    assert measure_effect(panel, seed=1).p != measure_effect(panel, seed=2).p
    assert measure_effect(panel, seed=1).estimate == measure_effect(panel, seed=2).estimate


def test_who_was_not_drawn_is_left_out_and_counted() -> None:
    panel = _panel(days=2)
    more = panel.only(np.concatenate([np.arange(60), np.arange(10)]))
    leaders = replace(more, start=np.where(np.arange(70) < 60, more.start, BEFORE), drawn=np.arange(70) < 60)
    with_leaders, without = measure_effect(leaders), measure_effect(panel)
    assert (with_leaders.estimate, with_leaders.low, with_leaders.people) == (without.estimate, without.low, 60)
    assert "10 people were not drawn" in with_leaders.notes[0].en


def test_a_unit_that_learns_all_at_once_tells_nothing_and_is_counted() -> None:
    panel = _panel(days=2, units=6)
    together = replace(panel, start=np.where(panel.unit == 5, BEFORE, panel.start))
    effect = measure_effect(together)
    assert (effect.label, effect.people) == ("A", 50)
    assert "10 people had nobody to compare with" in effect.notes[0].en


def test_it_says_when_it_takes_a_draw_for_granted() -> None:
    assert "taken for drawn" in measure_effect(replace(_panel(), drawn_said=False)).notes[0].en


@pytest.mark.parametrize(
    ("town", "label"),
    [(Town(), "A"), (Town(whole_units=True), "B"), (Town(people=150, by_limit=True), "C")],
)
def test_the_label_says_how_it_was_decided_who_learns_when(town: Town, label: str) -> None:
    assert measure_effect(offices(town, np.random.default_rng(2)).panel).label == label


def test_others_wait_but_nobody_drew() -> None:
    effect = measure_effect(self_chosen(offices(Town(days=2), np.random.default_rng(2))).panel)
    assert (effect.label, effect.verdict, effect.estimate, effect.p) == ("D", "cannot tell", None, None)
    assert effect.bracket is not None
    assert effect.bracket[0] < effect.bracket[1]
    assert effect.needs is not None
    assert "draw" in effect.needs.en


def test_low_users_beside_all_others_are_not_taken_for_drawn() -> None:
    """A file that says nothing of a draw, and trained people who were lower from the start: no claim is made of it."""
    panel = offices(Town(people=150, days=3, by_limit=True), np.random.default_rng(2)).panel
    chosen = replace(panel, start=np.where(np.arange(150) == 0, PERIODS, panel.start))  # one exception: no sharp limit
    silent = measure_effect(replace(chosen, drawn=np.ones_like(panel.drawn), drawn_said=False))
    assert (silent.label, silent.verdict) == ("D", "cannot tell")
    assert "differ more than a draw would leave them" in silent.notes[0].en
    told = measure_effect(replace(chosen, drawn=np.ones_like(panel.drawn)))
    assert told.label == "A"
    assert told.notes == silent.notes[:1]


def test_low_units_beside_others_are_not_taken_for_drawn() -> None:
    """The same for whole units: twelve that were low are trained, twelve others are not."""
    random = np.random.default_rng(3)
    unit = np.repeat(np.arange(24), 10)
    start = np.where(unit % 2, BEFORE, PERIODS)
    days = np.round(np.where(unit % 2, 3.0, 9.0)[:, None] + random.normal(0, 1, (240, PERIODS)))
    panel = Panel(unit, start, np.ones(240, dtype=np.bool_), days)
    assert measure_effect(panel).label == "B"
    silent = measure_effect(replace(panel, drawn_said=False))
    assert (silent.label, silent.verdict) == ("D", "cannot tell")


def test_where_the_unit_decided_it_was_not_the_limit() -> None:
    """Low units were trained, others not; there is one earlier period only, so nothing tells what was before it."""
    random = np.random.default_rng(3)
    low = np.arange(240) // 10 % 2 == 1
    days = np.round(np.where(low, 3.0, 9.0)[:, None] + np.clip(random.normal(0, 1, (240, 3)), -2.4, 2.4))
    panel = Panel(np.arange(240) // 10, np.where(low, 1, 3), np.zeros(240, dtype=np.bool_), days)
    assert (measure_effect(panel).label, measure_effect(panel).verdict) == ("D", "cannot tell")


def test_two_groups_that_were_always_apart_are_no_limit() -> None:
    """In every unit the low ones are trained; but they were as low before anybody looked, and stay so."""
    random = np.random.default_rng(3)
    low = np.arange(240) % 2 == 1
    days = np.round(np.where(low, 3.0, 9.0)[:, None] + np.clip(random.normal(0, 1, (240, PERIODS)), -2.4, 2.4))
    panel = Panel(np.arange(240) // 10, np.where(low, BEFORE, PERIODS), np.zeros(240, dtype=np.bool_), days)
    assert (measure_effect(panel).label, measure_effect(panel).verdict) == ("D", "cannot tell")


def test_a_draw_that_is_not_spoken_of_is_taken_for_one() -> None:
    labels = [measure_effect(replace(_panel(seed), drawn_said=False), permutations=199).label for seed in range(30)]
    assert labels.count("A") >= 29


def test_a_draw_without_a_difference_falls_down_the_ladder() -> None:
    """Drawn, and then all in one wave: there is nobody to compare with, and the picture says so."""
    panel = _panel(days=8)
    effect = measure_effect(replace(panel, start=np.full(panel.people, BEFORE)))
    assert (effect.label, effect.verdict, effect.estimate) == ("E", "cannot tell", None)
    assert effect.notes[0].vi == "Trước và sau: không phải bằng chứng."
    rises = [average.days for _, average in effect.before_after]
    assert len(rises) == PERIODS


def test_nobody_was_trained_yet() -> None:
    panel = _panel()
    effect = measure_effect(replace(panel, start=np.full(panel.people, PERIODS)))
    assert (effect.label, effect.verdict, effect.before_after) == ("E", "cannot tell", ())


def _numbers(effect: Effect) -> list[float]:
    averages = [average for one in effect.periods for average in (one.trained, one.waiting)]
    averages += [average for _, average in effect.before_after]
    said = [effect.estimate, effect.low, effect.high, effect.p, *(effect.bracket or ())]
    return [number for number in (*said, *(one.days for one in averages)) if number is not None]


@pytest.mark.parametrize("label", ["A", "B", "C", "D", "E"])
def test_nothing_is_said_of_fewer_than_ten(label: str) -> None:
    panel = _panel(people=FEWEST - 1, units=3, days=2)
    changed = {
        "A": panel,
        "B": replace(panel, start=BEFORE + panel.unit),
        "C": offices(Town(people=FEWEST - 1, units=1, by_limit=True), np.random.default_rng(1)).panel,
        "D": replace(panel, drawn=np.zeros_like(panel.drawn)),
        "E": replace(panel, start=np.full(panel.people, BEFORE)),
    }[label]
    effect = measure_effect(changed)
    assert _numbers(effect) == []
    assert effect.verdict == "cannot tell"


def test_a_group_under_ten_is_not_shown_in_the_table() -> None:
    effect = measure_effect(_panel(people=24, units=3))
    for one in effect.periods:
        for average in (one.trained, one.waiting):
            assert average.people is None or average.people >= FEWEST
            assert (average.days is None) == (average.people is None)
    assert any(one.trained.days is None for one in effect.periods)


@pytest.mark.parametrize(
    ("estimate", "reach", "asked"),
    [
        (0.0, 1.8, "about 300 more people, or at least 9 more periods"),
        (0.0, 1.1, "about 50 more people, or at least 2 more periods"),
        (0.5, 0.9, "about 300 more people, or at least 9 more periods"),
        (3.0, 3.6, "about 1200 more people, or at least 36 more periods"),
    ],
)
def test_what_would_settle_it_follows_from_the_width(estimate: float, reach: float, asked: str) -> None:
    """Half the width takes four times the people: 100 people within ±1.8 days become ±0.9 with 300 more."""
    waiting = replace(_panel(people=100), start=np.full(100, PERIODS))
    found = Found("A", waiting, estimate, estimate - reach, estimate + reach, 0.5, periods=3, orders=10**9)
    assert asked in needs(found).en
    nobody = replace(found, compared=replace(waiting, start=np.full(100, BEFORE)))
    assert "more periods" not in needs(nobody).en


def test_no_real_change_needs_a_narrow_interval() -> None:
    effect = measure_effect(_panel(people=400, units=15))
    assert effect.verdict == "no real change"
    assert effect.low is not None
    assert effect.high is not None
    assert -1 < effect.low < 0 < effect.high < 1


@pytest.mark.parametrize(("low", "high"), [(1e-12, 3.0), (-3.0, -1e-12)])
def test_what_differs_from_zero_by_rounding_only_is_zero(
    low: float, high: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Found("A", _panel(), 1e-12 + low / 2, low, high, 0.06, periods=3)
    monkeypatch.setattr(measuring, "strongest", lambda *_: found)
    effect = measure_effect(_panel())
    assert effect.verdict == "cannot tell"
    assert "-0.0" not in str([effect.low, effect.high])


def test_days_that_training_takes_away_fell() -> None:
    panel = _panel(people=150, units=8)
    trained = panel.start[:, None] <= np.arange(panel.periods)
    effect = measure_effect(replace(panel, days=panel.days - 3 * trained))
    assert effect.verdict == "fell"
    assert effect.estimate == pytest.approx(-3, abs=1)


@pytest.mark.parametrize("before", [0, 1])
def test_few_periods_before_the_first_wave_are_said(before: int) -> None:
    panel = _panel(days=3)
    cut = replace(panel, days=panel.days[:, BEFORE - before :], start=panel.start - BEFORE + before)
    effect = measure_effect(cut)
    assert (effect.label, effect.verdict) == ("A", "rose")
    assert "fewer than two periods" in effect.notes[-1].en
