"""The form check: every rule in force is asked about a draft, and each fault becomes a finding.

Never raises on any draft. The rules are data (`ruleset`); a check of the program is found by the name the rule gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.words import Text, showable
from eoffice.documents.changes import Change, apply
from eoffice.documents.checking import layouts, looks, ordering, pages, registry, wording
from eoffice.documents.checking.fault import Check, Fault
from eoffice.documents.draft import Draft
from eoffice.documents.ruleset import SEVERITIES, Rule, RuleSet
from eoffice.errors import RuleSetError

CHECKS: dict[str, Check] = {
    **looks.CHECKS,
    **layouts.CHECKS,
    **pages.CHECKS,
    **wording.CHECKS,
    **registry.CHECKS,
    **ordering.CHECKS,
}
LONGEST_QUOTE = 80
MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule, the place with its words, what is there instead, and the change that mends it."""

    rule: Rule
    block: str
    """The block's id; empty for the page and for what is missing."""
    role: str
    paragraph: int
    """Which paragraph of the file, from 1; 0 where there is none."""
    start: int
    end: int
    quote: str
    found: Text | None
    changes: tuple[Change, ...]

    @property
    def fixable(self) -> bool:
        """Whether one click mends it safely."""
        return self.rule.fix and bool(self.changes)


def check(draft: Draft, rules: RuleSet) -> tuple[Finding, ...]:
    """The findings in the order of the document, what is missing and the page first; the gravest first in one place.

    Raises RuleSetError where the data set names a check that the program does not have.
    """
    order = {block.id: at for at, block in enumerate(draft.blocks)}
    found: list[Finding] = []
    for rule in rules.rules:
        run = CHECKS.get(rule.check)
        if run is None:
            raise RuleSetError(
                rule.id, f"chương trình không có phép kiểm tra {rule.check}.", f"the program has no check {rule.check}."
            )
        if not rule.types or draft.type in rule.types:
            found += [_finding(rule, fault) for fault in run(draft, rule, rules)]
    return tuple(
        sorted(found, key=lambda one: (order.get(one.block, -1), SEVERITIES.index(one.rule.severity), one.start))
    )


def _finding(rule: Rule, fault: Fault) -> Finding:
    block = fault.block
    if block is None:
        return Finding(rule, "", "", 0, 0, 0, "", fault.found, fault.changes)
    words = showable(" ".join(block.text[fault.start : fault.end].split()))
    quote = words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"
    return Finding(
        rule, block.id, block.role, block.paragraph, fault.start, fault.end, quote, fault.found, fault.changes
    )


def mend(draft: Draft, rules: RuleSet, *, only: str = "") -> Draft:
    """The draft with every finding mended that can safely be; `only` one rule's where its id is given.

    Looks again after each round, because one fault may hide another; what is mended stays mended.
    """
    for _round in range(MOST_ROUNDS):
        fixable = [one for one in check(draft, rules) if one.fixable and only in {"", one.rule.id}]
        if not fixable:
            break
        draft = apply(draft, [change for one in fixable for change in one.changes])
    return draft
