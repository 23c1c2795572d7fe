"""Every spelling, line by line: `samples/lines/*.txt` hold a line of a server and, under it, the event it is, as JSON.

The file's name says which program, which version and what happened. Both engines must give that event.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mail_audit.events import Broken, Event, read_line
from mail_audit.formats import HEADS, PATTERNS, patterns_for
from tests.mail_audit.events.test_two_engines import agree

LINES = Path(__file__).parents[1] / "samples" / "lines"
CASES = sorted(path.stem for path in LINES.glob("*.txt"))
VERSIONS = ("dovecot-1-", "dovecot-2.2-", "dovecot-2.3-", "dovecot-2.3.15-", "dovecot-2.4-")


def sample(case: str) -> tuple[str, dict[str, Any]]:
    line, expected = (LINES / f"{case}.txt").read_text("utf-8").splitlines()
    return line, json.loads(expected)


def as_data(line: str) -> dict[str, Any]:
    """What the line engine says of a line, as the samples write it down."""
    found = read_line(line)
    if isinstance(found, Broken):
        return {"broken": found.reason.en}
    if not isinstance(found, Event):
        return {"not_of_interest": True}
    fields = {name: value for name, value in found.fields.items() if value not in {None, False}}
    stamp = [found.stamp.clock.name, found.stamp.at]
    return {"kind": found.kind, "stamp": stamp, "host": found.host, "tag": found.tag, **fields}


@pytest.mark.parametrize("case", CASES)
def test_a_sample(case: str) -> None:
    line, expected = sample(case)
    assert as_data(line) == expected
    agree(line.encode() + b"\n")


def test_all_samples_in_one_file() -> None:
    """Together, in both orders: no line changes what another is."""
    lines = [sample(case)[0] for case in CASES]
    for some in (lines, lines[::-1], lines * 3):
        agree("\n".join(some).encode())


def test_every_kind_and_every_version_has_samples() -> None:
    """Each kind of event of each program; log-in, end of session and refusal in each spelling of Dovecot."""
    kinds = {case: sample(case)[1].get("kind") for case in CASES}
    assert set(kinds.values()) - {None} == {pattern.kind for pattern in PATTERNS}
    for version in VERSIONS:
        of_version = {kind for case, kind in kinds.items() if case.startswith(version)}
        assert "session_ended" in of_version, version


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.name)
def test_patterns_behind_a_head(head: Any) -> None:
    """A log without program names is read only by the patterns of the program that writes such logs."""
    chosen = patterns_for(head)
    assert chosen == PATTERNS if head.tagged else {one.programs for one in chosen} == {("dovecot",)}


HONEST = [case for case in CASES if "kind" in sample(case)[1] and not case.endswith(("hostile", "-name", "-subject"))]


@pytest.mark.parametrize("case", HONEST)
def test_a_cut_sample_is_never_another_event(case: str) -> None:
    """Cut at any byte, a line gives its own event with a shorter last field, or none: never another kind or user.

    A stranger's text that looks like the end of a line cannot be told from one, once the true end is lost.
    """
    line, expected = sample(case)
    for at in range(1, len(line)):
        found = as_data(line[:at])
        if "kind" in found:
            assert found["kind"] == expected["kind"]
            for name, value in found.items():
                assert value == expected.get(name) or str(expected.get(name)).startswith(str(value)), name
