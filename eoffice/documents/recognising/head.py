"""The head of a document: national name, motto, organs, number, date, the subject of a letter, marks."""

from __future__ import annotations

from eoffice.documents.draft import Block
from eoffice.documents.recognising.likeness import (
    NEAR_THE_TOP,
    bare,
    begins_text,
    in_capitals,
    is_bold,
    is_line,
    resembles,
)
from eoffice.documents.ruleset import RuleSet

_MARKS = ("secrecy", "urgency", "circulation")
_SHORT = 90


def head(blocks: list[Block], rules: RuleSet, roles: dict[int, str]) -> int:
    """Gives the blocks of the head their roles; returns where the text below it begins."""
    found = _landmarks(blocks, rules)
    if not found:
        return 0
    last = max(found.values())
    tables = {blocks[at].table for at in found.values()} - {0}
    end = max([last, *(at for at, block in enumerate(blocks) if block.table in tables and at < NEAR_THE_TOP * 2)]) + 1
    end = _with_reference(blocks, rules, found, end)
    roles.update({at: role for role, at in found.items()})
    rest = [at for at in range(end) if at not in roles]
    for at in list(rest):
        role = _evident(blocks[at], rules)
        if role:
            roles[at] = role
            rest.remove(at)
    _references(blocks, rules, roles, rest, found)
    _organs(blocks, rules, roles, rest, found)
    return end


def _landmarks(blocks: list[Block], rules: RuleSet) -> dict[str, int]:
    """Where the national name, the motto, the number and the date stand, the first of each."""
    found: dict[str, int] = {}
    for at, block in enumerate(blocks[:NEAR_THE_TOP]):
        words = bare(block)
        if not words:
            continue
        if begins_text(block, rules) and not block.table:
            break
        for role in ("emblem", "motto"):
            if role not in found and resembles(block, rules.signs[role]):
                found[role] = at
        if len(words) < _SHORT and at not in found.values():
            for role in ("number", "date"):
                if role not in found and rules.meets(role, words):
                    found[role] = at
                    break
    return found


def _with_reference(blocks: list[Block], rules: RuleSet, found: dict[str, int], end: int) -> int:
    """Past the head there may be a `V/v` of its own, or marks and lines."""
    at = end
    while at < min(len(blocks), end + 4):
        words = bare(blocks[at])
        if rules.meets("reference", words) and len(words) < 250 and "number" in found:
            in_line = not blocks[found["number"]].table and not is_bold(blocks[at])
            return at + 1 if words.startswith("v/v") or in_line else end
        if words and not is_line(blocks[at]):
            break
        at += 1
    return end


def _evident(block: Block, rules: RuleSet) -> str:
    words = bare(block)
    if not words:
        return "empty"
    if is_line(block):
        return "line"
    if rules.meets("placeholder", words):
        return "other"
    return next((mark for mark in _MARKS if rules.meets(mark, words)), "")


def _references(
    blocks: list[Block], rules: RuleSet, roles: dict[int, str], rest: list[int], found: dict[str, int]
) -> None:
    """The subject of a letter: below the number in its column, or what begins with V/v."""
    number = found.get("number")
    first = next((at for at in rest if rules.meets("reference", bare(blocks[at]))), None)
    if first is None and number is not None and blocks[number].table:
        below = [at for at in rest if at > number and _same_column(blocks[at], blocks[number])]
        first = next((at for at in below if not in_capitals(blocks[at])), None)
    if first is None:
        return
    roles[first] = "reference"
    rest.remove(first)
    for at in list(rest):
        if at > first and _same_column(blocks[at], blocks[first]):
            roles[at] = "reference_more"
            rest.remove(at)


def _same_column(one: Block, other: Block) -> bool:
    return (one.table, one.column) == (other.table, other.column) or (bool(one.table) and one.column == other.column)


def _organs(blocks: list[Block], rules: RuleSet, roles: dict[int, str], rest: list[int], found: dict[str, int]) -> None:
    """The names above the number: the last is the issuing organ, those above it are its superiors.

    A name may take several lines; a line that begins as names of organs do begins a new one.
    """
    limit = found.get("number", len(blocks))
    lines = [at for at in rest if at < limit]
    names: list[list[int]] = []
    for at in lines:
        begins = bool(rules.meets("organ", bare(blocks[at])))
        turned_bold = bool(names) and is_bold(blocks[at]) and not is_bold(blocks[names[-1][-1]])
        if begins or turned_bold or not names:
            names.append([at])
        else:
            names[-1].append(at)
    for number, name in enumerate(names):
        for at in name:
            roles[at] = "issuer" if number == len(names) - 1 else "parent"
    for at in rest:
        roles.setdefault(at, "other")
