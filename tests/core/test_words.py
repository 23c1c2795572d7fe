"""Days in words: figures in Vietnamese; in English the month is a word, for 03/12 is read in two ways."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.words import Text, day_words, moment_words, month_words, short_day_words, span_words

DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (day_words(DAY), Text("03/12/2026", "3 December 2026")),
        (short_day_words(DAY), Text("03/12", "3 Dec")),
        (month_words(DAY), Text("12/2026", "December 2026")),
        (span_words(DAY, date(2027, 1, 31)), Text("03/12/2026 – 31/01/2027", "3 December 2026 – 31 January 2027")),
        (moment_words(datetime(2026, 5, 9, 7, 4)), Text("09/05/2026 07:04", "07:04 on 9 May 2026")),  # noqa: DTZ001
    ],
)
def test_a_day_is_written_as_its_language_writes_it(said: Text, expected: Text) -> None:
    """Each form in both languages."""
    assert said == expected
