"""Seats are never over-given and the line keeps its order, whatever happens in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import SeatError
from training.seating import Seating, ask, leave, resize

PEOPLE = st.integers(1, 9)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), PEOPLE), st.tuples(st.just("leave"), PEOPLE), st.tuples(st.just("resize"), PEOPLE)
    ),
    max_size=40,
)


def after(before: Seating, event: tuple[str, int]) -> Seating:
    """What comes of an event; what is refused changes nothing."""
    try:
        return {"ask": ask, "leave": leave, "resize": resize}[event[0]](before, event[1])
    except SeatError:
        return before


def check(now: Seating) -> None:
    chairs = [chair for chair, _ in now.seated]
    people = [person for _, person in now.seated] + list(now.waiting)
    assert len(now.seated) <= now.places
    assert chairs == sorted(set(chairs))
    assert all(1 <= chair <= now.places for chair in chairs)
    assert len(set(people)) == len(people)
    assert not now.waiting or now.free == 0, "nobody waits while a chair is free"


@given(places=st.integers(1, 5), events=EVENTS)
def test_no_chair_is_given_twice_and_nobody_waits_beside_a_free_one(places: int, events: list[tuple[str, int]]) -> None:
    now = Seating(places)
    for event in events:
        now = after(now, event)
        check(now)


@given(places=st.integers(1, 5), events=EVENTS)
def test_the_line_keeps_the_order_of_asking(places: int, events: list[tuple[str, int]]) -> None:
    """A plain account of who asked when: those who sit asked before those who wait, and the line is in that order."""
    now, asked = Seating(places), dict[int, int]()
    for clock, event in enumerate(events):
        before, now = now, after(now, event)
        for person in now.people - before.people:
            asked[person] = clock
        moved_up = [one for one in before.waiting if one not in now.waiting and one in now.people]
        assert moved_up == list(before.waiting[: len(moved_up)]) or event[0] == "leave"
        stayed = [one for one in before.waiting if one in now.waiting]
        assert list(now.waiting[: len(stayed)]) == stayed
        assert sorted(now.waiting, key=asked.__getitem__) == list(now.waiting)


@given(places=st.integers(1, 5), events=EVENTS)
def test_who_has_a_seat_keeps_it_until_they_leave(places: int, events: list[tuple[str, int]]) -> None:
    now = Seating(places)
    for event in events:
        before, now = now, after(now, event)
        had, have = ({person for _, person in one.seated} for one in (before, now))
        assert had - have <= ({event[1]} if event[0] == "leave" else set())


def test_asking_twice_is_asking_once() -> None:
    once = ask(ask(Seating(1), 1), 2)
    assert ask(ask(once, 1), 2) == once == Seating(1, ((1, 1),), (2,))


def test_who_leaves_and_asks_again_asks_last() -> None:
    now = Seating(1)
    for person in (1, 2, 3):
        now = ask(now, person)
    assert ask(leave(now, 2), 2).waiting == (3, 2)


def test_fewer_places_than_people_are_refused_and_others_get_chairs_that_are_there() -> None:
    now = leave(ask(ask(ask(Seating(3), 1), 2), 3), 1)
    assert now.seated == ((2, 2), (3, 3))
    assert resize(now, 2).seated == ((1, 2), (2, 3))
    with pytest.raises(SeatError, match="2 people have a seat"):
        resize(now, 1)
