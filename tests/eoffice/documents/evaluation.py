"""How many seeded faults of form are found, and how many findings are false.

    python -m tests.eoffice.documents.evaluation [--letters 200] [--seed 1] [--blind] [--keep FOLDER] [--wrong]

A fault is found if the rule that it breaks is reported at the very paragraph it was put into. Every other finding is a
false alarm. `--blind` takes words, organs and names that were never looked at while rules were made.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eoffice.documents.checking import Finding
from eoffice.documents.inspection import inspect
from eoffice.documents.ruleset import load
from tests.eoffice.documents.letters.by_python_docx import write
from tests.eoffice.documents.letters.faults import FAULTS, plant
from tests.eoffice.documents.letters.plan import Letter, Seed
from tests.eoffice.documents.letters.planning import KINDS, Planner
from tests.eoffice.documents.letters.raw_xml import as_libreoffice, as_word
from tests.eoffice.documents.letters.wording import BLIND, OPEN

WRITERS: dict[str, Callable[[Letter], bytes]] = {"python-docx": write, "Word": as_word, "LibreOffice": as_libreoffice}
CLEAN_ONE_IN = 5
DAY = date(2026, 11, 22)


@dataclass
class Score:
    """The counts of one set of letters."""

    letters: int = 0
    clean: int = 0
    clean_with_alarm: int = 0
    seeded: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of seeded faults that were found."""
        return self.found.total() / max(self.seeded.total(), 1)

    @property
    def alarms(self) -> float:
        """Share of findings that are false."""
        return self.false.total() / max(self.findings, 1)

    def add(self, name: str, letter: Letter, findings: tuple[Finding, ...]) -> None:
        """Counts one letter."""
        self.letters += 1
        self.clean += not letter.seeds
        self.findings += len(findings)
        matched: set[int] = set()
        for seed in letter.seeds:
            self.seeded[seed.rule] += 1
            places = seed.places or ("",)
            hits = [{at for at, one in enumerate(findings) if _explains(seed, place, one)} for place in places]
            if all(hits):
                self.found[seed.rule] += 1
            else:
                self.notes.append(f"{name} ({letter.kind}, {letter.layout}): missed {seed.fault}: {seed.places}")
            matched |= set().union(*hits)
        for at, one in enumerate(findings):
            if at not in matched:
                self.false[one.rule.id] += 1
                seeds = [seed.rule for seed in letter.seeds]
                self.notes.append(f"{name} ({letter.kind}, {letter.layout}): false {one.rule.id} “{one.quote}” {seeds}")
        self.clean_with_alarm += not letter.seeds and bool(findings)


def _explains(seed: Seed, place: str, one: Finding) -> bool:
    """Whether a finding is that of the seed: the rule, and its words stand in that paragraph."""
    if one.rule.id != seed.rule:
        return False
    quote = one.quote.rstrip("…").strip()
    return (
        not place
        or (bool(quote) and quote in " ".join(place.replace("\u200b", "\ufffd").split()))
        or _same(quote, place)
    )


def _same(quote: str, place: str) -> bool:
    """The same letters, whatever the spaces and invisible signs."""
    kept = ["".join(sign for sign in text if sign.isalnum()) for text in (quote, place)]
    return (bool(kept[0]) and kept[0] in kept[1]) or (not kept[0] and len(quote) <= 1)


def letters(count: int, seed: int, *, blind: bool) -> list[tuple[str, Letter, bytes]]:
    """The letters of one set: name, plan with its seeds, file."""
    rng = random.Random(seed)
    order = FAULTS.copy()
    rng.shuffle(order)
    found = []
    for number in range(count):
        letter = Planner(rng, BLIND if blind else OPEN).plan(kind=KINDS[number % len(KINDS)])
        writer = "python-docx" if letter.layout != "table" else rng.choice(sorted(WRITERS))
        if number % CLEAN_ONE_IN:
            plant(letter, rng, rng.randint(1, 6), order)
        found.append((f"{number:03}-{writer}", letter, WRITERS[writer](letter)))
    return found


def measure(count: int, seed: int, *, blind: bool = False, keep: Path | None = None) -> Score:
    """Makes the letters, checks each, compares with what was put in."""
    rules = load(DAY)
    score = Score()
    for name, letter, content in letters(count, seed, blind=blind):
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name}.docx").write_bytes(content)
        score.add(name, letter, inspect(f"{name}.docx", content, rules).findings)
    return score


def table(score: Score) -> str:
    """The figures as a Markdown table, one row a group of rules."""
    groups = sorted({rule.partition(".")[0] for rule in score.seeded | score.false})
    rows = ["| rules | seeded | found | false alarms |", "|---|---:|---:|---:|"]
    for group in groups:
        counts = [
            sum(n for rule, n in each.items() if rule.partition(".")[0] == group)
            for each in (score.seeded, score.found, score.false)
        ]
        rows.append(f"| `{group}` | {counts[0]} | {counts[1]} | {counts[2]} |")
    found = f"{score.found.total()} ({score.recall:.1%})"
    false = f"{score.false.total()} ({score.alarms:.1%} of {score.findings} findings)"
    rows.append(f"| all | {score.seeded.total()} | {found} | {false} |")
    rows.append(f"\n{score.letters} letters, {score.clean} of them right; {len(score.seeded)} rules broken;")
    rows.append(f"{score.clean_with_alarm} right letters with a finding.")
    return "\n".join(rows)


def main() -> int:
    """Prints the table; 1 where the goal (95 % found, at most 2 % false) is missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.eoffice.documents.evaluation")
    asked.add_argument("--letters", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--blind", action="store_true")
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--wrong", action="store_true", help="name what was missed and what was false")
    options = asked.parse_args()
    score = measure(options.letters, options.seed, blind=options.blind, keep=options.keep)
    sys.stdout.write(table(score) + "\n" + ("\n".join(score.notes) + "\n" if options.wrong else ""))
    return 0 if score.recall >= 0.95 and score.alarms <= 0.02 else 1


if __name__ == "__main__":
    sys.exit(main())
