"""The foot of a document: recipients, the authority, post and name of the signer, and what is attached behind."""

from __future__ import annotations

import re
from collections.abc import Callable

from eoffice.documents.draft import Block
from eoffice.documents.recognising.likeness import bare, in_capitals, is_bold, is_line, small_letters
from eoffice.documents.ruleset import RuleSet

_LABEL = 40
MOST_BEHIND = 25
_LONG = 160
_POST = 90
_DASHED = re.compile(r"^\s*[-–—+•*]")


def foot(blocks: list[Block], rules: RuleSet, roles: dict[int, str], start: int) -> int:
    """Gives the blocks of the foot and behind it their roles; returns where the foot begins."""
    behind = _first(blocks, start, lambda block: bool(rules.meets("appendix", bare(block))) and not block.table)
    end = len(blocks) if behind is None else behind
    label = _first(
        blocks[:end], start, lambda block: len(block.said) < _LABEL and bool(rules.meets("recipients", bare(block)))
    )
    first = _authority(blocks, rules, start, end, label)
    begins = min((at for at in (label, first) if at is not None), default=None)
    if begins is None:
        if behind is not None:
            _appendices(blocks, rules, roles, behind)
        return end
    table = blocks[begins].table
    if table:
        begins = next(at for at, block in enumerate(blocks) if block.table == table)
        in_table = [at for at in range(begins, end) if blocks[at].table == table]
        column = blocks[label].column if label is not None and blocks[label].table == table else 1
        _recipients(blocks, rules, roles, [at for at in in_table if blocks[at].column == column], label)
        for other in sorted({blocks[at].column for at in in_table} - {column}):
            _signature(blocks, rules, roles, [at for at in in_table if blocks[at].column == other])
        rest = range(in_table[-1] + 1, end)
    else:
        rest = range(_without_table(blocks, rules, roles, begins, end, label), end)
    for at in rest:
        roles.setdefault(at, _behind(blocks[at], rules))
    if behind is not None:
        _appendices(blocks, rules, roles, behind)
    return begins


def _first(blocks: list[Block], start: int, meets: Callable[[Block], bool]) -> int | None:
    return next((at for at in range(start, len(blocks)) if meets(blocks[at])), None)


def _authority(blocks: list[Block], rules: RuleSet, start: int, end: int, label: int | None) -> int | None:
    """Where the signature begins: beside or near the recipients if there are any, else near the end."""
    found = [at for at in range(start, end) if _is_authority(blocks[at], rules)]
    if label is not None:
        table = blocks[label].table
        beside = (at for at in found if table and blocks[at].table == table)
        near = (at for at in found if at > label or _only_short(blocks[at + 1 : label], rules))
        return next(beside, next(near, None))
    found = [at for at in found if _looks_signed(blocks[at]) and _only_short(blocks[at + 1 : end], rules)]
    return found[0] if found else None


def _only_short(blocks: list[Block], rules: RuleSet) -> bool:
    """A few short lines and no text: a name, recipients, an address may stand below a signature's first line."""
    spoken = [block for block in blocks if block.said]
    text = ("ground", "article", "resolution", "clause", "point")
    return len(spoken) <= MOST_BEHIND and not any(
        len(block.said) >= _LONG or any(rules.meets(sign, bare(block)) for sign in text) for block in spoken
    )


def _is_authority(block: Block, rules: RuleSet) -> bool:
    """A line such as `KT. CHỦ TỊCH` or `GIÁM ĐỐC`, alone on its line."""
    words = block.said
    if not words or len(words) > _POST or words.endswith((":", ";", ",")):
        return False
    if rules.meets("authority", bare(block)):
        return in_capitals(block) or is_bold(block)
    return (
        bool(rules.meets("post", small_letters(block)))
        and (in_capitals(block) or is_bold(block))
        and _looks_signed(block)
    )


def _looks_signed(block: Block) -> bool:
    """Stands where signatures stand: a right column, or the right half of the page."""
    return (
        block.column >= 2
        or block.beside
        or block.layout.align == "right"
        or block.layout.left > 40
        or block.layout.align == "center"
    )


def _recipients(
    blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int], label: int | None
) -> None:
    for at in places:
        words = bare(blocks[at])
        if not words:
            roles[at] = "empty"
        elif at == label:
            roles[at] = "recipients"
        elif rules.meets("archive", words):
            roles[at] = "archive"
        elif rules.meets("typist", words) and not _DASHED.match(blocks[at].said):
            roles[at] = "typist"
        else:
            roles[at] = "line" if is_line(blocks[at]) else "recipient"


def _signature(blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int]) -> None:
    """The post above, the name below; what is in brackets stands where the signature will be."""
    lines = []
    for at in places:
        words = bare(blocks[at])
        if not words or is_line(blocks[at]):
            roles[at] = "empty" if not words else "line"
        elif rules.meets("placeholder", words):
            roles[at] = "other"
        else:
            lines.append(at)
    if not lines:
        return
    last = blocks[lines[-1]]
    named = not (rules.meets("post", small_letters(last)) or rules.meets("authority", bare(last)))
    for at in lines:
        roles[at] = "signer" if named and at == lines[-1] else "authority"


def _without_table(
    blocks: list[Block], rules: RuleSet, roles: dict[int, str], begins: int, end: int, label: int | None
) -> int:
    """Recipients and signature as plain paragraphs, side by side by tabs or one after the other."""
    left: list[int] = []
    right: list[int] = []
    for at in range(begins, end):
        block = blocks[at]
        words = bare(block)
        listed = at == label or bool(_DASHED.match(block.said)) or bool(rules.meets("archive", words))
        listed = listed or (block.said.endswith(";") and not block.text.startswith("\t"))
        if listed or (rules.meets("typist", words) and left):
            left.append(at)
        elif rules.meets("address", words):
            break
        else:
            right.append(at)
    _recipients(blocks, rules, roles, left, label)
    _signature(blocks, rules, roles, right)
    return max([begins, *left, *right]) + 1


def _behind(block: Block, rules: RuleSet) -> str:
    words = bare(block)
    if not words:
        return "empty"
    if is_line(block):
        return "line"
    if rules.meets("address", words):
        return "address"
    return "typist" if rules.meets("typist", words) else "attached"


def _appendices(blocks: list[Block], rules: RuleSet, roles: dict[int, str], start: int) -> None:
    titled = False
    for at in range(start, len(blocks)):
        words = bare(blocks[at])
        if rules.meets("appendix", words) and not blocks[at].table:
            roles[at], titled = "appendix", True
        elif not words:
            roles[at] = "empty"
        elif rules.meets("appendix_note", words):
            roles[at], titled = "appendix_note", False
        elif titled and not blocks[at].table and len(words) < 200 and not is_line(blocks[at]):
            roles[at] = "appendix_title"
        else:
            roles[at] = "line" if is_line(blocks[at]) else "attached"
            titled = titled and not words
