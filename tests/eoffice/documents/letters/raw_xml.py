"""Writes a planned letter as XML of its own: once as Word does (styles, theme, shapes, fields), once as LibreOffice does."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from tests.eoffice.documents.letters.plan import Letter, Para, Piece

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
JC = {"justify": "both"}


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * 1440 / 25.4)


class Writer:
    """One program's way of writing: `word` uses styles and the theme, otherwise everything is said directly."""

    def __init__(self, letter: Letter, *, word: bool) -> None:
        self.letter = letter
        self.word = word
        self.shapes = 0

    def write(self) -> bytes:
        """The letter as a DOCX."""
        letter = self.letter
        middle = "".join(self.para(para) for para in letter.middle)
        behind = "".join(self.para(para, breaks=para.part == "appendix") for para in letter.behind)
        head, foot = self.table(letter.left, letter.right), self.table(letter.foot_left, letter.foot_right)
        body = f"{head}{middle}{foot}{behind}{self.section()}"
        parts = {
            "[Content_Types].xml": self.types(),
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": self.styles(),
            "word/theme/theme1.xml": self.theme(),
            "word/_rels/document.xml.rels": self.relations(),
        }
        if letter.numbering:
            where = letter.numbering.where
            parts[f"word/{where}1.xml"] = self.corner()
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
        return content.getvalue()

    def types(self) -> str:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml."
        overrides = [("document", "document.main"), ("styles", "styles")]
        if self.letter.numbering:
            overrides.append((f"{self.letter.numbering.where}1", self.letter.numbering.where))
        rows = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{kind}{what}+xml"/>' for name, what in overrides
        )
        rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        return f'<Types xmlns="{TYPES}">{rels}<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'

    def relations(self) -> str:
        rows = [("rId1", "styles", "styles.xml"), ("rId2", "theme", "theme/theme1.xml")]
        if self.letter.numbering:
            rows.append(("rId3", self.letter.numbering.where, f"{self.letter.numbering.where}1.xml"))
        said = "".join(f'<Relationship Id="{one}" Type="{OFFICE}/{kind}" Target="{name}"/>' for one, kind, name in rows)
        return f'<Relationships xmlns="{PACKAGE}">{said}</Relationships>'

    def theme(self) -> str:
        minor = "Times New Roman" if self.word else "Calibri"
        fonts = f'<a:majorFont><a:latin typeface="Cambria"/></a:majorFont><a:minorFont><a:latin typeface="{minor}"/></a:minorFont>'
        return f'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements><a:fontScheme name="Office">{fonts}</a:fontScheme></a:themeElements></a:theme>'

    def styles(self) -> str:
        fonts = (
            '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"/>'
            if self.word
            else '<w:rFonts w:ascii="Liberation Serif" w:hAnsi="Liberation Serif"/>'
        )
        spacing = '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>' if self.word else ""
        defaults = f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>'
        strong = '<w:style w:type="paragraph" w:styleId="Dam"><w:name w:val="Đậm"/><w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>'
        slanted = (
            '<w:style w:type="character" w:styleId="Nghieng"><w:name w:val="Nghiêng"/><w:rPr><w:i/></w:rPr></w:style>'
        )
        normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:rPr><w:sz w:val="28"/></w:rPr></w:style>'
        header = '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/><w:pPr><w:tabs><w:tab w:val="center" w:pos="4680"/><w:tab w:val="right" w:pos="9360"/></w:tabs></w:pPr></w:style>'
        return f"<w:styles {NAMESPACES}>{defaults}{normal}{strong}{slanted}{header}</w:styles>"

    def section(self) -> str:
        letter = self.letter
        width, height = (twips(side) for side in letter.paper)
        across = ' w:orient="landscape"' if width > height else ""
        number = letter.numbering
        reference = f'<w:{number.where}Reference w:type="default" r:id="rId3"/>' if number else ""
        first = "<w:titlePg/>" if number and not number.first_page else ""
        margins = "".join(f' w:{side}="{twips(mm)}"' for side, mm in letter.margins.items())
        counting = ""
        if number and (number.numerals or number.start):
            form = f' w:fmt="{number.numerals}"' if number.numerals else ""
            start = f' w:start="{number.start}"' if number.start else ""
            counting = f"<w:pgNumType{form}{start}/>"
        return f'<w:sectPr w:rsidR="00A1">{reference}<w:pgSz w:w="{width}" w:h="{height}"{across}/><w:pgMar{margins} w:header="708" w:footer="708" w:gutter="0"/>{counting}<w:cols w:space="708"/>{first}</w:sectPr>'

    def corner(self) -> str:
        number = self.letter.numbering
        assert number is not None
        look = f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>{"<w:i/>" if number.italic else ""}<w:sz w:val="{round(number.size * 2)}"/></w:rPr>'
        if self.word:
            field = "".join(
                f"<w:r>{look}{inner}</w:r>"
                for inner in (
                    '<w:fldChar w:fldCharType="begin"/>',
                    '<w:instrText xml:space="preserve"> PAGE   \\* MERGEFORMAT </w:instrText>',
                    '<w:fldChar w:fldCharType="separate"/>',
                    "<w:t>2</w:t>",
                    '<w:fldChar w:fldCharType="end"/>',
                )
            )
        else:
            field = f'<w:fldSimple w:instr=" PAGE "><w:r>{look}<w:t>2</w:t></w:r></w:fldSimple>'
        tag = "hdr" if number.where == "header" else "ftr"
        inner = f'<w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="{number.align}"/></w:pPr>{field}</w:p>'
        wrapped = f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>" if self.word else inner
        return f"<w:{tag} {NAMESPACES}>{wrapped}</w:{tag}>"

    def table(self, left: list[Para], right: list[Para]) -> str:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="4700" w:type="dxa"/></w:tcPr>{"".join(self.para(para) for para in paras) or "<w:p/>"}</w:tc>'
            for paras in (left, right)
        )
        return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="4700"/><w:gridCol w:w="4700"/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl>'

    def para(self, para: Para, *, breaks: bool = False) -> str:
        all_bold = self.word and para.pieces and all(piece.bold for piece in para.pieces)
        style = '<w:pStyle w:val="Dam"/>' if all_bold else ""
        spacing = f'<w:spacing w:before="{round(para.before * 20)}" w:after="{round(para.after * 20)}" w:line="{round(para.lines * 240)}" w:lineRule="auto"/>'
        indent = (
            f'<w:ind w:left="{twips(para.left)}" w:firstLine="{twips(para.first)}"/>' if para.left or para.first else ""
        )
        page = "<w:pageBreakBefore/>" if breaks else ""
        properties = f'<w:pPr>{style}{page}{spacing}{indent}<w:jc w:val="{JC.get(para.align, para.align)}"/></w:pPr>'
        runs = "".join(self.run(piece, bold_by_style=bool(all_bold)) for piece in para.pieces)
        return (
            f'<w:p w:rsidR="00B2">{properties}{runs}{self.shape(para.rule) if para.rule and self.word else ""}</w:p>'
            + (self.underscores(para.rule) if para.rule and not self.word else "")
        )

    def run(self, piece: Piece, *, bold_by_style: bool) -> str:
        by_style = self.word and piece.italic and not piece.bold
        style = '<w:rStyle w:val="Nghieng"/>' if by_style else ""
        fonts = (
            ""
            if self.word and piece.font == "Times New Roman"
            else f"<w:rFonts w:ascii={quoteattr(piece.font)} w:hAnsi={quoteattr(piece.font)} w:cs={quoteattr(piece.font)}/>"
        )
        weight = "" if bold_by_style else ("<w:b/>" if piece.bold else '<w:b w:val="0"/>')
        slope = "" if by_style else ("<w:i/>" if piece.italic else "")
        colour = f'<w:color w:val="{piece.colour}"/>' if piece.colour else ""
        size = "" if self.word and piece.size == 14 else f'<w:sz w:val="{round(piece.size * 2)}"/>'
        look = f"<w:rPr>{style}{fonts}{weight}{slope}{colour}{size}</w:rPr>"
        middle = len(piece.text) // 2 if self.word else 0
        halves = [piece.text[:middle], piece.text[middle:]] if middle else [piece.text]
        return '<w:proofErr w:type="spellStart"/>'.join(
            f'<w:r w:rsidRPr="00C3">{look}<w:t xml:space="preserve">{escape(half)}</w:t></w:r>' for half in halves
        )

    def shape(self, mm: float) -> str:
        """A straight line as Word draws it: DrawingML, and VML for what is older."""
        self.shapes += 1
        emu = round(mm * 36000)
        drawing = (
            f'<w:drawing><wp:anchor behindDoc="0"><wp:extent cx="{emu}" cy="0"/><wp:docPr id="{self.shapes}" name="Line"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<wps:wsp><wps:spPr><a:xfrm><a:ext cx="{emu}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>'
        )
        points = mm * 72 / 25.4
        old = f'<w:pict><v:line id="l{self.shapes}" from="0,0" to="{points:.1f}pt,0"/></w:pict>'
        return f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>'

    def underscores(self, mm: float) -> str:
        count = max(3, round(mm / (12 * 0.5 * 25.4 / 72)))
        return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="24"/></w:rPr><w:t>{"_" * count}</w:t></w:r></w:p>'


def as_word(letter: Letter) -> bytes:
    """As Word writes: styles, theme fonts, shapes with their fallback, complex fields, runs cut by the spelling checker."""
    return Writer(letter, word=True).write()


def as_libreoffice(letter: Letter) -> bytes:
    """As LibreOffice writes: every property said directly, simple fields."""
    return Writer(letter, word=False).write()
