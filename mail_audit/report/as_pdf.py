"""A report as a paper for a council: PDF/A-2b, set by typst.

The figures reach typst as a JSON file beside the template, never as part of its markup. Only fonts that typst brings
along are used (Libertinus Serif has all Vietnamese letters), so that the same report looks the same everywhere; a sign
they do not have is shown as U+FFFD.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from core.words import Language, Text
from mail_audit.report import terms
from mail_audit.report.definitions import definitions, said
from mail_audit.report.model import CLASSES, Report
from mail_audit.report.picture import picture

MOST_OFFICIALS = 2_000
"""So many are in the appendix: some 120 pages and 0.4 GB of memory while it is set; 5,000 would need twice both."""
_NO_GLYPH = re.compile("[^\x20-\x7e\xa0-\u036f\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u2190-\u22ff\ufffd]")
"""Signs that the fonts may not have; PDF/A refuses a paper with even one of them."""
STANDARD: Literal["a-2b"] = "a-2b"
SAY: dict[str, Text] = {
    "nothing": terms.NOTHING,
    "legend": terms.LEGEND,
    "rate_note": terms.RATE_NOTE,
    "units_caption": terms.UNITS_CAPTION,
    "rung": Text("Bậc", "Rung"),
    "reasons_elsewhere": Text(
        "Căn cứ của từng người có trong báo cáo HTML, XLSX và JSON.",
        "The reasons for each person are in the HTML, XLSX and JSON reports.",
    ),
}


def _data(report: Report, language: Language) -> dict[str, Any]:
    until = report.period.last
    return {
        "picture": asdict(picture(report, language, most_officials=MOST_OFFICIALS)),
        "head": said(terms.HEADINGS, language),
        "column": said(terms.COLUMNS, language),
        "say": said(SAY, language),
        # the paper is dated by the period's end and not by the clock: the same report is the same file
        "dated": {"year": until.year, "month": until.month, "day": until.day},
        "class_words": [terms.CLASS_WORDS[one].to(language) for one in CLASSES],
        "definitions": {name: [asdict(row) for row in rows] for name, rows in definitions(language).items()},
    }


def render(report: Report, language: Language = "vi") -> bytes:
    """The paper as the bytes of a PDF/A-2b file."""
    template = files("mail_audit.report").joinpath("templates", "report.typ").read_bytes()
    data = _NO_GLYPH.sub("\ufffd", json.dumps(_data(report, language), ensure_ascii=False))
    sources: Any = {"main.typ": template, "data.json": data.encode()}  # the stubs do not know of several files by name
    paper = typst.Compiler(sources, ignore_system_fonts=True).compile(format="pdf", pdf_standards=STANDARD)
    if not isinstance(paper, bytes):
        raise TypeError(type(paper))
    return paper


def write(report: Report, path: Path, language: Language = "vi") -> None:
    """Writes the paper to `path`."""
    path.write_bytes(render(report, language))
