"""Classes: planned, changed and cancelled; seats asked for and given back; who was there.

Whatever changes a class or its list locks the class's row first, so that events at the same moment follow one another;
`training.seating` says what becomes of the list, and the chairs' numbers are unique in the database besides.
"""

from __future__ import annotations

from training.services.classes.attending import check_in, enter, prove_attended
from training.services.classes.planning import ClassPlan, cancel_class, change_class, make_class
from training.services.classes.seats import ask_seat, give_seat, leave_seat, take_seat_away
from training.services.classes.taking_back import TakenBack, take_back

__all__ = [
    "ClassPlan",
    "TakenBack",
    "ask_seat",
    "cancel_class",
    "change_class",
    "check_in",
    "enter",
    "give_seat",
    "leave_seat",
    "make_class",
    "prove_attended",
    "take_back",
    "take_seat_away",
]
