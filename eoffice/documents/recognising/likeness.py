"""What a block looks like to somebody who reads past its faults."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from eoffice.documents.draft import Block
from eoffice.documents.ruleset import RuleSet
from eoffice.documents.signs import composed, decoded, is_capitals, skeleton

_LINE = re.compile(r"^[_\-–—─━*.=~\s]{3,}$")
_NO_LETTERS = re.compile(r"[^a-z0-9]")
LIKE = 0.86
NEAR_THE_TOP = 45
"""The head of a document is within so many blocks."""
_HEADLINE = 160


def bare(block: Block) -> str:
    """Its words in small letters without marks, older encodings read."""
    text = "".join(decoded(run.text, run.look.font) for run in block.runs)
    return skeleton(f"{block.label} {text}")


def small_letters(block: Block) -> str:
    """Its words in small letters with their marks."""
    return composed("".join(decoded(run.text, run.look.font) for run in block.runs)).strip().casefold()


def resembles(block: Block, words: str) -> bool:
    """Whether its letters are nearly those of `words`."""
    ours, theirs = _NO_LETTERS.sub("", bare(block)), _NO_LETTERS.sub("", words)
    if not ours or abs(len(ours) - len(theirs)) > len(theirs) // 3:
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= LIKE


def is_line(block: Block) -> bool:
    """A line drawn with signs: underscores, dashes, stars."""
    text = block.text.strip()
    return bool(_LINE.match(text)) and not text.startswith("...")


def in_capitals(block: Block) -> bool:
    """Whether it is read in capitals, typed so or shown so."""
    return is_capitals(block.text) or (
        bool(block.text.strip()) and all(run.look.caps for run in block.runs if run.text.strip())
    )


def is_bold(block: Block) -> bool:
    """Whether all its letters are bold."""
    letters = [run for run in block.runs if run.text.strip()]
    return bool(letters) and all(run.look.bold for run in letters)


def type_named(block: Block, rules: RuleSet) -> str:
    """The type of document whose name these words are, or empty."""
    words = bare(block)
    if rules.meets("resolution", words):
        return ""  # "QUYẾT ĐỊNH:" announces what is decided
    words = words.rstrip(" :.")
    return next(
        (
            kind.key
            for kind in rules.types.values()
            if kind.key not in {"", "cong_van"} and skeleton(kind.words.vi) == words
        ),
        "",
    )


def begins_text(block: Block, rules: RuleSet) -> bool:
    """Whether it is the first of what stands below the head: a title, a Kính gửi, a ground, a long paragraph."""
    words = bare(block)
    return bool(
        len(words) > _HEADLINE
        or type_named(block, rules)
        or any(rules.meets(sign, words) for sign in ("addressee", "ground", "article", "recipients"))
    )


def typed(blocks: list[Block], rules: RuleSet, roles: dict[int, str]) -> str:
    """The type of the document: by its title, else by the abbreviation in its notation, else perhaps a letter."""
    for at, block in enumerate(blocks):
        if roles.get(at) is None and (kind := type_named(block, rules)):
            return kind
        if roles.get(at) is None and len(bare(block)) > _HEADLINE:
            break
    number = next((composed(block.text) for at, block in enumerate(blocks) if roles.get(at) == "number"), "")
    first = re.split(r"[\s\-–]", number.partition("/")[2].strip())[0].casefold()
    by_notation = next(
        (kind.key for kind in rules.types.values() if kind.abbreviation and kind.abbreviation.casefold() == first), ""
    )
    if by_notation:
        return by_notation
    is_letter = "reference" in roles.values() or any(rules.meets("addressee", bare(block)) for block in blocks)
    return "cong_van" if is_letter and "cong_van" in rules.types else ""
