"""Challenges: ours, for their purpose, for five minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.factors import challenges

KEY = "k" * 40
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_ours_for_its_purpose_only() -> None:
    made = challenges.issued(KEY, "log in to 7", now=NOW)
    assert challenges.is_ours(KEY, "log in to 7", made, now=NOW)
    assert not challenges.is_ours(KEY, "log in to 8", made, now=NOW)
    assert not challenges.is_ours(KEY + "x", "log in to 7", made, now=NOW)


@pytest.mark.parametrize(("seconds", "ours"), [(-2, False), (0, True), (300, True), (301, False)])
def test_for_five_minutes(seconds: int, ours: bool) -> None:
    made = challenges.issued(KEY, "x", now=NOW)
    assert challenges.is_ours(KEY, "x", made, now=NOW + timedelta(seconds=seconds)) == ours


def test_no_two_are_the_same() -> None:
    made = {challenges.issued(KEY, "x", now=NOW) for _ in range(20)}
    assert len(made) == len({challenges.digest(one) for one in made}) == 20


@given(st.binary(max_size=80))
def test_anything_else_is_not_ours(given_bytes: bytes) -> None:
    assert not challenges.is_ours(KEY, "x", given_bytes, now=NOW)


@given(place=st.integers(0, 55), bit=st.integers(0, 7))
def test_a_changed_bit_makes_it_another_s(place: int, bit: int) -> None:
    made = bytearray(challenges.issued(KEY, "x", now=NOW))
    made[place] ^= 1 << bit
    assert not challenges.is_ours(KEY, "x", bytes(made), now=NOW)
