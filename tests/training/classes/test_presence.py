"""Codes of the screen: of one class at one time, for a minute and a half, and of no use to anybody elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.presence import (
    AFTER,
    ALPHABET,
    BEFORE,
    CODE_LENGTH,
    STEP,
    STEPS_GOOD,
    TICKET_GOOD,
    Session,
    changes_at,
    code,
    is_good,
    is_good_ticket,
    ticket,
)

KEY = "k" * 40
CLASS = Session("class-1", datetime(2026, 11, 24, 1, 30, tzinfo=UTC), datetime(2026, 11, 24, 3, 30, tzinfo=UTC))
NOW = datetime(2026, 11, 24, 1, 40, 10, tzinfo=UTC)


def shown(session: Session = CLASS, now: datetime = NOW, key: str = KEY) -> str:
    made = code(key, session, now)
    assert made is not None
    return made


def test_a_code_is_good_while_it_is_shown_and_a_minute_more() -> None:
    made, last = shown(), NOW.replace(second=29) + STEP * (STEPS_GOOD - 1)
    assert len(made) == CODE_LENGTH
    assert set(made) <= set(ALPHABET)
    assert is_good(KEY, CLASS, made, NOW)
    assert is_good(KEY, CLASS, made, last)
    assert not is_good(KEY, CLASS, made, last + timedelta(seconds=1))
    assert not is_good(KEY, CLASS, made, NOW - STEP)


def test_it_changes_by_itself() -> None:
    assert changes_at(NOW) == NOW.replace(second=30)
    assert shown(now=NOW.replace(second=29)) == shown()
    assert shown(now=NOW.replace(second=30)) != shown()


@pytest.mark.parametrize(
    "other",
    [
        replace(CLASS, uid="class-2"),
        replace(CLASS, starts_at=CLASS.starts_at - timedelta(minutes=5)),
        replace(CLASS, ends_at=CLASS.ends_at + timedelta(minutes=5)),
        replace(CLASS, cancelled=True),
    ],
    ids=["another class", "another beginning", "another end", "cancelled"],
)
def test_neither_code_nor_ticket_is_good_for_anything_else(other: Session) -> None:
    assert not is_good(KEY, other, shown(), NOW)
    assert not is_good_ticket(KEY, other, ticket(KEY, CLASS, NOW), NOW)
    assert not is_good("x" * 40, CLASS, shown(), NOW)
    assert not is_good_ticket("x" * 40, CLASS, ticket(KEY, CLASS, NOW), NOW)


def test_there_is_no_code_outside_the_time_of_the_class() -> None:
    first, last = CLASS.starts_at - BEFORE, CLASS.ends_at + AFTER
    assert code(KEY, CLASS, first) is not None
    assert code(KEY, CLASS, first - timedelta(seconds=1)) is None
    assert code(KEY, CLASS, last) is None
    late = shown(now=last - timedelta(seconds=1))
    assert not is_good(KEY, CLASS, late, last)
    assert not is_good_ticket(KEY, CLASS, ticket(KEY, CLASS, last - timedelta(seconds=1)), last)


def test_a_code_made_for_later_is_not_good_now() -> None:
    """Whoever could make the codes of next week's class could not use them today."""
    later = replace(CLASS, starts_at=CLASS.starts_at + timedelta(days=7), ends_at=CLASS.ends_at + timedelta(days=7))
    ahead = shown(later, NOW + timedelta(days=7))
    assert not is_good(KEY, later, ahead, NOW)
    assert not is_good(KEY, CLASS, ahead, NOW)


def test_it_may_be_typed_in_small_letters_with_spaces_and_lookalikes() -> None:
    made = shown()
    typed = f" {made[:4].lower()}-{made[4:].lower()} ".replace("1", "l").replace("0", "o")
    assert is_good(KEY, CLASS, typed, NOW)


@given(st.text(max_size=50))
def test_nothing_else_is_taken_for_a_code(typed: str) -> None:
    assert not is_good(KEY, CLASS, typed, NOW)
    assert not is_good_ticket(KEY, CLASS, typed, NOW)


def test_a_ticket_keeps_for_ten_minutes_what_the_code_proved() -> None:
    made = ticket(KEY, CLASS, NOW)
    assert is_good_ticket(KEY, CLASS, made, NOW + TICKET_GOOD - timedelta(seconds=1))
    assert not is_good_ticket(KEY, CLASS, made, NOW + TICKET_GOOD + timedelta(seconds=1))
    assert not is_good_ticket(KEY, CLASS, made, NOW - timedelta(minutes=1))
    at, mark = made.split(".")
    assert not is_good_ticket(KEY, CLASS, f"{int(at) + 60}.{mark}", NOW + timedelta(minutes=1))
