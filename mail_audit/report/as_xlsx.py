"""A report as an Excel workbook: a sheet each for summary, units, officials, findings, coverage, unassigned, meanings.

Text is written as text and nothing else: no cell can become a formula, a link or a number. Rows go to the disk as
they come (`constant_memory`), so that a whole province needs no more memory than a village. What the logs cannot tell
is said in words in the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from core.words import Language, Text
from mail_audit.report.as_csv import COUNT_COLUMNS, TEXT_COLUMNS, official_texts
from mail_audit.report.definitions import definitions
from mail_audit.report.finding_words import FIGURE_WORDS, FINDING_WORDS
from mail_audit.report.headline import headline
from mail_audit.report.model import CLASSES, Finding, Report, UnitFigures
from mail_audit.report.numbers import count, percent_exact
from mail_audit.report.picture import Picture, picture
from mail_audit.report.readable import readable
from mail_audit.report.terms import (
    CLASS_WORDS,
    COLUMNS,
    HEADINGS,
    LEGEND,
    MAILBOX_KIND_WORDS,
    NO_DATA,
    RANK_WORDS,
    RATE_NOTE,
)

Cell = str | int | float | None
"""What a cell holds; None is "no data"."""

SHEETS: dict[str, Text] = {
    "summary": Text("Tổng hợp", "Summary"),
    "units": Text("Đơn vị", "Units"),
    "officials": Text("Cán bộ, công chức", "Officials"),
    "findings": Text("Nhận định", "Findings"),
    "coverage": Text("Độ phủ nhật ký", "Coverage"),
    "unassigned": Text("Hộp thư chưa gắn", "Unassigned"),
    "definitions": Text("Cách hiểu số liệu", "Meanings"),
}
RANKS: Mapping[str, Text] = {str(rank): words for rank, words in RANK_WORDS.items()}
LONGEST = 32_767
"""Characters that Excel takes in a cell."""
NO_LINKS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Workbook:
    """A workbook being written, in one language: its formats and how a table is put on a sheet."""

    def __init__(self, packed: BytesIO, folder: Path, language: Language, title: str, until: date) -> None:
        self.language = language
        # the rows wait in `folder`; only the packed workbook (9 MB for 140,000 people) is held in memory
        self.book = xlsxwriter.Workbook(packed, NO_LINKS | {"tmpdir": str(folder)})
        # dated by the period's end and not by the clock: the same report is the same file, whenever it is written
        made = datetime.combine(until, time.min)
        self.book.set_properties({"title": title, "author": "Vanthu", "created": made})
        add = self.book.add_format
        self.text = add({"valign": "top"})
        self.wrapped = add({"valign": "top", "text_wrap": True})
        self.number = add({"valign": "top", "num_format": "#,##0"})
        self.percent = add({"valign": "top", "num_format": "0.0%"})
        self.unknown = add({"valign": "top", "align": "right", "italic": True, "font_color": "#484949"})
        self.head = add({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DBE4E9", "bottom": 1})
        self.bold = add({"bold": True, "text_wrap": True, "valign": "top", "font_size": 14})

    def table(self, name: str, columns: Iterable[tuple[str, float]], rows: Iterable[Iterable[Cell]]) -> None:
        """A sheet with a head that stays, a filter, and `columns` of (heading, width); wide text is wrapped."""
        sheet = self.book.add_worksheet(SHEETS[name].to(self.language))
        headed = list(columns)
        for index, (_, width) in enumerate(headed):
            sheet.set_column(index, index, width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for index, (heading, _) in enumerate(headed):
            sheet.write_string(0, index, heading, self.head)
        last = 0
        for last, cells in enumerate(rows, start=1):
            for index, cell in enumerate(cells):
                self._cell(sheet, last, index, cell, wide=headed[index][1] >= 40)
        sheet.autofilter(0, 0, last, len(headed) - 1)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, *, wide: bool) -> None:
        if cell is None:
            sheet.write_string(row, column, NO_DATA.to(self.language), self.unknown)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:LONGEST], self.wrapped if wide else self.text)
        else:
            sheet.write_number(row, column, cell, self.percent if isinstance(cell, float) else self.number)


def _columns(language: Language, *named: tuple[str, float]) -> list[tuple[str, float]]:
    return [(COLUMNS[name].to(language), width) for name, width in named]


def _summary(book: _Workbook, shown: Picture) -> None:
    """The sentence, the period, both ranks and the notes a reader needs: one under the other."""
    sheet = book.book.add_worksheet(SHEETS["summary"].to(book.language))
    sheet.set_column(0, 0, 100)
    lines = [*shown.sentences, RATE_NOTE.to(book.language), LEGEND.to(book.language)]
    sheet.write_string(0, 0, shown.title, book.head)
    sheet.write_string(1, 0, shown.headline, book.bold)
    sheet.write_string(2, 0, f"{HEADINGS['period'].to(book.language)}: {shown.period}", book.wrapped)
    for row, line in enumerate(lines, start=3):
        sheet.write_string(row, 0, line[:LONGEST], book.wrapped)


def _unit_row(unit: UnitFigures, name: str) -> list[Cell]:
    ranks: list[Cell] = []
    for figures in (unit.leaders, unit.staff):
        # a rate of nobody is not unknown: there is nobody to know about
        rate: Cell = "" if figures.total == 0 else figures.rate
        ranks += [figures.total, figures.using, figures.unknown, rate]
    classes: list[Cell] = [unit.classes.get(one, 0) for one in CLASSES]
    return [name, unit.parent or "", *ranks, *classes, unit.no_mailbox]


def _units(book: _Workbook, report: Report) -> None:
    language = book.language
    columns = _columns(language, ("unit", 36.0), ("parent", 30.0))
    for side in ("leaders", "staff"):
        for name in ("total", "using", "unknown", "rate"):
            columns.append((f"{COLUMNS[side].to(language)}: {COLUMNS[name].to(language)}", 13.0))
    columns += [(CLASS_WORDS[one].to(language), 13.0) for one in CLASSES]
    columns += _columns(language, ("no_mailbox", 13.0))
    rows = [_unit_row(unit, unit.unit) for unit in report.units]
    if report.city is not None:
        rows.insert(0, _unit_row(report.city, HEADINGS["city"].to(language)))
    book.table("units", columns, rows)


def _officials(book: _Workbook, report: Report) -> None:
    language = book.language
    widths = (
        dict.fromkeys(COUNT_COLUMNS, 12.0) | dict.fromkeys(TEXT_COLUMNS, 24.0) | {"official_id": 12.0, "rung": 10.0}
    )
    columns = _columns(language, *((name, widths[name]) for name in (*TEXT_COLUMNS, *COUNT_COLUMNS)), ("reasons", 60.0))
    book.table(
        "officials",
        columns,
        (
            (
                *official_texts(official, language),
                *(getattr(official, name) for name in COUNT_COLUMNS),
                "; ".join(reason.to(language) for reason in official.reasons),
            )
            for official in report.officials
        ),
    )


def _called(words: Mapping[str, Text], key: str, language: Language) -> str:
    """A key in words; a JSON report of another version may hold one that has none, which is shown as it is."""
    return words[key].to(language) if key in words else key


def _figures(finding: Finding, language: Language) -> str:
    return "; ".join(
        f"{_called(FIGURE_WORDS, key, language)}: {_figure(value, language)}" for key, value in finding.figures.items()
    )


def _figure(value: float | str | None, language: Language) -> str:
    if value is None:
        return NO_DATA.to(language)
    if isinstance(value, str):
        return _called(RANKS, value, language)
    return count(value, language) if isinstance(value, int) else percent_exact(value, language)


def _rest(book: _Workbook, report: Report, shown: Picture) -> None:
    """Findings, coverage, unassigned mailboxes and meanings."""
    language = book.language
    book.table(
        "findings",
        _columns(language, ("finding", 80.0), ("unit", 36.0), ("kind", 30.0), ("figures", 50.0)),
        (
            (one.text.to(language), one.unit or "", _called(FINDING_WORDS, one.kind, language), _figures(one, language))
            for one in (*report.findings, *report.outlook)
        ),
    )
    cannot_tell = HEADINGS["cannot_tell"].to(language)
    broken = HEADINGS["broken"].to(language)
    book.table(
        "coverage",
        _columns(language, ("what", 34.0), ("value", 90.0)),
        [
            *((row.label, row.value) for row in shown.coverage),
            *((cannot_tell, text) for text in shown.cannot_tell),
            *((broken, f"{row.label}: {row.value}") for row in shown.broken),
            *((HEADINGS["without_mailbox"].to(language), text) for text in shown.without_mailbox),
        ],
    )
    book.table(
        "unassigned",
        _columns(language, ("mailbox", 40.0), ("kind", 24.0), ("sent", 14.0), ("received", 14.0), ("logins", 14.0)),
        (
            (one.mailbox, MAILBOX_KIND_WORDS[one.kind].to(language), one.sent, one.received, one.logins)
            for one in report.unassigned
        ),
    )
    book.table(
        "definitions",
        _columns(language, ("what", 34.0), ("meaning", 100.0)),
        ((row.label, row.value) for rows in definitions(language).values() for row in rows),
    )


def write(report: Report, path: Path, language: Language = "vi") -> None:
    """Writes the workbook to `path`."""
    report = readable(report)
    shown = picture(report, language, most_officials=0, most_rows=len(report.without_mailbox))
    packed = BytesIO()
    with TemporaryDirectory(prefix="vanthu-xlsx-") as folder:
        book = _Workbook(packed, Path(folder), language, headline(report).to(language), report.period.last)
        try:
            _summary(book, shown)
            _units(book, report)
            _officials(book, report)
            _rest(book, report, shown)
        finally:
            book.book.close()
    path.write_bytes(packed.getbuffer())
