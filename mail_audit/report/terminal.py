"""A report on the terminal: the sentence, findings, the table by unit and the coverage, within 80 columns.

Nothing is told by colour alone; where the output is not a terminal there is none, nor any frame around the table.
"""

from __future__ import annotations

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from core.words import Language, Text
from mail_audit.report.model import Report
from mail_audit.report.picture import Picture, RankCell, UnitRow, picture
from mail_audit.report.terms import COLUMNS, HEADINGS, LEGEND, NOTHING, RANK_WORDS

WIDTH = 80
MOST_ROWS = 10
"""So many mailboxes without an official are named; the reports have more."""
BAR = 6
"""Cells of a bar in the table."""
_MARKS = Text("(? n: n người không có dữ liệu)", "(? n: no data for n people)")


def _bar(share: float | None) -> str:
    """Filled and open cells; dots where nothing is known. Anybody at all fills one cell, and only all fill the last."""
    if share is None:
        return "·" * BAR
    filled = int(share * BAR + 0.5)
    if share > 0:
        filled = max(filled, 1)
    if share < 1:
        filled = min(filled, BAR - 1)
    return "█" * filled + "░" * (BAR - filled)


def _cells(cell: RankCell) -> tuple[str, str]:
    if cell.raw.total == 0:
        return "0", ""
    unknown = f" ?{cell.unknown}" if cell.unknown else ""
    return f"{_bar(cell.share)} {cell.rate}", f"{cell.figures}{unknown}"


def _row(table: Table, unit: UnitRow, style: str) -> None:
    name = Line(" " * unit.depth + unit.name, style=style)
    table.add_row(name, *(Line(text, style=style) for side in (unit.leaders, unit.staff) for text in _cells(side)))


def _units(shown: Picture, console: Console, language: Language) -> Table:
    frame = box.SIMPLE_HEAD if console.is_terminal else None
    table = Table(box=frame, pad_edge=False, padding=(0, 1), width=min(console.width, WIDTH))
    table.add_column(Line(COLUMNS["unit"].to(language)), overflow="fold", ratio=1)
    for rank in ("leaders", "staff"):
        heading = COLUMNS["leaders"] if rank == "leaders" else RANK_WORDS["staff"]
        table.add_column(Line(heading.to(language).split(",")[0].capitalize()), no_wrap=True)
        table.add_column(Line(COLUMNS["using"].to(language)), justify="right", overflow="fold", max_width=12)
    if shown.city is not None:
        _row(table, shown.city, "bold")
    for unit in shown.units:
        _row(table, unit, "")
    return table


def _heading(console: Console, words: Text, language: Language) -> None:
    console.print()
    console.print(Line(words.to(language), style="bold"))


def _listed(console: Console, texts: tuple[str, ...], language: Language) -> None:
    width = min(console.width, WIDTH) - len(" - ")
    for text in texts or (NOTHING.to(language),):
        lines = Line(text).wrap(console, width) if cell_len(text) > width else [Line(text)]
        for number, line in enumerate(lines):
            line.rstrip()
            console.print(Line("   " if number else " - ") + line)


def show(report: Report, console: Console, language: Language = "vi") -> None:
    """Prints the report in `language`; names and log text are printed as they are, never as markup."""
    shown = picture(report, language, most_officials=0, most_rows=MOST_ROWS)
    width = min(console.width, WIDTH)
    console.print(Line(shown.title, style="bold"), width=width)
    console.print(Line(f"{HEADINGS['period'].to(language)}: {shown.period}"), width=width)
    console.print()
    console.print(Line(shown.headline, style="bold"), width=width)
    for sentence in shown.sentences:
        console.print(Line(sentence), width=width)
    _heading(console, HEADINGS["findings"], language)
    _listed(console, tuple(finding.text for finding in shown.findings), language)
    _heading(console, HEADINGS["units"], language)
    console.print(_units(shown, console, language))
    console.print(Line(f"{LEGEND.to(language)} {_MARKS.to(language)}"), width=width)
    _heading(console, HEADINGS["coverage"], language)
    for row in shown.coverage:
        console.print(Padding(Line(f"{row.label}: {row.value}"), (0, 0, 0, 1), expand=False), width=width)
    _heading(console, HEADINGS["cannot_tell"], language)
    _listed(console, shown.cannot_tell, language)
    if shown.unassigned:
        _heading(console, HEADINGS["unassigned"], language)
        mailboxes = [f"{row.mailbox} ({row.kind})" for row in shown.unassigned]
        _listed(console, (*mailboxes, *filter(None, [shown.unassigned_more])), language)
