"""A report as one page that stands alone: no script, no request, its own strict content security policy.

The policy allows nothing but the page's own style, by its hash, so that hostile text in a log or a directory could
do nothing even if it were not escaped (and it is). The page prints, reads on a phone and is usable by keyboard.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from core.words import Language, Text
from mail_audit.report import terms
from mail_audit.report.charts import bar
from mail_audit.report.charts.bars import Side
from mail_audit.report.definitions import definitions, said
from mail_audit.report.model import CLASSES, RankFigures, Report
from mail_audit.report.picture import picture

SECTIONS = ("findings", "units", "officials", "coverage", "unassigned", "definitions")
SAY: dict[str, Text] = {
    "skip": Text("Đến nội dung chính", "Skip to the main content"),
    "figures": Text("Xem số liệu", "See the figures"),
    "nothing": terms.NOTHING,
    "legend": terms.LEGEND,
    "rate_note": terms.RATE_NOTE,
    "units_caption": terms.UNITS_CAPTION,
    "officials_caption": Text("Từng người, theo đơn vị", "Each official, by unit"),
    "made_by": Text(
        "Báo cáo do Vanthu lập từ nhật ký máy chủ thư. Ai được nêu trong báo cáo có quyền đề nghị xem lại số liệu.",
        "Made by Vanthu from the mail servers' logs. Whoever is named here may ask for a review of the figure.",
    ),
}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mail_audit.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _css() -> str:
    loader = _environment().loader
    assert loader is not None  # noqa: S101 - `_environment` has just set it
    return loader.get_source(_environment(), "report.css")[0]


def _policy(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def chunks(report: Report, language: Language = "vi") -> Iterator[str]:
    """The page, piece by piece."""

    def drawn(figures: RankFigures, side: Side) -> Markup:
        return bar(figures, side, language)

    environment = _environment()
    macros = environment.get_template("macros.html").module
    nothing = terms.NOTHING.to(language)
    context: dict[str, Any] = {
        "picture": picture(report, language),
        "css": Markup(_css()),  # noqa: S704 - our own file, not what anybody sent
        "policy": Markup(_policy(_css())),  # noqa: S704 - a hash and fixed words; quotes have to stay quotes
        "say": said(SAY, language),
        "head": said(terms.HEADINGS, language),
        "column": said(terms.COLUMNS, language),
        "class_words": [terms.CLASS_WORDS[one].to(language) for one in CLASSES],
        "sections": SECTIONS,
        "definitions": definitions(language),
        "bar": drawn,
        "listing": lambda texts: macros.listing(texts, nothing),  # type: ignore[attr-defined]
        "pairs": macros.pairs,  # type: ignore[attr-defined]
    }
    yield from environment.get_template("report.html").generate(context)


def render(report: Report, language: Language = "vi") -> str:
    """The whole page as text."""
    return "".join(chunks(report, language))


def write(report: Report, path: Path, language: Language = "vi") -> None:
    """Writes the page to `path` as UTF-8."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(chunks(report, language))
