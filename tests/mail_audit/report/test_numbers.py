"""Numbers, rates and days as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest

from mail_audit.report.model import Period
from mail_audit.report.numbers import count, day, day_ranges, in_period, percent, percent_exact

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234, "1.234", "1,234"),
        (4_000_000, "4.000.000", "4,000,000"),
        (None, "–", "–"),
    ],
)
def test_counts(number: int | None, vi: str, en: str) -> None:
    assert (count(number, "vi"), count(number, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("rate", "vi", "en"),
    [
        (0.0, "0 %", "0%"),
        (0.125, "13 %", "13%"),
        (0.145, "15 %", "15%"),
        (0.005, "1 %", "1%"),
        (0.0001, "1 %", "1%"),
        (0.995, "99 %", "99%"),
        (0.9999, "99 %", "99%"),
        (1.0, "100 %", "100%"),
        (None, "–", "–"),
    ],
)
def test_whole_percent_rounds_half_up_and_never_hides_anybody(rate: float | None, vi: str, en: str) -> None:
    assert (percent(rate, "vi"), percent(rate, "en")) == (vi.replace(" ", NBSP), en)


@pytest.mark.parametrize(
    ("rate", "vi", "en"),
    [
        (0.0, "0,0 %", "0.0%"),
        (0.125, "12,5 %", "12.5%"),
        (0.1245, "12,5 %", "12.5%"),
        (1 / 3, "33,3 %", "33.3%"),
        (0.0001, "<0,1 %", "<0.1%"),
        (0.99999, ">99,9 %", ">99.9%"),
        (1.0, "100,0 %", "100.0%"),
        (None, "–", "–"),
    ],
)
def test_percent_of_a_table_has_one_decimal(rate: float | None, vi: str, en: str) -> None:
    assert (percent_exact(rate, "vi"), percent_exact(rate, "en")) == (vi.replace(" ", NBSP), en)


def test_a_day() -> None:
    assert day(date(2026, 10, 1), "vi") == "01/10/2026"
    assert day(date(2026, 10, 1), "en") == "1 October 2026"


@pytest.mark.parametrize(
    ("first", "last", "vi", "en"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "trong tháng 2/2026", "in February 2026"),
        (
            date(2028, 2, 1),
            date(2028, 2, 28),
            "từ 01/02/2028 đến 28/02/2028",
            "from 1 February 2028 to 28 February 2028",
        ),
        (date(2026, 10, 5), date(2026, 10, 5), "trong ngày 05/10/2026", "on 5 October 2026"),
        (
            date(2025, 12, 1),
            date(2026, 1, 31),
            "từ 01/12/2025 đến 31/01/2026",
            "from 1 December 2025 to 31 January 2026",
        ),
    ],
)
def test_when_in_a_sentence(first: date, last: date, vi: str, en: str) -> None:
    said = in_period(Period(first, last, "Asia/Ho_Chi_Minh", 1))
    assert (said.vi, said.en) == (vi, en)


def test_days_in_a_row_are_joined() -> None:
    days = (date(2026, 10, 12), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 2))
    assert day_ranges(days, "vi") == "01/10/2026–02/10/2026, 12/10/2026"
    assert day_ranges((), "vi") == ""
