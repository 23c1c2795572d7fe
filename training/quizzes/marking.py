"""Marks: a fraction from 0 to 1 for each question, and the percentage of an attempt. All exact, nothing rounded up.

`one` and `truth`: all or nothing. `several`: what was rightly ticked less what was wrongly ticked, of all right ones,
and never below nothing: ticking everything gains nothing where half is wrong. `order` and `match`: the share that
stands right; a place or partner given twice counts for none, so that one answer for all gains nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from training.quizzes.model import Question


def mark(question: Question, given: Sequence[str]) -> Fraction:
    """The mark of an answer (`reading.read_answer`); nothing for none."""
    if question.paired:
        if len(given) != len(question.right):
            return Fraction(0)
        often = Counter(given)
        right = sum(one == wanted and often[one] == 1 for one, wanted in zip(given, question.right, strict=True))
        return Fraction(right, len(question.right))
    chosen, wanted = set(given), set(question.right)
    if question.kind == "several":
        return max(Fraction(0), Fraction(len(chosen & wanted) - len(chosen - wanted), len(wanted)))
    return Fraction(chosen == wanted)


def percent_of(marks: Iterable[Fraction]) -> int:
    """The mean of the marks in whole percent, rounded down: 79.9 is not 80. Raises `ValueError` without any marks."""
    each = tuple(marks)
    if not each:
        raise ValueError("an attempt has at least one question")
    return int(sum(each, Fraction(0)) / len(each) * 100)
