"""How good the questions of a bank are: how many get each right, and whether those who know more do.

`ease` is the mean mark (0 to 1). `discrimination` is the correlation between the mark of the question and the mean of
the *other* marks of the same attempt (corrected item-total correlation, -1 to 1): near nothing, the question tells
nobody apart; below nothing, those who know more get it wrong, and it is the question that should be looked at. Both
are given from `FEWEST` attempts on: below, chance speaks and single people could be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FEWEST = 10
TOO_EASY, TOO_HARD, TOO_BLUNT = 0.95, 0.30, 0.10
Notice = Literal["too_few", "too_easy", "too_hard", "misleading", "blunt", "good"]


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """A question in the attempts that asked it; figures None where too few did, or where all marks are the same."""

    question: str
    asked: int
    ease: float | None
    discrimination: float | None

    @property
    def notice(self) -> Notice:
        """What to make of it, in a word."""
        if self.ease is None:
            return "too_few"
        if self.discrimination is not None and self.discrimination < 0:
            return "misleading"
        if self.ease > TOO_EASY:
            return "too_easy"
        if self.ease < TOO_HARD:
            return "too_hard"
        if self.discrimination is not None and self.discrimination < TOO_BLUNT:
            return "blunt"
        return "good"


def item_figures(attempts: Iterable[Mapping[str, float]]) -> dict[str, ItemFigures]:
    """Question key -> its figures, from the marks (0 to 1 by question key) of attempts, one a person."""
    marks: dict[str, list[tuple[float, float | None]]] = {}
    for attempt in attempts:
        total = math.fsum(attempt.values())
        for question, own in attempt.items():
            rest = (total - own) / (len(attempt) - 1) if len(attempt) > 1 else None
            marks.setdefault(question, []).append((own, rest))
    return {question: _figures(question, pairs) for question, pairs in sorted(marks.items())}


def _figures(question: str, pairs: list[tuple[float, float | None]]) -> ItemFigures:
    if len(pairs) < FEWEST:
        return ItemFigures(question, len(pairs), None, None)
    ease = math.fsum(own for own, _rest in pairs) / len(pairs)
    both = [(own, rest) for own, rest in pairs if rest is not None]
    return ItemFigures(question, len(pairs), ease, _correlation(both) if len(both) >= FEWEST else None)


def _correlation(pairs: list[tuple[float, float]]) -> float | None:
    """Pearson's; None where one side is the same throughout."""
    count = len(pairs)
    means = math.fsum(x for x, _y in pairs) / count, math.fsum(y for _x, y in pairs) / count
    left = math.fsum((x - means[0]) ** 2 for x, _y in pairs)
    right = math.fsum((y - means[1]) ** 2 for _x, y in pairs)
    tiny = 1e-12 * count
    if left < tiny or right < tiny:
        return None
    together = math.fsum((x - means[0]) * (y - means[1]) for x, y in pairs)
    return max(-1.0, min(1.0, together / math.sqrt(left * right)))
