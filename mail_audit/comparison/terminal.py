"""A comparison on the terminal, within 80 columns; nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from core.words import Language, Text
from mail_audit.comparison import words
from mail_audit.comparison.model import DIRECTIONS, Comparison, Member, Moved, UnitChange
from mail_audit.report.readable import readable_text
from mail_audit.report.terms import CLASS_WORDS, COLUMNS, HEADINGS, LEGEND, NOTHING, RANK_WORDS

WIDTH = 80
_NOBODY = Text("không có ai", "nobody")
MOST = 30
"""So many people are named in each list; the rest is counted."""


def show(found: Comparison, console: Console, language: Language = "vi") -> None:
    """Prints the comparison in `language`; names are printed as they are, never as markup."""
    width = min(console.width, WIDTH)
    console.print(Line(words.HEADINGS["comparison"].to(language), style="bold"), width=width)
    for key, side in (("earlier", found.earlier), ("later", found.later)):
        console.print(Line(f"{words.HEADINGS[key].to(language)}: {words.side(side, language)}"), width=width)
    if found.notes:
        _listed(console, words.HEADINGS["first"], (note.to(language) for note in found.notes), language)
    _listed(console, words.HEADINGS["changed"], (one.text.to(language) for one in found.findings), language)
    _heading(console, HEADINGS["units"], language)
    console.print(_units(found, console, language))
    console.print(Line(LEGEND.to(language)), width=width)
    _why_not(found, console, language)
    for direction in DIRECTIONS:
        people = [_moved(one, language) for one in found.moved if one.direction == direction]
        if people:
            _listed(console, words.DIRECTION_WORDS[direction], _cut(people, language), language)
    for key, members in (("joined", found.joined), ("left", found.left)):
        if members:
            _listed(console, words.HEADINGS[key], _cut([_member(one, language) for one in members], language), language)


def _units(found: Comparison, console: Console, language: Language) -> Table:
    frame = box.SIMPLE_HEAD if console.is_terminal else None
    table = Table(box=frame, pad_edge=False, padding=(0, 1), width=min(console.width, WIDTH))
    table.add_column(Line(COLUMNS["unit"].to(language)), overflow="fold", ratio=1)
    for key in ("leaders", "staff"):
        table.add_column(Line(COLUMNS[key].to(language).split(",")[0]), overflow="fold", max_width=26)
    if found.city is not None:
        table.add_row(*_row(found.city, HEADINGS["city"].to(language), language), style="bold")
    for unit in found.units:
        table.add_row(*_row(unit, unit.unit, language))
    return table


def _row(unit: UnitChange, name: str, language: Language) -> tuple[Line, ...]:
    shown = readable_text(name)
    if unit.presence != "both":
        shown += f" ({words.PRESENCE_WORDS[unit.presence].to(language)})"
    cells = [Line(shown)]
    for one in (unit.leaders, unit.staff):
        if not any(side.total for side in (one.before, one.after) if side is not None):
            cells.append(Line(_NOBODY.to(language)))
            continue
        rates = f"{words.figures(one.before, language)} → {words.figures(one.after, language)}"
        cells.append(Line(f"{rates}\n{words.change(one, language)}"))
    return tuple(cells)


def _why_not(found: Comparison, console: Console, language: Language) -> None:
    """Each reason why some do not compare, with the units it holds for."""
    reasons: dict[str, list[str]] = {}
    for unit in found.units:
        for change, rank in ((unit.leaders, "leaders"), (unit.staff, "staff")):
            sides = [side.total for side in (change.before, change.after) if side is not None]
            if change.why is not None and len(sides) == 2 and any(sides):
                place = f"{readable_text(unit.unit)} ({COLUMNS[rank].to(language)})"
                reasons.setdefault(change.why.to(language), []).append(place)
    lines = [f"{', '.join(_cut(places, language, 5))}: {why}" for why, places in reasons.items()]
    if lines:
        _listed(console, words.VERDICT_WORDS["cannot_compare"], _cut(lines, language), language)


def _moved(one: Moved, language: Language) -> str:
    before, after = (CLASS_WORDS[side.usage_class].to(language) for side in (one.before, one.after))
    said = f"{_member(one.after, language)}: {before} → {after}"
    return f"{said}. {one.why.to(language)}" if one.why is not None and one.direction != "data" else said


def _member(one: Member, language: Language) -> str:
    return readable_text(f"{one.name} ({one.official_id}), {RANK_WORDS[one.rank].to(language)}, {one.unit}")


def _cut(lines: list[str], language: Language, most: int = MOST) -> list[str]:
    if len(lines) <= most:
        return lines
    rest = len(lines) - most
    return [*lines[:most], Text(f"và {rest} nữa", f"and {rest} more").to(language)]


def _heading(console: Console, heading: Text, language: Language) -> None:
    said = heading.to(language)
    console.print()
    console.print(Line(said[:1].upper() + said[1:], style="bold"))


def _listed(console: Console, heading: Text, lines: Iterable[str], language: Language) -> None:
    _heading(console, heading, language)
    for line in list(lines) or [NOTHING.to(language)]:
        console.print(Padding(Line(f"- {line}"), (0, 0, 0, 1), expand=False), width=min(console.width, WIDTH))
