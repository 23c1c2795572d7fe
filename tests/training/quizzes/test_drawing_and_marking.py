"""The draw and the marks: what holds of every bank, every seed and every answer."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.quizzes.made import question, questions
from training.quizzes import Asked, Question, draw, has_answer, mark, percent_of, read_answer, value_of

SEEDS = st.text("0123456789abcdef", min_size=1, max_size=32)


def bank(count: int, lessons: str = "ab") -> list[Question]:
    return [question("one", ["x", "y"], ("x",), key=f"q{at}", lesson=lessons[at % len(lessons)]) for at in range(count)]


def fields_of(asked: Asked, answer: tuple[str, ...]) -> dict[str, list[str]]:
    """What a page sends when it shows this answer."""
    shown = {one.value: value_of(asked, answer, one.value) for one in asked.choices}
    if asked.paired:
        return {f"pair-{choice}": [value] for choice, value in shown.items()}
    return {"choice": [value for value in shown.values() if value]}


@given(st.integers(1, 30), st.integers(1, 12), SEEDS)
def test_the_draw_takes_as_many_as_asked_and_none_twice(there: int, count: int, seed: str) -> None:
    drawn = draw(bank(there), seed=seed, count=count)
    assert len(drawn) == min(there, count)
    assert len({one.question for one in drawn}) == len(drawn)
    assert [one.number for one in drawn] == list(range(1, len(drawn) + 1))
    assert drawn == draw(bank(there), seed=seed, count=count), "the same seed, the same sheet"
    assert drawn == draw(bank(there)[::-1], seed=seed, count=count), "however the bank is sorted"


@given(SEEDS)
def test_no_lesson_is_left_out_by_chance(seed: str) -> None:
    drawn = draw(bank(20, "abcde"), seed=seed, count=5)
    assert {one.lesson for one in drawn} == set("abcde")


def test_every_question_and_every_order_has_its_chance() -> None:
    """Over 600 seeds: each of ten questions is drawn about 240 times (four of ten), each order of two about half."""
    asked: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for seed in range(600):
        for one in draw(bank(10), seed=str(seed), count=4):
            asked[one.question] += 1
            first[one.choice_keys[0]] += 1
    assert all(180 < asked[f"q{at}"] < 300 for at in range(10)), asked
    assert 0.44 < first["x"] / first.total() < 0.56


def test_nothing_is_drawn_from_a_count_below_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw(bank(3), seed="x", count=0)


@given(questions(), SEEDS)
def test_the_right_answer_survives_the_page_and_gets_all(one: Question, seed: str) -> None:
    asked = draw([one], seed=seed, count=1)[0]
    answer = read_answer(asked, fields_of(asked, one.right))
    assert answer == one.right
    assert has_answer(asked, answer)
    assert mark(one, answer) == 1


@given(questions(), SEEDS)
def test_nothing_gets_nothing(one: Question, seed: str) -> None:
    asked = draw([one], seed=seed, count=1)[0]
    assert mark(one, read_answer(asked, {})) == 0
    assert not has_answer(asked, ())


@given(questions(), SEEDS, st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=4), max_size=4)), st.data())
def test_whatever_is_sent_is_an_answer_or_none(
    one: Question, seed: str, sent: dict[str, list[str]], data: st.DataObject
) -> None:
    asked = draw([one], seed=seed, count=1)[0]
    values = st.sampled_from(["0", "1", "2", "3", "9", "-1", "１", "x", ""])
    sent |= {"choice": data.draw(st.lists(values, max_size=5))}
    sent |= {f"pair-{choice.value}": data.draw(st.lists(values, max_size=2)) for choice in asked.choices}
    answer = read_answer(asked, sent)
    assert 0 <= mark(one, answer) <= 1
    assert read_answer(asked, fields_of(asked, answer)) == answer, "what is kept is what the page shows again"


@given(questions("several"), SEEDS)
def test_ticking_everything_gains_no_more_than_what_is_right_less_what_is_wrong(one: Question, seed: str) -> None:
    everything = tuple(choice.key for choice in one.choices)
    right = len(one.right)
    assert mark(one, everything) == max(Fraction(0), Fraction(2 * right - len(everything), right))


@given(questions("match"))
def test_one_partner_for_all_gains_nothing(one: Question) -> None:
    assert mark(one, (one.right[0],) * len(one.right)) == 0


def test_a_swap_costs_the_two_that_were_swapped() -> None:
    made = question("order", ["a", "b", "c", "d"], ("1", "2", "3", "4"))
    assert mark(made, ("2", "1", "3", "4")) == Fraction(1, 2)


def test_the_percentage_is_rounded_down() -> None:
    assert percent_of([Fraction(1), Fraction(1), Fraction(0)]) == 66
    assert percent_of([Fraction(4, 5)] * 3) == 80, "exactly"
    with pytest.raises(ValueError, match="at least one question"):
        percent_of([])


def test_an_author_who_writes_the_right_one_first_gives_nothing_away() -> None:
    made = question("one", ["right", "w1", "w2", "w3"], ("right",))
    places = Counter(draw([made], seed=str(seed), count=1)[0].choice_keys.index("right") for seed in range(400))
    assert all(60 < places[place] < 140 for place in range(4)), places
