"""Checks of paper, margins and page numbers."""

from __future__ import annotations

from collections.abc import Iterator

from core.words import Text
from eoffice.documents.changes import Renumber, Repage
from eoffice.documents.checking.fault import Check, Fault, plain
from eoffice.documents.checking.layouts import width
from eoffice.documents.draft import Draft, Page
from eoffice.documents.ruleset import Rule, RuleSet

NEAR_PAPER = 1.0
NEAR_MARGIN = 0.3
CERTAINLY_TWO = 1.35
"""Estimated pages from which a document is taken for longer than one."""
_MM_A_POINT = 25.4 / 72


def _is_across(page: Page) -> bool:
    return page.width > page.height


def paper(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Another paper, whichever way it lies."""
    short, long = sorted((rule.given["width"], rule.given["height"]))
    for number, page in enumerate(draft.pages):
        sides = sorted((page.width, page.height))
        if abs(sides[0] - short) > NEAR_PAPER or abs(sides[1] - long) > NEAR_PAPER:
            wanted = (float(long), float(short)) if _is_across(page) else (float(short), float(long))
            size = f"{plain(page.width, decimals=0)} x {plain(page.height, decimals=0)} mm"
            yield Fault(None, 0, 0, Text(size, size), (Repage(number, (("width", wanted[0]), ("height", wanted[1]))),))


def portrait(draft: Draft, _rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """The first page lies across though the text has no tables."""
    page = draft.pages[0]
    if _is_across(page) and not draft.of("cell"):
        yield Fault(None, 0, 0, None, (Repage(0, (("width", page.height), ("height", page.width))),))


def margin(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A margin outside its bounds, of pages that stand upright; mended to the nearest bound."""
    side = rule.given["side"]
    low, high = rule.given["between"]
    for number, page in enumerate(draft.pages):
        found: float = getattr(page, side)
        if (number and _is_across(page)) or low - NEAR_MARGIN <= found <= high + NEAR_MARGIN:
            continue
        shown = plain(found)
        yield Fault(
            None,
            0,
            0,
            Text(f"{shown} mm", f"{shown} mm"),
            (Repage(number, ((side, float(low if found < low else high)),)),),
        )


def page_number(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """One property of the page number that is not as it should be."""
    if draft.page_number is None:
        return
    what = rule.given["what"]
    found = getattr(draft.page_number, what)
    if "between" in rule.given:
        low, high = rule.given["between"]
        if found is None or low <= found <= high:
            return
        wanted = float(low if found < low else high)
        shown = Text(f"cỡ chữ {plain(found)}", f"size {plain(found)}")
        yield Fault(None, 0, 0, shown, (Renumber(((what, wanted),)),))
    elif found != rule.given["is"]:
        yield Fault(None, 0, 0, None, (Renumber(((what, rule.given["is"]),)),) if rule.fix else ())


def page_number_missing(draft: Draft, _rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """No page number in a document that certainly has several pages."""
    if draft.page_number is None and (draft.several_pages or estimated_pages(draft) >= CERTAINLY_TWO):
        yield Fault()


def estimated_pages(draft: Draft) -> float:
    """About how many pages the blocks before any attachment fill, by the width of their text."""
    page = draft.pages[0]
    across = max(page.width - page.left - page.right, 50.0)
    down = max(page.height - page.top - page.bottom, 100.0)
    rows: dict[tuple[int, int], dict[int, float]] = {}
    for block in draft.blocks:
        if block.role in {"attached", "appendix", "appendix_title", "appendix_note"}:
            break
        size = max((run.look.size or 13.0 for run in block.runs), default=13.0)
        lines = max(1.0, -(-width(block) // across)) + block.text.count("\n")
        high = lines * size * 1.15 * block.layout.lines + block.layout.before + block.layout.after
        # What stands side by side, in columns or by tabs, is as high as the highest of it.
        place = (block.table, 0) if block.table else (0, block.paragraph or -len(rows) - 1)
        side = rows.setdefault(place, {})
        column = block.column or block.start
        side[column] = side.get(column, 0.0) + high
    return sum(max(columns.values()) for columns in rows.values()) * _MM_A_POINT / down


CHECKS: dict[str, Check] = {
    "paper": paper,
    "portrait": portrait,
    "margin": margin,
    "page_number": page_number,
    "page_number_missing": page_number_missing,
}
