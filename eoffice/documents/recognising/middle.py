"""Between head and foot: title, subject, addressees, grounds, and the text with its chapters, articles and points."""

from __future__ import annotations

import re

from eoffice.documents.draft import Block
from eoffice.documents.recognising.likeness import bare, in_capitals, is_bold, is_line, type_named
from eoffice.documents.ruleset import RuleSet

_LONG_SUBJECT = 300
_DASHED = re.compile(r"^\s*[-–—+•*]")
_ROMAN = re.compile(r"^\s*[IVXLC]+\s*[./)]\s")
_POINT = re.compile(r"^\s*[a-zđ]\s*[.)/:]")
_TITLE_OF = {"part": "part_title", "section": "section_title"}
_TEXT_SIGNS = ("ground", "addressee", "article", "part", "section", "clause", "resolution")


def middle(blocks: list[Block], rules: RuleSet, roles: dict[int, str], start: int, end: int, kind: str) -> None:
    """Gives every block from `start` to `end` that has no role yet its role."""
    open_ones = [at for at in range(start, end) if at not in roles]
    at = _title(blocks, rules, roles, open_ones, kind)
    open_ones = [one for one in open_ones if one not in roles]
    _addressees(blocks, rules, roles, open_ones)
    _grounds(blocks, rules, roles, [one for one in open_ones if one not in roles and one >= at], kind)
    before = ""
    for one in open_ones:
        if one not in roles:
            roles[one] = _of_text(blocks[one], rules, before)
        if roles[one] not in {"empty", "line"}:
            before = roles[one]


def _title(blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int], kind: str) -> int:
    """The type of document and its subject; returns where the text behind begins."""
    for order, at in enumerate(places[:30]):
        if type_named(blocks[at], rules) and not blocks[at].table:
            roles[at] = "title"
            return _subject(blocks, rules, roles, places[order + 1 :], at)
        if len(bare(blocks[at])) > 160:
            break
    first = next((order for order, at in enumerate(places) if blocks[at].said), None)
    if kind in rules.types and "title" in rules.types[kind].parts and first is not None:
        return _subject(blocks, rules, roles, places[first:], places[first])
    return places[0] if places else 0


def _subject(blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int], title: int) -> int:
    role = "subject"
    for at in places:
        block = blocks[at]
        words = bare(block)
        if not words or is_line(block):
            roles[at] = "empty" if not words else "line"
            if role == "subject_more" and (is_line(block) or block.line):
                return at
            continue
        short = len(words) < _LONG_SUBJECT and not block.said.endswith((":", ";", ".", "./."))
        shown = is_bold(block) or block.layout.align == "center"
        strange = any(rules.meets(sign, words) for sign in _TEXT_SIGNS) or _ROMAN.match(block.said) or block.table
        capital_line = role == "subject_more" and in_capitals(block)
        if (
            strange
            or not short
            or capital_line
            or (role == "subject_more" and not (shown and block.layout.align == "center"))
        ):
            return at
        roles[at] = role
        if block.line:
            return at
        role = "subject_more"
    return title


def _addressees(blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int]) -> None:
    first = next(
        (
            order
            for order, at in enumerate(places[:40])
            if rules.meets("addressee", bare(blocks[at])) and len(bare(blocks[at])) < 250
        ),
        None,
    )
    if first is None:
        return
    at = places[first]
    roles[at] = "addressee"
    several = not re.sub(r"^kinh gui\s*:?", "", bare(blocks[at])).strip(" :")
    dashed = "-" in bare(blocks[at])[:14]
    going_on = several or dashed
    for one in places[first + 1 :]:
        block = blocks[one]
        if not block.said:
            roles[one] = "empty"
            continue
        in_table = bool(block.table) and block.table == blocks[at].table
        loose = len(block.said) < 100 and block.layout.align != "justify" and not block.layout.first_line
        item = len(block.said) < 200 and (_DASHED.match(block.said) or block.said.endswith(";") or (going_on and loose))
        if not (in_table or (item and (several or dashed))):
            return
        roles[one] = "addressee_item"
        going_on = block.said.endswith((";", ","))


def _grounds(blocks: list[Block], rules: RuleSet, roles: dict[int, str], places: list[int], kind: str) -> None:
    """The legal grounds: in types that have them each such line; elsewhere only a list that ends with semicolons."""
    known = rules.types.get(kind)
    expected = known is not None and "ground" in known.may
    begun = False
    for at in places:
        block = blocks[at]
        words = bare(block)
        if not words:
            continue
        meets = bool(rules.meets("ground", words)) and not block.said.endswith(":")
        listed = begun and block.said.endswith(";") and not _DASHED.match(block.said)
        if (meets and (expected or begun or block.said.endswith(";"))) or listed:
            roles[at] = "ground"
            begun = True
        elif begun or rules.meets("article", words):
            return
        elif expected and in_capitals(block) and not rules.meets("resolution", words) and not is_line(block):
            roles[at] = "competence"
        elif len(words) > 160:
            return


def _of_text(block: Block, rules: RuleSet, before: str) -> str:
    words = bare(block)
    if not words:
        return "empty"
    if is_line(block):
        return "line"
    if block.table:
        return "cell"
    if rules.meets("resolution", words):
        return "resolution"
    for role in ("part", "section"):
        if rules.meets(role, words):
            return role
    if before in _TITLE_OF and len(words) < 200 and not block.said.endswith((".", ";", ":")):
        return _TITLE_OF[before]
    if rules.meets("article", words):
        return "article"
    if _ROMAN.match(block.said):
        return "heading"
    if rules.meets("clause", words):
        return "clause"
    if rules.meets("point", words) and _POINT.match(block.said):
        return "point"
    loose = block.layout.align == "center" and len(words) < 120 and not block.said.endswith((".", ";", ":", ","))
    return "other" if loose else "body"
