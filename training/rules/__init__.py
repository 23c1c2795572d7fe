"""Who is to learn what, by rule: a rule is data, read against a snapshot of all officials, in columns.

Pure. A rule holds for somebody only where every condition is known to be true, in both of two windows that follow one
another; what is not known is neither true nor false, and nobody is picked on it. `docs/assigning.md` tells HR the same.
"""

from __future__ import annotations

from training.rules.judging import Outcome, Verdicts, judge
from training.rules.model import MAIL_CLASSES, OFFICE_CLASSES, Rule, rule_from_json, rule_to_json
from training.rules.snapshot import Person, Snapshot, Window, WindowUse
from training.rules.words import conditions_in_words, reason, why_not

__all__ = [
    "MAIL_CLASSES",
    "OFFICE_CLASSES",
    "Outcome",
    "Person",
    "Rule",
    "Snapshot",
    "Verdicts",
    "Window",
    "WindowUse",
    "conditions_in_words",
    "judge",
    "reason",
    "rule_from_json",
    "rule_to_json",
    "why_not",
]
