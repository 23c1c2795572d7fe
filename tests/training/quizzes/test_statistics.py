"""How good questions are: worked by hand, and on people whose knowledge is known."""

from __future__ import annotations

import random

import pytest

from training.quizzes import item_figures


def test_below_ten_attempts_nothing_is_said() -> None:
    found = item_figures([{"a": 1.0, "b": 0.0}] * 9)
    assert (found["a"].asked, found["a"].ease, found["a"].notice) == (9, None, "too_few")


def test_by_hand() -> None:
    """Ten people: `a` goes with the rest, `b` is known to all, `c` against the rest."""
    attempts = [{"a": 1.0, "b": 1.0, "c": 0.0, "d": 1.0}] * 5 + [{"a": 0.0, "b": 1.0, "c": 1.0, "d": 0.0}] * 5
    found = item_figures(attempts)
    assert (found["a"].ease, found["b"].ease) == (0.5, 1.0)
    # of a, the others' sum is 2 of 3 for those who have it right and 2 of 3 for the rest: nothing to tell
    assert found["a"].discrimination is None
    assert found["b"].discrimination is None
    assert found["b"].notice == "too_easy"
    assert found["c"].discrimination == pytest.approx(-1)
    assert found["c"].notice == "misleading"


def test_people_whose_knowledge_is_known() -> None:
    """400 people who know more or less; a good question, a guess, one that tricks those who know."""
    chance = random.Random(20261122)
    attempts = []
    for _ in range(400):
        knows = chance.random()
        marks = {f"good{at}": float(chance.random() < knows) for at in range(5)}
        marks |= {"guess": float(chance.random() < 0.5), "trick": float(chance.random() < 0.9 - 0.8 * knows)}
        attempts.append(marks)
    found = item_figures(attempts)
    assert found["good0"].notice == "good"
    assert (found["good0"].discrimination or 0) > 0.3
    assert abs(found["guess"].discrimination or 0) < 0.15
    assert found["trick"].notice == "misleading"
