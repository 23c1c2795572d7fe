"""Writes a planned letter with python-docx, as a script or a small web service would."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tests.eoffice.documents.letters.plan import Letter, Para, Piece

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def write(letter: Letter) -> bytes:
    """The letter as a DOCX."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    document.styles["Normal"].paragraph_format.line_spacing = 1.0
    _page(document, letter)
    if letter.layout == "tabs":
        _tabbed(document, letter.left, letter.right)
    else:
        _table(document, letter.left, letter.right, merged=letter.layout == "breaks")
    for para in letter.middle:
        _fill(document.add_paragraph(), para)
        _rule(document, para)
    if letter.layout == "tabs":
        _tabbed(document, letter.foot_left, letter.foot_right)
    else:
        _table(document, letter.foot_left, letter.foot_right)
    for para in letter.behind:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.page_break_before = para.part == "appendix"
        _fill(paragraph, para)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _page(document: Any, letter: Letter) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(letter.paper[0]), Mm(letter.paper[1])
    if letter.paper[0] > letter.paper[1]:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.top_margin, section.bottom_margin = Mm(letter.margins["top"]), Mm(letter.margins["bottom"])
    section.left_margin, section.right_margin = Mm(letter.margins["left"]), Mm(letter.margins["right"])
    number = letter.numbering
    if number is None:
        return
    section.different_first_page_header_footer = not number.first_page
    corner = section.header if number.where == "header" else section.footer
    paragraph = corner.paragraphs[0]
    paragraph.alignment = ALIGN[number.align]
    run = paragraph.add_run()
    run.font.size, run.font.italic, run.font.name = Pt(number.size), number.italic, "Times New Roman"
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)
    if number.numerals or number.start:
        counting = OxmlElement("w:pgNumType")
        if number.numerals:
            counting.set(qn("w:fmt"), number.numerals)
        if number.start:
            counting.set(qn("w:start"), str(number.start))
        section._sectPr.append(counting)


def _fill(paragraph: Any, para: Para) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = ALIGN[para.align]
    form.first_line_indent, form.left_indent = Mm(para.first), Mm(para.left)
    form.space_before, form.space_after, form.line_spacing = Pt(para.before), Pt(para.after), para.lines
    for piece in para.pieces:
        _run(paragraph, piece)


def _run(paragraph: Any, piece: Piece) -> Any:
    run = paragraph.add_run(piece.text)
    run.font.size, run.font.bold, run.font.italic = Pt(piece.size), piece.bold, piece.italic
    run.font.name = piece.font
    run._r.get_or_add_rPr().rFonts.set(qn("w:cs"), piece.font)
    if piece.colour:
        run.font.color.rgb = RGBColor.from_string(piece.colour)
    return run


def _rule(place: Any, para: Para) -> None:
    """The line below as a row of underscores."""
    if para.rule:
        paragraph = place.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run("_" * max(3, round(para.rule / (12 * 0.5 * 25.4 / 72))))
        run.font.size, run.font.name = Pt(12), "Times New Roman"


def _table(document: Any, left: Sequence[Para], right: Sequence[Para], *, merged: bool = False) -> None:
    cells = document.add_table(1, 2).rows[0].cells
    for cell, paras in zip(cells, (left, right), strict=True):
        spare = cell.paragraphs[0]
        organs = [para for para in paras if para.part in {"parent", "issuer"}]
        joined = merged and len(organs) == 2 and organs[0].align == organs[1].align
        if joined:
            paragraph = cell.add_paragraph()
            _fill(paragraph, organs[0])
            paragraph.runs[-1].add_break()
            for piece in organs[1].pieces:
                _run(paragraph, piece)
            _rule(cell, organs[1])
        for para in paras:
            if not (joined and para in organs):
                _fill(cell.add_paragraph(), para)
                _rule(cell, para)
        spare._p.getparent().remove(spare._p)
        if not cell.paragraphs:
            cell.add_paragraph()


def _tabbed(document: Any, left: Sequence[Para], right: Sequence[Para]) -> None:
    """Two columns of lines side by side by a tab; what has no neighbour stands alone."""
    rows = max(len(left), len(right))
    for at in range(rows):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(85), WD_TAB_ALIGNMENT.LEFT)
        beside = [paras[at] for paras in (left, right) if at < len(paras)]
        paragraph.paragraph_format.space_before = Pt(max(para.before for para in beside))
        for number, paras in enumerate((left, right)):
            if number:
                paragraph.add_run("\t")
            if at < len(paras):
                for piece in paras[at].pieces:
                    _run(paragraph, piece)
    if any(para.rule for para in (*left, *right)):
        paragraph = document.add_paragraph()
        paragraph.add_run("__________\t______________________________").font.size = Pt(12)
