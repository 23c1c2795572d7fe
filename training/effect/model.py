"""What is said of an effect: one frozen value that the command, the pages and the reports read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.words import Text

Label = Literal["A", "B", "C", "D", "E"]
"""How strong the evidence is, by how it was decided who is trained when:

- A: the order of waves was drawn within each unit;
- B: it was drawn for whole units;
- C: everybody up to a limit of earlier use was trained, nobody above it;
- D: others wait, but nobody drew who;
- E: there is nobody to compare with: before and after, which is no evidence.
"""
Verdict = Literal["rose", "no real change", "fell", "cannot tell"]
VERDICTS: tuple[Verdict, ...] = ("rose", "no real change", "fell", "cannot tell")
FEWEST = 10
"""Nothing is said of fewer people."""
MARGIN = 1.0
"""Days per 28: an effect that is certainly smaller, up or down, is no real change."""


@dataclass(frozen=True, slots=True)
class Average:
    """Mean days of a group; None where the group is known for fewer than `FEWEST` people, who are not counted out."""

    people: int | None
    days: float | None


@dataclass(frozen=True, slots=True)
class PeriodAverages:
    """One period: those who are trained by then, those who still wait."""

    period: int
    trained: Average
    waiting: Average


@dataclass(frozen=True, slots=True)
class Effect:
    """Active working days per 28 that training added, and how far that can be trusted."""

    label: Label
    estimate: float | None
    """None where there is no single number to give: too few people, and the labels D and E."""
    low: float | None
    high: float | None
    """The 95 % interval; None where it has no end, and where there is no estimate."""
    p: float | None
    verdict: Verdict
    people: int
    """On how many people this stands; all trained and waiting people for the label E."""
    bracket: tuple[float, float] | None
    """For the label D: two answers that rest on different beliefs about who was chosen. Not an interval."""
    needs: Text | None
    """What would settle it; None where it is settled."""
    notes: tuple[Text, ...]
    """What whoever reads the figure must know: who was left out, what was taken for granted."""
    periods: tuple[PeriodAverages, ...]
    """The same people period by period."""
    before_after: tuple[tuple[int, Average], ...]
    """Trained people by periods since training (0 is the first one after it): a picture and never evidence."""
