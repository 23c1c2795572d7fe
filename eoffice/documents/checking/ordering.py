"""Checks of numbers in front: Roman or Arabic, without gaps, points in the order of the alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.words import Text
from eoffice.documents.checking.fault import Check, Fault, looked_at, whole
from eoffice.documents.checking.wording import retexted
from eoffice.documents.draft import Block, Draft
from eoffice.documents.ruleset import Rule, RuleSet
from eoffice.documents.signs import POINTS, as_roman, composed, roman, skeleton

_ARTICLE = re.compile(r"^\s*\w+\s+(\w+)")
_LAST = re.compile(r"(\w+)\s*[.:]?\s*$")
_CLAUSE = re.compile(r"^\s*(\d{1,2})")
_POINT = re.compile(r"^\s*(\w)")
_ABOVE = {
    "clause": ("article", "heading", "part", "section"),
    "point": ("clause", "article", "heading", "part", "section"),
}
"""What begins the count anew."""


def _token(block: Block) -> re.Match[str] | None:
    """The number in front of a block: the second word of an article, the last of a chapter or section."""
    pattern = {"article": _ARTICLE, "clause": _CLAUSE, "point": _POINT}.get(block.role, _LAST)
    return pattern.search(composed(block.said) if block.label else composed(block.text))


def numerals(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A Roman number where an Arabic one should stand, or the reverse."""
    wants_roman = rule.given["numerals"] == "roman"
    for block in looked_at(draft, rule):
        found = _token(block)
        if found is None:
            continue
        text = found[1]
        right = roman(text) is not None if wants_roman else text.isascii() and text.isdigit()
        if right:
            continue
        put = _converted(text, wants_roman=wants_roman)
        changes = retexted(block, found.start(1), found.end(1), put) if put and not block.label else ()
        yield whole(block, None, *changes)


def _converted(text: str, *, wants_roman: bool) -> str:
    if wants_roman:
        return as_roman(int(text)) if text.isascii() and text.isdigit() and 0 < int(text) < 400 else ""
    value = roman(text.upper())
    return str(value) if value else ""


def order(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A number that does not follow the one before. Clauses, points and chapters may begin anew with the first."""
    [role] = rule.looks_at
    last: dict[str, int] = {}
    for block in draft.blocks:
        if block.role in _ABOVE.get(role, ()):
            last.clear()
        if block.role != role:
            continue
        found = _token(block)
        number = _number(found[1], role) if found else None
        series = skeleton(block.text).split(" ")[0] if role == "part" else role
        before = last.get(series, 0)
        if found and number is None and role == "point":
            yield whole(block, Text(f"“{found[1]}”", f"“{found[1]}”"))
        if number is None or found is None:
            continue
        if number != before + 1 and not (number == 1 and role != "article"):
            expected = _written(before + 1, role)
            yield whole(
                block, Text(f"“{found[1]}”, đúng ra là “{expected}”", f"“{found[1]}” where “{expected}” follows")
            )
        last[series] = number


def _number(text: str, role: str) -> int | None:
    if role == "point":
        return POINTS.index(text) + 1 if text in POINTS else None
    return int(text) if text.isascii() and text.isdigit() else roman(text.upper())


def _written(number: int, role: str) -> str:
    if role == "point":
        return POINTS[min(number, len(POINTS)) - 1]
    return as_roman(number) if role == "part" else str(number)


def several_roman(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Two or more appendices that are not numbered in Roman numerals."""
    found = looked_at(draft, rule)
    for block in found if len(found) > 1 else ():
        token = _LAST.search(composed(block.text))
        if token is None or roman(token[1]) is None:
            yield whole(block)


CHECKS: dict[str, Check] = {"numerals": numerals, "order": order, "several_roman": several_roman}
