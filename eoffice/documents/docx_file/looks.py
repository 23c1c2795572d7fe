"""From the sources of formatting to the values that are shown: one function a value."""

from __future__ import annotations

import re
from itertools import groupby

from eoffice.documents.docx_file.names import MM_A_TWIP, TWIPS_A_POINT, Element, W, child, number, value
from eoffice.documents.docx_file.paragraphs import pieces
from eoffice.documents.docx_file.styles import Styles
from eoffice.documents.draft import Align, Layout, Look, Run

_ALIGN: dict[str, Align] = {
    "left": "left",
    "start": "left",
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
    "lowKashida": "justify",
    "mediumKashida": "justify",
    "highKashida": "justify",
    "thaiDistribute": "justify",
}
DEFAULT_SIZE = 10.0
SINGLE = 1.15
"""A single line of Times New Roman is this much of the letters' size."""
_BY_ALPHABET = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")


def runs(styles: Styles, paragraph: Element) -> tuple[Run, ...]:
    """The text of a paragraph with its looks; neighbours that look the same are one run."""
    found: list[Run] = []
    for run, parts in groupby(pieces(paragraph), key=lambda piece: piece.run):
        text = "".join(part.text for part in parts)
        found += _looking(styles, paragraph, run, text)
    joined: list[Run] = []
    for look, same in groupby(found, key=lambda run: run.look):
        joined.append(Run("".join(run.text for run in same), look))
    return tuple(run for run in joined if run.text)


def of_runs(styles: Styles, paragraph: Element) -> tuple[Run, ...]:
    """The looks of a paragraph's runs whatever they hold: a field that was never shown has no text yet."""
    return tuple(look for run in paragraph.iter(W + "r") for look in _looking(styles, paragraph, run, "1"))


def _looking(styles: Styles, paragraph: Element, run: Element, text: str) -> list[Run]:
    properties = child(run, "rPr")
    levels = styles.run_sources(paragraph, properties)
    sources = [source for level in levels for source in level]
    fonts = styles.fonts(sources)
    look = Look(
        size=_size(sources),
        bold=styles.toggled(levels, properties, "b"),
        italic=styles.toggled(levels, properties, "i"),
        caps=styles.toggled(levels, properties, "caps"),
        underline=(_first(sources, "u") or "none") != "none",
        colour=_colour(sources),
    )
    if fonts.ascii == fonts.other:
        return [Run(text, _with_font(look, fonts.ascii))]
    return [
        Run(part, _with_font(look, fonts.ascii if part.isascii() else fonts.other))
        for part in _BY_ALPHABET.findall(text)
    ]


def _with_font(look: Look, font: str | None) -> Look:
    return Look(font, look.size, look.bold, look.italic, look.underline, look.caps, look.colour)


def _first(sources: list[Element], name: str) -> str | None:
    return next((said for source in sources if (said := value(child(source, name))) is not None), None)


def _size(sources: list[Element]) -> float:
    said = (number(child(source, "sz")) for source in sources)
    return next((size / 2 for size in said if size is not None), DEFAULT_SIZE)


def _colour(sources: list[Element]) -> str | None:
    said = (_first(sources, "color") or "auto").upper()
    return None if said == "AUTO" or not re.fullmatch("[0-9A-F]{6}", said) else said


def layout(styles: Styles, paragraph: Element, *, size: float) -> Layout:
    """How a paragraph stands; `size` of its letters in points turns exact line heights into lines."""
    sources = styles.paragraph_sources(paragraph)
    align = next((said for source in sources if (said := value(child(source, "jc"))) is not None), "left")
    first = _measure(sources, "ind", "firstLine")
    hanging = _measure(sources, "ind", "hanging")
    return Layout(
        align=_ALIGN.get(align, "left"),
        first_line=_mm(first if first is not None else -(hanging or 0.0)),
        left=_mm(_measure(sources, "ind", "left", "start") or 0.0),
        before=_space(sources, "before"),
        after=_space(sources, "after"),
        lines=_lines(sources, size),
    )


def _measure(sources: list[Element], element: str, *names: str) -> float | None:
    """The nearest source that says one of the attributes; `firstLine` and `hanging` hide each other."""
    rival = {"firstLine": "hanging", "hanging": "firstLine"}.get(names[0])
    for source in sources:
        found = child(source, element)
        for name in names:
            if (said := number(found, name)) is not None:
                return said
        if rival is not None and number(found, rival) is not None:
            return None
    return None


def _space(sources: list[Element], side: str) -> float:
    automatic = next((said for one in sources if (said := value(child(one, "spacing"), side + "Autospacing"))), "0")
    if automatic in {"1", "true", "on"}:
        return 14.0
    return round((_measure(sources, "spacing", side) or 0.0) / TWIPS_A_POINT, 2)


def _lines(sources: list[Element], size: float) -> float:
    for source in sources:
        spacing = child(source, "spacing")
        line = number(spacing, "line")
        if line is not None and line > 0:
            rule = value(spacing, "lineRule") or "auto"
            if rule == "auto":
                return round(line / 240, 3)
            lines = line / TWIPS_A_POINT / (max(size, 1.0) * SINGLE)
            return round(lines if rule == "exact" else max(lines, 1.0), 3)
    return 1.0


def _mm(twips: float) -> float:
    return round(twips * MM_A_TWIP, 2)
