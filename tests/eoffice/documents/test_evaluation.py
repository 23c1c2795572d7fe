"""The goal: at least 95 % of seeded faults found, at most 2 % of findings false; right letters of every layout pass."""

from __future__ import annotations

import random

import pytest

from tests.eoffice.documents.cases import broken, right_letter
from tests.eoffice.documents.evaluation import WRITERS, measure
from tests.eoffice.documents.letters.faults import FAULTS, plant
from tests.eoffice.documents.letters.planning import KINDS


def test_seeded_faults_are_found_and_nothing_else() -> None:
    score = measure(70, seed=23)
    assert score.seeded.total() > 150
    assert score.recall >= 0.95, score.notes
    assert score.alarms <= 0.02, score.notes


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_right_letters_pass(kind: str, writer: str) -> None:
    assert [broken(WRITERS[writer](right_letter(kind, seed=seed))) for seed in (1, 2)] == [[], []]


@pytest.mark.parametrize("layout", ["tabs", "breaks"])
def test_right_letters_of_other_layouts_pass(layout: str) -> None:
    assert [broken(WRITERS["python-docx"](right_letter("cong_van", seed=seed, layout=layout))) for seed in (3, 4)] == [
        [],
        [],
    ]


def test_every_fault_can_be_put_into_some_letter() -> None:
    unused = list(FAULTS)
    for number in range(400):
        letter = right_letter(KINDS[number % len(KINDS)], seed=number)
        plant(letter, random.Random(number), 8, order := list(reversed(unused)))
        used = {seed.rule for seed in letter.seeds}
        unused = [fault for fault in order if fault.rule not in used]
        if not unused:
            return
    assert [fault.rule for fault in unused] == []
