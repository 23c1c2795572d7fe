"""Checks of how paragraphs stand: alignment, indents, spaces, line spacing, drawn lines."""

from __future__ import annotations

from collections.abc import Iterator

from core.words import Text
from eoffice.documents.changes import Relayout
from eoffice.documents.checking.fault import Check, Fault, looked_at, plain, whole
from eoffice.documents.draft import Block, Draft, Drawn
from eoffice.documents.ruleset import Rule, RuleSet

_ALIGN_WORDS = {
    "left": Text("canh trái", "aligned left"),
    "right": Text("canh phải", "aligned right"),
    "center": Text("canh giữa", "centred"),
    "justify": Text("canh đều", "justified"),
}
NEAR_MM = 0.6
NEAR_POINTS = 0.1
NEAR_LINES = 0.011
TAB = 12.7
_MM_A_POINT = 25.4 / 72
_LONGEST_MEASURED = 75.0
"""Longer text may take two lines in its column, so a line below it cannot be measured against it."""


def align(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Aligned otherwise; `longer` leaves out what is too short to be seen as justified."""
    wanted = rule.given["is"]
    for block in looked_at(draft, rule):
        by_tab = block.beside and wanted != "justify"
        if block.shared or by_tab or len(block.said) <= rule.given.get("longer", 0) or block.layout.align == wanted:
            continue
        yield whole(block, _ALIGN_WORDS[block.layout.align], Relayout(block.id, (("align", wanted),)))


def first_line(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """The first line not indented as it should be. A tab counts as what it is, spaces count as nothing."""
    for block in looked_at(draft, rule):
        layout = block.layout
        if block.shared or block.label or layout.align == "center":
            continue
        tabs = len(block.text) - len(block.text.lstrip("\t"))
        indent = layout.left + layout.first_line + tabs * TAB
        if any(abs(indent - allowed) <= NEAR_MM for allowed in rule.given["one_of"]):
            continue
        wanted = 0.0 if tabs == 1 else float(rule.given["one_of"][-1])
        shown = plain(indent / 10, decimals=2)
        yield whole(
            block,
            Text(f"lùi vào {shown} cm", f"indented by {shown} cm"),
            *((Relayout(block.id, (("first_line", wanted), ("left", 0.0))),) if tabs < 2 else ()),
        )


def gap(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Two paragraphs of the text too close to each other."""
    least = float(rule.given["at_least"])
    for before, block in zip(draft.blocks, draft.blocks[1:], strict=False):
        if not {before.role, block.role} <= rule.looks_at or not (before.said and block.said):
            continue
        if before.paragraph and before.paragraph == block.paragraph:
            continue
        between = before.layout.after + block.layout.before
        if between < least - NEAR_POINTS:
            shown = plain(between)
            yield whole(block, Text(f"cách {shown}pt", f"{shown} pt apart"), Relayout(block.id, (("before", least),)))


def lines(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Lines of a paragraph too close or too far apart; mended to the nearest spacing allowed."""
    low, high = rule.given["between"]
    for block in looked_at(draft, rule):
        spacing = block.layout.lines
        if block.shared or low - NEAR_LINES <= spacing <= high + NEAR_LINES:
            continue
        nearest = 1.0 if low <= 1.0 <= high and (spacing < low or high < 1.5) else high
        shown = plain(spacing, decimals=2)
        yield whole(
            block, Text(f"giãn {shown} dòng", f"{shown} lines"), Relayout(block.id, (("lines", float(nearest)),))
        )


def space_above(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Too close to what stands above it in the same column."""
    least = float(rule.given["at_least"])
    for at, block in enumerate(draft.blocks):
        if block.role not in rule.looks_at or block.shared or block.start or not block.said:
            continue
        above = next((one for one in reversed(draft.blocks[:at]) if _same_place(one, block)), None)
        if above is None or above.role in {"empty", "line"}:
            continue
        between = above.layout.after + block.layout.before
        if between < least - 0.5:
            shown = plain(between)
            yield whole(block, Text(f"cách {shown}pt", f"{shown} pt apart"), Relayout(block.id, (("before", least),)))


def _same_place(one: Block, other: Block) -> bool:
    return (one.table, one.column) == (other.table, other.column)


def _line_below(draft: Draft, rule: Rule) -> tuple[Block, Drawn | None] | None:
    """The last block of the part, and the line that stands below it or is anchored beside it."""
    groups = looked_at(draft, rule)
    if not groups:
        return None
    more = groups[0].role + "_more"
    last = next((one for one in reversed(draft.blocks) if one.role in {groups[-1].role, more}), groups[-1])
    if last.line:
        return last, last.line
    if all(run.look.underline for run in last.runs if run.text.strip()):
        return last, Drawn(None)
    at = draft.blocks.index(last)
    for block in draft.blocks[at + 1 : at + 12]:
        if not _same_place(block, last) and not last.beside:
            if last.table:
                continue
            break
        if block.role == "line" and not block.shared and not last.beside:
            return last, Drawn(width(block))
        if block.line or block.role == "line":
            return last, Drawn(None) if block.shared or block.role == "line" else block.line
        if block.role != "empty" and not last.beside:
            break
    beside = (one for one in draft.blocks if one.table and _same_place(one, last) and one.line)
    anchored = next(beside, None)
    return last, Drawn(None) if anchored else None


def line(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """No line below a part that has one."""
    found = _line_below(draft, rule)
    if found is not None and found[1] is None:
        yield whole(found[0])


def line_length(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A line below a part far shorter or longer than it should be, where both can be measured."""
    found = _line_below(draft, rule)
    block, drawn = found or (None, None)
    if block is None or drawn is None or drawn.length is None or len(looked_at(draft, rule)) != 1:
        return
    long = width(block)
    low, high = rule.given["between"]
    if 0 < long <= _LONGEST_MEASURED and not low <= drawn.length / long <= high:
        share = plain(100 * drawn.length / long, decimals=0)
        yield whole(block, Text(f"dài khoảng {share} % dòng chữ", f"about {share} % of the text"))


def width(block: Block) -> float:
    """About how wide its text is in Times New Roman, in mm."""
    total = 0.0
    for run in block.runs:
        ems = sum(_ems(sign) for sign in run.text.strip("\n"))
        total += ems * (run.look.size or 13.0) * _MM_A_POINT * (1.05 if run.look.bold else 1.0)
    return total


def _ems(sign: str) -> float:
    if sign in " .,;:-'/|!":
        return 0.28
    if sign.isupper():
        return 0.69
    return 0.5 if sign.isdigit() or sign == "_" else 0.45


CHECKS: dict[str, Check] = {
    "align": align,
    "first_line": first_line,
    "gap": gap,
    "lines": lines,
    "space_above": space_above,
    "line": line,
    "line_length": line_length,
}
