"""The long acceptance simulation of the effect of training: 2,000 towns a cell, and the table of `docs/effect.md`.

`python -m tests.bench.effect` takes about ten minutes on one core; a number after it plays so many towns instead. Ends
with 1 when a false alarm, a missed truth or a bias is more often or larger than it may be, and when before and after,
on the same towns, does not fail.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence

from tests.training.effect.acceptance import CASES, SIZES, Score, play, sized
from tests.training.effect.offices import Town, self_chosen

RUNS = 2_000
LEAST_COVERED = 0.935
MOST_BIAS = 0.1
"""Days, from sixty people on."""
TRAP = 0.6
"""So often before and after must claim a change where there is none."""
WHOLE_UNITS = ((60, 3), (60, 6), (150, 10), (400, 20))
LIMITS = ((150, 8), (400, 15), (1_000, 20))
HEAD = "| design | people/units | truth | rose | fell | cannot tell | truth in interval | bias | width | before/after |"


def main(arguments: Sequence[str]) -> int:
    """All cells, a row each; the exit code."""
    runs = int(arguments[0]) if arguments else RUNS
    print(f"{runs} towns a cell, 199 permutations each\n\n{HEAD}\n|{'---|' * (HEAD.count('|') - 1)}")
    wrong = [sentence for cell in (_drawn, _units, _limits, _self_chosen) for sentence in cell(runs)]
    print(*(wrong or ["\nAll as it must be."]), sep="\n")
    return int(bool(wrong))


def _drawn(runs: int) -> Iterator[str]:
    """Label A: every size and every case."""
    for people, units in SIZES:
        for case, town in CASES.items():
            score = play(sized(town, people, units), runs)
            _row("A", people, units, case, score)
            place = f"A, {people} people, {case}"
            if case == "no effect":
                yield from _false_alarms(place, score)
                if score.before_after < TRAP:
                    yield f"{place}: before and after claims only {score.before_after:.1%}"
            if score.covered < LEAST_COVERED - _slack(runs):
                yield f"{place}: the truth is in {score.covered:.1%} of the intervals"
            error = 0.0 if runs >= RUNS else 3 * score.width / 3.92 / math.sqrt(runs)
            if people >= 60 and abs(score.bias) > MOST_BIAS + error:
                yield f"{place}: {score.bias:+.2f} days off"


def _units(runs: int) -> Iterator[str]:
    """Label B: three units never tell; more do."""
    for people, units in WHOLE_UNITS:
        for days in (0, 2):
            score = play(Town(people=people, units=units, days=days, whole_units=True), runs // 4)
            _row("B", people, units, f"{days:+} days" if days else "no effect", score)
            if units == 3 and score.cannot_tell < 1:
                yield f"B, 3 units: tells in {1 - score.cannot_tell:.1%}"
            if not days:
                yield from _false_alarms(f"B, {units} units", score, at_most=True)


def _limits(runs: int) -> Iterator[str]:
    """Label C."""
    for people, units in LIMITS:
        for days in (0, 2):
            score = play(Town(people=people, units=units, days=days, by_limit=True), runs // 4)
            _row("C", people, units, f"{days:+} days" if days else "no effect", score)
            if not days:
                yield from _false_alarms(f"C, {people} people", score, at_most=True)


def _self_chosen(runs: int) -> Iterator[str]:
    """Label D: whatever is true, nothing is claimed."""
    for days in (0, 2):
        score = play(Town(people=150, units=8, days=days), runs // 4, changed=self_chosen)
        _row("D", 150, 8, f"{days:+} days" if days else "no effect", score)
        if score.cannot_tell < 1:
            yield f"D: claims something in {score.claimed:.1%}"


def _false_alarms(place: str, score: Score, *, at_most: bool = False) -> Iterator[str]:
    off = score.claimed - 0.05
    errors = 3 if score.runs >= RUNS // 4 else 4  # of a short run's dozen cells one may lie far out by chance
    if (off if at_most else abs(off)) > errors * math.sqrt(0.05 * 0.95 / score.runs):
        yield f"{place}: claims a change in {score.claimed:.1%} of the towns without any"


def _slack(runs: int) -> float:
    """Fewer towns than the full number say less: a short run is not failed by chance."""
    return 0.0 if runs >= RUNS else 3 * math.sqrt(0.05 * 0.95 / runs)


def _row(label: str, people: int, units: int, truth: str, score: Score) -> None:
    shares = (score.rose, score.fell, score.cannot_tell, score.covered)
    bias = "–" if math.isnan(score.bias) else f"{score.bias:+.2f}"
    width = "no end" if math.isinf(score.width) else f"{score.width:.1f}"
    cells = [label, f"{people}/{units}", truth, *(f"{share:.1%}" for share in shares), bias, width]
    print(f"| {' | '.join(cells)} | {score.before_after:.0%} |", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
