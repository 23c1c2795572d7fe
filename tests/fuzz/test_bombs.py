"""Logs made to hurt are read in bounded memory and time, their broken lines counted, a few of them kept as samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from mail_audit.events import read_line
from tests.fuzz.bombs import CASES, cost
from tests.fuzz.seeds import BUSY

MOST_MEMORY = 700
"""MB: an empty audit takes 75, and none of these may grow with what is packed into it."""
HEAVY = {"empty lines": 2600, "zstd bomb of lines": 2600}
"""A row a line, for lines of no bytes or few: a piece of them weighs that much, and no more however many follow."""
SECONDS = 60
BROKEN = {"line of 100 MB": 1, "NULs": 1, "gzip bomb": 1, "xz bomb": 1, "bzip2 bomb": 1, "zstd bomb": 1}


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_it_costs(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = cost(case, case.small, tmp_path, seconds=SECONDS)
    assert found.memory < HEAVY.get(name, MOST_MEMORY)
    assert bool(found.samples) == bool(found.broken)
    if name in BROKEN:
        assert (found.broken, found.lines) == (BROKEN[name], 3), "two good lines, and one that is none"


@pytest.mark.parametrize(("start", "unit"), BUSY, ids=[start.decode() for start, _ in BUSY])
def test_a_long_line_is_read_at_once(start: bytes, unit: bytes) -> None:
    """60 kB that make a backtracking expression try for hours; the suite's own patience is the measure."""
    text = "Nov 22 12:00:00 mail " + (start + unit * (60_000 // len(unit))).decode()
    assert read_line(text) is not None
    assert read_line(text + " flags=(") is not None
