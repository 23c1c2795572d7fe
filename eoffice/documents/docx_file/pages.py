"""Paper, margins and page numbers, from the sections of a DOCX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eoffice.documents.docx_file import looks
from eoffice.documents.docx_file.archive import Package
from eoffice.documents.docx_file.names import MM_A_TWIP, Element, R, W, child, children, number, switched, value
from eoffice.documents.docx_file.styles import Styles
from eoffice.documents.draft import Align, Corner, Page, PageNumber

_LETTER = {"w": 12240.0, "h": 15840.0}
_MARGIN = 1440.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A page number and the paragraph of the part that shows it."""

    number: PageNumber
    part: str
    paragraph: int


def sections(body: Element) -> list[Element]:
    """The `w:sectPr` of the text, in order, the last for the end."""
    found = [
        one
        for one in body.iter(W + "sectPr")
        if one.getparent() is not None and one.getparent().tag != W + "sectPrChange"
    ]
    return [one for one in found if not any(True for _up in one.iterancestors(W + "txbxContent"))]


def page(section: Element) -> Page:
    """Paper and margins of one section, in mm; what is not said is as Word takes it (Letter, one inch)."""
    size, margins = child(section, "pgSz"), child(section, "pgMar")
    gutter = number(margins, "gutter") or 0.0
    sides = {name: abs(_or(number(margins, name), _MARGIN)) for name in ("top", "bottom", "right", "left")}
    return Page(
        width=_mm(_or(number(size, "w"), _LETTER["w"])),
        height=_mm(_or(number(size, "h"), _LETTER["h"])),
        top=_mm(sides["top"]),
        bottom=_mm(sides["bottom"]),
        left=_mm(sides["left"] + gutter),
        right=_mm(sides["right"]),
    )


def _or(said: float | None, otherwise: float) -> float:
    return otherwise if said is None else said


def _mm(twips: float) -> float:
    return round(twips * MM_A_TWIP, 1)


def page_number(package: Package, main: str, section: Element | None, styles: Styles) -> Shown | None:
    """The page number of the first section, or None where no header and no footer of it shows one."""
    if section is None:
        return None
    different_first = bool(switched(section, "titlePg"))
    counting = child(section, "pgNumType")
    usual: Shown | None = None
    first = False
    for kind, where, part in _parts(package, main, section):
        root = package.xml(part)
        if root is None or kind == "even":
            continue
        for at, paragraph in enumerate(root.iter(W + "p"), 1):
            if not shows_number(paragraph):
                continue
            if kind == "first":
                first = True
            elif usual is None:
                usual = Shown(_as_shown(styles, paragraph, where, counting), part, at)
    if usual is None:
        return None
    on_first = first if different_first else True
    shown = usual.number
    return Shown(
        PageNumber(shown.where, shown.align, shown.size, shown.italic, on_first, shown.numerals, shown.begins),
        usual.part,
        usual.paragraph,
    )


def _parts(package: Package, main: str, section: Element) -> Iterator[tuple[str, Corner, str]]:
    related = package.related(main)
    corners: tuple[Corner, ...] = ("header", "footer")
    for where in corners:
        for reference in children(section, where + "Reference"):
            _kind, part = related.get(reference.get(R + "id") or "", ("", ""))
            if part in package.parts:
                yield value(reference, "type") or "default", where, part


def shows_number(paragraph: Element) -> bool:
    """Whether a paragraph holds the field PAGE."""
    simple = (value(field, "instr") or "" for field in paragraph.iter(W + "fldSimple"))
    complex_field = "".join(one.text or "" for one in paragraph.iter(W + "instrText"))
    return any(text.split()[:1] == ["PAGE"] for text in (*simple, complex_field))


def _as_shown(styles: Styles, paragraph: Element, where: Corner, counting: Element | None) -> PageNumber:
    shown = looks.runs(styles, paragraph) or looks.of_runs(styles, paragraph)
    marked = [run for run in shown if run.text.strip()] or list(shown)
    field = next(iter(marked), None)
    begins = number(counting, "start")
    return PageNumber(
        where=where,
        align=_align(styles, paragraph, "".join(run.text for run in shown)),
        size=field.look.size if field else None,
        italic=any(run.look.italic for run in marked),
        numerals=value(counting, "fmt") or "decimal",
        begins=1 if begins is None else int(begins),
    )


def _align(styles: Styles, paragraph: Element, text: str) -> Align:
    """By alignment, by the stop that tabs before the number lead to, or by the frame that holds it."""
    frame = next(
        (one for source in styles.paragraph_sources(paragraph) if (one := child(source, "framePr")) is not None), None
    )
    across = value(frame, "xAlign")
    if across in {"center", "right", "left"}:
        return "center" if across == "center" else "right" if across == "right" else "left"
    tabs = len(text) - len(text.lstrip("\t"))
    stops = [
        value(one)
        for source in styles.paragraph_sources(paragraph)
        for one in source.iter(W + "tab")
        if one.getparent().tag == W + "tabs"
    ]
    if tabs and {"center", "right"} & set(stops):
        return "center" if tabs == 1 and "center" in stops else "right"
    return looks.layout(styles, paragraph, size=13).align
