"""The formatting that Word would show: defaults, themes, styles and what they rest on, toggles, lists, sections."""

from __future__ import annotations

import io
import zipfile

import pytest

from eoffice.documents.docx_file.reading import read
from eoffice.documents.draft import Block, Draft
from tests.eoffice.documents.letters.raw_xml import NAMESPACES, OFFICE, PACKAGE, TYPES

THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:fontScheme>'
    '<a:majorFont><a:latin typeface="Cambria"/></a:majorFont><a:minorFont><a:latin typeface="Calibri"/></a:minorFont>'
    "</a:fontScheme></a:themeElements></a:theme>"
)


def document(body: str, *, styles: str = "", numbering: str = "", header: str = "") -> Draft:
    """The draft read from a DOCX of this body and these styles."""
    related = [
        ("styles", "styles.xml"),
        ("theme", "theme1.xml"),
        ("numbering", "numbering.xml"),
        ("header", "header1.xml"),
    ]
    rows = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{name}"/>' for at, (kind, name) in enumerate(related)
    )
    main = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{rows}</Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>",
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{header}</w:hdr>",
        "word/theme1.xml": THEME,
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return read(content.getvalue())


def only(body: str, *, styles: str = "", numbering: str = "") -> Block:
    """The one block."""
    [block] = document(body, styles=styles, numbering=numbering).blocks
    return block


def said(properties: str = "", text: str = "Chữ", paragraph: str = "") -> str:
    """One paragraph with one run."""
    return f"<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def style(name: str, inner: str, kind: str = "paragraph", based: str = "", default: bool = False) -> str:
    """One style."""
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    mark = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{mark}>{on}{inner}</w:style>'


DEFAULTS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/><w:sz w:val="22"/>'
    '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
)


def test_nothing_said_is_what_word_takes() -> None:
    block = only(said())
    assert (block.runs[0].look.size, block.runs[0].look.font, block.layout.align, block.layout.lines) == (
        10.0,
        None,
        "left",
        1.0,
    )


def test_document_defaults_and_theme() -> None:
    block = only(said(), styles=DEFAULTS)
    assert (block.runs[0].look.size, block.runs[0].look.font) == (11.0, "Calibri")
    assert (block.layout.after, block.layout.lines) == (8.0, 1.079)


def test_the_nearest_wins() -> None:
    styles = (
        DEFAULTS
        + style("N", '<w:rPr><w:sz w:val="26"/><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/></w:rPr>', default=True)
        + style("S", '<w:pPr><w:jc w:val="both"/></w:pPr><w:rPr><w:sz w:val="28"/></w:rPr>', based="N")
        + style("C", '<w:rPr><w:color w:val="FF0000"/></w:rPr>', kind="character")
    )
    look = only(said('<w:rStyle w:val="C"/>', paragraph='<w:pStyle w:val="S"/>'), styles=styles)
    assert (look.runs[0].look.size, look.runs[0].look.font, look.runs[0].look.colour) == (14.0, "Arial", "FF0000")
    assert look.layout.align == "justify"
    assert only(said('<w:sz w:val="24"/>', paragraph='<w:pStyle w:val="S"/>'), styles=styles).runs[0].look.size == 12.0
    assert only(said(), styles=styles).runs[0].look.size == 13.0


@pytest.mark.parametrize(
    ("paragraph_style", "run_style", "direct", "bold"),
    [
        ("<w:b/>", "", "", True),
        ("<w:b/>", "<w:b/>", "", False),
        ("<w:b/>", "<w:b/>", "<w:b/>", True),
        ("<w:b/>", "", '<w:b w:val="0"/>', False),
        ("", "<w:b/>", "", True),
        ("", "", '<w:b w:val="off"/>', False),
    ],
)
def test_toggles_add_up_between_styles(paragraph_style: str, run_style: str, direct: str, bold: bool) -> None:
    styles = style("P", f"<w:rPr>{paragraph_style}</w:rPr>") + style(
        "C", f"<w:rPr>{run_style}</w:rPr>", kind="character"
    )
    block = only(said(f'<w:rStyle w:val="C"/>{direct}', paragraph='<w:pStyle w:val="P"/>'), styles=styles)
    assert block.runs[0].look.bold is bold


def test_vietnamese_letters_need_both_fonts() -> None:
    block = only(said('<w:rFonts w:ascii="Times New Roman" w:hAnsi="Arial"/>', text="Việt Nam"))
    assert [(run.text, run.look.font) for run in block.runs] == [
        ("Vi", "Times New Roman"),
        ("ệ", "Arial"),
        ("t Nam", "Times New Roman"),
    ]


def test_indents_and_exact_lines() -> None:
    paragraph = '<w:spacing w:before="120" w:line="360" w:lineRule="exact"/><w:ind w:left="567" w:hanging="284"/>'
    layout = only(said('<w:sz w:val="28"/>', paragraph=paragraph)).layout
    assert (layout.before, layout.left, layout.first_line) == (6.0, 10.0, -5.01)
    assert layout.lines == pytest.approx(18 / (14 * 1.15), abs=0.01)


NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
)


def test_numbers_that_word_writes_by_itself() -> None:
    levels = (0, 1, 1, 0, 1)
    body = "".join(
        said(paragraph=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>') for level in levels
    )
    assert [block.label for block in document(body, numbering=NUMBERING).blocks] == [
        "Điều 1.",
        "a)",
        "b)",
        "Điều 2.",
        "a)",
    ]


def test_what_is_not_shown_is_not_read() -> None:
    gone = "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
    new = "<w:ins><w:r><w:t>mới</w:t></w:r></w:ins>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
    assert only(f"<w:p>{gone}{new}{hidden}</w:p>").text == "mới"


def test_a_text_box_is_read_once_and_apart() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>trong hộp</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    blocks = document(f"<w:p><w:r><w:t>ngoài</w:t></w:r><w:r>{both}</w:r></w:p>").blocks
    assert [block.text for block in blocks] == ["ngoài", "trong hộp"]


def test_paper_in_other_measures_and_the_gutter() -> None:
    section = '<w:sectPr><w:pgSz w:w="21cm" w:h="297mm"/><w:pgMar w:top="1134" w:bottom="1134" w:left="1134" w:right="850" w:gutter="567"/></w:sectPr>'
    [page] = document(said() + section).pages
    assert (page.width, page.height, page.left, page.right) == (210.0, 297.0, 30.0, 15.0)


@pytest.mark.parametrize(
    ("before", "align"),
    [("", "left"), ("<w:r><w:tab/></w:r>", "center"), ("<w:r><w:tab/></w:r><w:r><w:tab/></w:r>", "right")],
)
def test_a_page_number_may_be_centred_by_a_tab(before: str, align: str) -> None:
    tabs = '<w:pPr><w:tabs><w:tab w:val="center" w:pos="4680"/><w:tab w:val="right" w:pos="9360"/></w:tabs></w:pPr>'
    header = f'<w:p>{tabs}{before}<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple></w:p>'
    section = '<w:sectPr><w:headerReference w:type="default" r:id="r3"/><w:titlePg/></w:sectPr>'
    number = document(said() + section, header=header).page_number
    assert number is not None
    assert (number.align, number.size, number.on_first, number.where) == (align, 13.0, False, "header")
