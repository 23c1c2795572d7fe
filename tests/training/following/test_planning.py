"""What holds of reminders whatever the days are: once each, never while away, in order, and as foretold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.calendar import is_working_day
from training.reminders import AFTER, BEFORE, Absence, Coming, Following, coming, is_away, is_to_head, last_day, to_send

BEGIN = date(2026, 10, 26)
"""Before a year's end with its holidays, Tết among them."""
days = st.integers(0, 120).map(lambda number: BEGIN + timedelta(days=number))
absences = st.builds(
    lambda first, length: Absence(first, None if length == 40 else first + timedelta(days=length)),
    days,
    st.integers(0, 40),
)
followings = st.builds(
    lambda since, length, away: Following(since, since + timedelta(days=length), tuple(away)),
    days,
    st.integers(0, 60),
    st.lists(absences, max_size=3),
)
END = BEGIN + timedelta(days=260)


def lived(one: Following, runs: set[int] | None = None) -> list[Coming]:
    """What goes out day by day when the worker runs on these days after the first (None: on every working day)."""
    found, left = [], one
    for number in range((END - one.since).days):
        day = one.since + timedelta(days=number)
        if is_working_day(day) if runs is None else number in runs:
            kind = to_send(left, day)
            if kind is not None:
                found.append(Coming(day, kind))
                left = replace(left, sent=left.sent | {kind})
    return found


@given(followings, st.none() | st.sets(st.integers(0, 200)))
def test_each_goes_out_once_in_order_and_never_to_who_is_away(one: Following, runs: set[int] | None) -> None:
    found = lived(one, runs)
    order = [*BEFORE, *AFTER]
    places = [order.index(each.kind) for each in found]
    assert places == sorted(set(places))
    assert not any(is_away(one, each.day) for each in found)


@given(followings)
def test_learners_until_the_last_day_and_heads_after_it(one: Following) -> None:
    end = last_day(one)
    for each in lived(one):
        assert end is not None
        assert (each.day > end) == is_to_head(each.kind)
        assert each.day > one.since
        if not is_to_head(each.kind):
            assert (one.due - each.day).days <= BEFORE[each.kind] + 14  # a long holiday at most before its own day


@given(followings)
def test_a_head_is_told_after_so_many_days_at_work(one: Following) -> None:
    end = last_day(one)
    for each in lived(one):
        if is_to_head(each.kind) and end is not None:
            there = [end + timedelta(days=number) for number in range(1, (each.day - end).days + 1)]
            assert sum(not is_away(one, day) for day in there) >= AFTER[each.kind]


@given(followings)
def test_whoever_comes_back_is_followed_to_the_end(one: Following) -> None:
    end, there, back = last_day(one), 0, False
    for number in range(1, 0 if end is None else (END - end).days):
        day = (end or END) + timedelta(days=number)
        there += not is_away(one, day)
        back |= there >= AFTER["head_7"] and not is_away(one, day) and is_working_day(day)
    assert ("head_7" in [each.kind for each in lived(one)]) == back


@given(followings)
def test_what_is_foretold_is_what_is_lived(one: Following) -> None:
    assert list(coming(one, one.since, END - timedelta(days=1))) == lived(one)
