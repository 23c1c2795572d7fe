"""Did the training help? From a panel to what may honestly be said."""

from __future__ import annotations

import math
from dataclasses import replace

from core.words import Text
from training.effect import averages, judging
from training.effect.designs import Found, strongest
from training.effect.model import FEWEST, Effect
from training.effect.panel import Panel

PERMUTATIONS = 999
DECIMALS = 6
"""Beyond these, figures differ by rounding errors only; and so 0.0000000001 is not above zero."""
WARNING = Text("Trước và sau: không phải bằng chứng.", "Before and after: not evidence of effect.")


def measure_effect(panel: Panel, *, permutations: int = PERMUTATIONS, seed: int | None = None) -> Effect:
    """The effect of training in active working days per 28, by the strongest comparison that `panel` holds.

    The same figures give the same answer, in whatever order and under whatever names they come; `seed` chooses other
    permutations than those which follow from the figures.
    """
    ordered = panel.in_order()[0]
    found = strongest(ordered, permutations, seed)
    low, high = _shown(found.low), _shown(found.high)
    told = found.compared.people >= FEWEST
    verdict = judging.verdict(_rounded(found))
    return Effect(
        label=found.label,
        estimate=_shown(found.estimate) if told else None,
        low=low if told else None,
        high=high if told else None,
        p=found.p if told else None,
        bracket=found.bracket if told else None,
        verdict=verdict,
        people=found.compared.people,
        needs=judging.needs(found) if verdict == "cannot tell" else None,
        notes=_notes(panel, found),
        periods=averages.by_period(found.compared),
        before_after=averages.before_after(ordered),
    )


def _rounded(found: Found) -> Found:
    return replace(found, low=round(found.low, DECIMALS), high=round(found.high, DECIMALS))


def _shown(number: float | None) -> float | None:
    return None if number is None or math.isinf(number) else round(number, DECIMALS) + 0.0


def _notes(panel: Panel, found: Found) -> tuple[Text, ...]:
    notes: list[Text] = []
    if found.label == "E":
        notes.append(WARNING)
    if found.unlike_a_draw:
        notes.append(
            Text(
                "Trước đợt đầu, người học sớm và người học muộn khác nhau hơn mức một lần bốc thăm để lại.",
                "Before the first wave, early and late learners differ more than a draw would leave them.",
            )
        )
    if found.label in {"A", "B"}:
        notes.extend(_notes_of_a_draw(panel, found))
    if found.label != "E" and found.baseline_periods < 2:
        notes.append(
            Text(
                "Có ít hơn hai kỳ trước đợt đầu; có đủ hai kỳ thì ước lượng chính xác hơn.",
                "There are fewer than two periods before the first wave; with two the estimate is more precise.",
            )
        )
    return tuple(notes)


def _notes_of_a_draw(panel: Panel, found: Found) -> list[Text]:
    notes = []
    if not panel.drawn_said:
        notes.append(
            Text(
                "Số liệu không có cột drawn: coi như mọi thứ tự đợt đều do bốc thăm.",
                "The data have no column drawn: every wave is taken for drawn.",
            )
        )
    undrawn = panel.people - int(panel.drawn.sum())
    if undrawn:
        notes.append(
            Text(
                f"{undrawn} người không qua bốc thăm, không tính vào ước lượng.",
                f"{undrawn} people were not drawn and are left out of the estimate.",
            )
        )
    alone = int(panel.drawn.sum()) - found.compared.people
    if alone:
        notes.append(
            Text(
                f"{alone} người không có ai cùng đơn vị và kỳ để so sánh.",
                f"{alone} people had nobody to compare with in their unit and period.",
            )
        )
    return notes
