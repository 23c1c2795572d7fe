"""What a check finds: the place, what is there instead, and the change that would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.words import Text
from eoffice.documents.changes import Change
from eoffice.documents.draft import Block, Draft
from eoffice.documents.ruleset import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault by one rule. Without a block it is about the page or about what is missing."""

    block: Block | None = None
    start: int = 0
    end: int = 0
    found: Text | None = None
    """What is there now, where that can be said shortly."""
    changes: tuple[Change, ...] = ()


Check = Callable[[Draft, Rule, RuleSet], Iterator[Fault]]


def looked_at(draft: Draft, rule: Rule) -> list[Block]:
    """The blocks that a rule looks at, in order; `*` stands for all that have words."""
    if "*" in rule.looks_at:
        return [block for block in draft.blocks if block.text.strip() and block.role not in rule.given.get("but", ())]
    return [block for block in draft.blocks if block.role in rule.looks_at and block.said]


def whole(block: Block, found: Text | None = None, *changes: Change) -> Fault:
    """A fault of a whole block."""
    return Fault(block, 0, len(block.text), found, changes)


def plain(number: float, *, decimals: int = 1) -> str:
    """A number as one writes it: 13, 12.5."""
    return f"{round(number, decimals):g}"
