"""When somebody is reminded of a course, and when their head is told. Pure: days in, days out.

The same function says what goes out today and what the page of reminders to come foretells, so that the page is right.
"""

from __future__ import annotations

from training.reminders.planning import (
    AFTER,
    BEFORE,
    KINDS,
    Absence,
    Coming,
    Following,
    Kind,
    coming,
    is_away,
    is_to_head,
    last_day,
    to_send,
)

__all__ = [
    "AFTER",
    "BEFORE",
    "KINDS",
    "Absence",
    "Coming",
    "Following",
    "Kind",
    "coming",
    "is_away",
    "is_to_head",
    "last_day",
    "to_send",
]
