"""Paragraphs that hold several parts: side by side by tabs or spaces, one below the other by line breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from eoffice.documents.draft import Block
from eoffice.documents.recognising.likeness import bare, in_capitals, resembles, small_letters, type_named
from eoffice.documents.ruleset import RuleSet

_PIECE = re.compile(r"[^\t\n]+")
_WIDE = re.compile(r" {4,}(?=\S)")
_BULLETS = frozenset("-–—+•*")
_SHORT = 90
_SIGNS = ("number", "date", "reference", "recipients", "authority", "addressee", "archive")


def split(block: Block, rules: RuleSet) -> list[Block]:
    """The parts of a paragraph, each a block that knows where in the paragraph it begins; most are one part."""
    text = block.text
    spans = [match.span() for match in _PIECE.finditer(text) if match[0].strip()]
    spans = [piece for span in spans for piece in _at_spaces(block, span, rules)]
    if len(spans) < 2:
        return [block]
    parts = [block.cut(*span) for span in spans]
    if not block.table and not any(_is_part(part, rules) for part in parts):
        return [block]
    beside = any("\t" in text[a[1] : b[0]] or "\n" not in text[a[1] : b[0]] for a, b in pairwise(spans))
    last = len(parts) - 1
    return [replace(part, shared=beside, line=part.line if at == last else None) for at, part in enumerate(parts)]


def _is_part(block: Block, rules: RuleSet) -> bool:
    words = bare(block)
    listed = len(words) < _SHORT and words.endswith((";", ",")) and block.text.lstrip()[:1] in _BULLETS
    return bool(
        listed
        or (len(words) < _SHORT and in_capitals(block) and rules.meets("post", small_letters(block)))
        or any(resembles(block, rules.signs[sign]) for sign in ("emblem", "motto"))
        or type_named(block, rules)
        or (len(words) < 80 and any(rules.meets(sign, words) for sign in _SIGNS))
    )


def _at_spaces(block: Block, span: tuple[int, int], rules: RuleSet) -> list[tuple[int, int]]:
    """A piece cut where many spaces stand between two parts of the head; blanks left for a number are no such place."""
    start, end = span
    for gap in _WIDE.finditer(block.text, start, end):
        left, right = block.cut(start, gap.start()), block.cut(gap.end(), end)
        named = any(resembles(right, rules.signs[sign]) for sign in ("emblem", "motto"))
        dated = rules.meets("number", bare(left)) and rules.meets("date", bare(right)) and right.text[:1].isupper()
        if named or dated:
            return [(start, gap.start()), (gap.end(), end)]
    return [span]
