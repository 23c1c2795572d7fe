"""Working days of Viet Nam."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import is_working_day, working_days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), True),  # a Thursday
        (date(2026, 10, 3), False),  # a Saturday
        (date(2026, 2, 17), False),  # lunar New Year
        (date(2026, 4, 27), False),  # the Hung Kings' day fell on a Sunday: the Monday is off
        (date(2026, 9, 2), False),  # National Day
        (date(2014, 1, 31), False),  # lunar New Year of 2014
    ],
)
def test_a_day_is_a_working_day_or_not(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_the_month_of_october_has_its_working_days() -> None:
    found = working_days(date(2026, 10, 1), date(2026, 10, 31))
    assert len(found) == 22
    assert found[0] == date(2026, 10, 1)
    assert found[-1] == date(2026, 10, 30)


def test_both_ends_are_included() -> None:
    assert working_days(date(2026, 10, 1), date(2026, 10, 1)) == [date(2026, 10, 1)]


def test_a_period_that_ends_before_it_begins_is_empty() -> None:
    assert working_days(date(2026, 10, 2), date(2026, 10, 1)) == []


def test_new_year_is_crossed() -> None:
    assert working_days(date(2025, 12, 31), date(2026, 1, 2)) == [date(2025, 12, 31), date(2026, 1, 2)]
