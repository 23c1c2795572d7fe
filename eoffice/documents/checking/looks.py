"""Checks of how letters look: size, weight, slope, font, colour, capitals at the beginning of a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from core.words import Text
from eoffice.documents.changes import Restyle
from eoffice.documents.checking.fault import Check, Fault, looked_at, plain
from eoffice.documents.draft import Block, Draft, Run
from eoffice.documents.ruleset import Rule, RuleSet
from eoffice.documents.signs import composed, encoding_of

_NEARLY_BLACK = 0x20
_LEAST = 3
"""Letters that must look wrong before a slip (a stray comma) becomes a finding."""


def _spans(block: Block, wrong: Callable[[Run], bool]) -> list[tuple[int, int, Run]]:
    """Where the runs stand that have letters or digits and are wrong."""
    found = []
    at = 0
    for run in block.runs:
        end = at + len(run.text)
        if any(sign.isalnum() for sign in run.text) and wrong(run):
            found.append((at, end, run))
        at = end
    return found


def _restyled(block: Block, spans: list[tuple[int, int, Run]], found: Text | None, **look: Any) -> Fault:
    values = tuple(look.items())
    changes = tuple(Restyle(block.id, start, end, values) for start, end, _run in spans)
    return Fault(block, spans[0][0], spans[-1][1], found, changes)


def size(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Letters smaller or larger than allowed; mended to the nearest size allowed."""
    low, high = rule.given["between"]
    for block in looked_at(draft, rule):
        smaller = _spans(block, lambda run: run.look.size is not None and run.look.size < low)
        larger = _spans(block, lambda run: run.look.size is not None and run.look.size > high)
        for spans, nearest in ((smaller, low), (larger, high)):
            if spans:
                shown = plain(spans[0][2].look.size or 0)
                yield _restyled(block, spans, Text(f"cỡ chữ {shown}", f"size {shown}"), size=float(nearest))


def weight(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Bold where it should not be, or the reverse."""
    wanted: bool = rule.given["bold"]
    for block in looked_at(draft, rule):
        spans = _spans(block, lambda run: run.look.bold != wanted)
        if spans:
            yield _restyled(block, spans, None, bold=wanted)


def slope(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Italic where it should be upright, or the reverse; with `whole`, only where no letter is right."""
    wanted: bool = rule.given["italic"]
    for block in looked_at(draft, rule):
        spans = _spans(block, lambda run: run.look.italic != wanted)
        right = _spans(block, lambda run: run.look.italic == wanted)
        letters = sum(sign.isalnum() for _start, _end, run in spans for sign in run.text)
        if spans and letters >= _LEAST and not (rule.given.get("whole") and right):
            yield _restyled(block, spans, None, italic=wanted)


def font(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Another font; what an older encoding drew is left to the check of encodings, signs of symbol fonts are let be."""
    alike = {name.casefold() for name in (*rule.given["alike"], *rule.given["symbols"])}
    for block in looked_at(draft, rule):
        spans = _spans(
            block,
            lambda run: bool(run.look.font) and (run.look.font or "").casefold() not in alike and not _encoded(run),
        )
        if spans:
            name = spans[0][2].look.font or ""
            yield _restyled(block, spans, Text(f"phông chữ {name}", f"font {name}"), font=rule.given["fonts"][0])


def _encoded(run: Run) -> bool:
    """Whether the run's letters are codes of an older encoding: an old font over Latin-1 letters."""
    high = [sign for sign in run.text if not sign.isascii()]
    return encoding_of(run.look.font) is not None and bool(high) and all(ord(sign) < 0x100 for sign in high)


def encoding(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Text of TCVN 5712 or VNI."""
    for block in looked_at(draft, rule):
        spans = _spans(block, _encoded)
        if spans:
            name = spans[0][2].look.font or ""
            kind = encoding_of(name)
            yield Fault(block, spans[0][0], spans[-1][1], Text(f"{kind}, phông chữ {name}", f"{kind}, font {name}"))


def colour(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Letters that are not black."""
    for block in looked_at(draft, rule):
        spans = _spans(block, lambda run: _coloured(run.look.colour))
        if spans:
            shown = spans[0][2].look.colour
            yield _restyled(block, spans, Text(f"màu #{shown}", f"colour #{shown}"), colour=None)


def _coloured(value: str | None) -> bool:
    return value is not None and any(part > _NEARLY_BLACK for part in bytes.fromhex(value))


def begins_bold(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """What begins a paragraph, as the pattern says, is not bold."""
    for block in looked_at(draft, rule):
        begins = re.match(rule.given["pattern"], composed(block.text))
        if begins is None or block.label:
            continue
        head = block.cut(0, begins.end())
        spans = _spans(head, lambda run: not run.look.bold)
        if spans:
            yield _restyled(block, spans, None, bold=True)


CHECKS: dict[str, Check] = {
    "size": size,
    "weight": weight,
    "slope": slope,
    "font": font,
    "encoding": encoding,
    "colour": colour,
    "begins_bold": begins_bold,
}
