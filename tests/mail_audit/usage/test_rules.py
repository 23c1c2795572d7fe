"""The rules, their thresholds, their words and their documentation say the same."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mail_audit.thresholds import Thresholds
from mail_audit.usage.days import COUNTS
from mail_audit.usage.rules import EFFECTS, RULE_COUNTS, THRESHOLDS, Counting, Rule

PAGE = Path(__file__).resolve().parents[3] / "docs" / "measurement.md"


def documented() -> dict[str, tuple[str, ...]]:
    """Rule -> its thresholds, as the table of rules has them."""
    section = PAGE.read_text("utf-8").partition("## The rules\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    assert all(len(cells) == 5 and all(cells[n] for n in (0, 1, 2, 4)) for cells in rows)
    return {cells[0].strip("`"): tuple(re.findall(r"`([a-z_]+)`", cells[3])) for cells in rows}


def test_each_rule_is_documented_with_its_thresholds() -> None:
    expected = {str(rule): THRESHOLDS.get(rule, ()) for rule in (*Rule, *Counting)}
    assert documented() == expected


NO_JUDGEMENT = {"unlisted_addresses"}
"""Thresholds that decide what is told by itself, not how anything is judged."""


def test_each_threshold_belongs_to_a_rule() -> None:
    used = {name for names in THRESHOLDS.values() for name in names}
    assert used | NO_JUDGEMENT == {field.name for field in fields(Thresholds)}
    assert not used & NO_JUDGEMENT


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_says_what_it_did(rule: Rule) -> None:
    """In both languages, with its number."""
    said = EFFECTS[rule].said
    assert said.vi.count("{n}") == said.en.count("{n}") == 1
    assert said.vi.format(n=12) != said.en.format(n=12)


def test_each_rule_is_counted() -> None:
    assert set(RULE_COUNTS) == {f"rule_{rule}" for rule in Rule}
    assert set(RULE_COUNTS) <= set(COUNTS)
