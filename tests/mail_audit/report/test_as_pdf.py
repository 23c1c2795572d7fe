"""The paper, read back: its words, its standard, its fonts, and that no text of anybody's becomes markup."""

from __future__ import annotations

import re
import unicodedata

import pypdfium2  # type: ignore[import-untyped]
import pytest

from core.words import LANGUAGES, Language
from mail_audit.report import as_pdf
from mail_audit.report.terms import CLASS_WORDS
from tests.mail_audit.report import examples


def _pages(paper: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(paper)
    texts = []
    for page in document:
        read = page.get_textpage()
        texts.append(unicodedata.normalize("NFC", " ".join(read.get_text_range().split())))
        read.close()
        page.close()
    document.close()
    return texts


@pytest.fixture(scope="module")
def papers() -> dict[Language, bytes]:
    return {language: as_pdf.render(examples.report(), language) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        (
            "vi",
            "Việc sử dụng thư điện tử công vụ",
            "50 % lãnh đạo có dùng thư điện tử công vụ trong tháng 10/2026; số liệu phủ 29/31 ngày.",
        ),
        (
            "en",
            "Use of official e-mail",
            "50% of leaders used official e-mail in October 2026; the figures cover 29 of 31 days.",
        ),
    ],
)
def test_the_first_page_says_it(papers: dict[Language, bytes], language: Language, title: str, sentence: str) -> None:
    pages = _pages(papers[language])
    assert pages[0].startswith(title)
    assert sentence in pages[0]
    assert [page.endswith(f"{number}/{len(pages)}") for number, page in enumerate(pages, start=1)] == [True] * len(
        pages
    )
    document = pypdfium2.PdfDocument(papers[language])
    assert str(document.get_metadata_value("Title")).startswith(f"{title}: ")
    document.close()


def test_it_says_that_it_is_pdf_a_and_its_language(papers: dict[Language, bytes]) -> None:
    for language, region in (("vi", "vi-VN"), ("en", "en-GB")):
        paper = papers[language]  # type: ignore[index]
        assert re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>B</pdfaid:conformance>", paper)
        assert f"/Lang({region})".encode() in paper.replace(b"/Lang (", b"/Lang(")


def test_only_embedded_fonts_with_vietnamese_letters(papers: dict[Language, bytes]) -> None:
    fonts = set(re.findall(rb"/FontName/([A-Z]{6}\+\w+)", papers["vi"].replace(b"/FontName /", b"/FontName/")))
    assert {font.split(b"+")[1] for font in fonts} == {b"LibertinusSerif"}
    text = " ".join(_pages(papers["vi"]))
    assert [words.vi for words in CLASS_WORDS.values() if words.vi not in text] == []


def test_hostile_text_is_printed_as_it_is(papers: dict[Language, bytes]) -> None:
    text = " ".join(_pages(papers["vi"]))
    for name in (examples.FORMULA, examples.SCRIPT, "#set page(fill: red)"):
        assert name in text


@pytest.mark.parametrize("name", ["王小明 😀", "ﬁ\u200d👩", "\u0378", "*đậm* _nghiêng_ $x$ @ref <label> \\ // [", ""])
def test_no_name_can_stop_the_paper(name: str) -> None:
    assert as_pdf.render(examples.report(officials=(examples.official(name=name),))).startswith(b"%PDF-1.7")


def test_every_sign_that_is_let_through_has_a_glyph() -> None:
    name = "".join(chr(code) for code in range(0x20, 0x3000))
    assert as_pdf.render(examples.report(officials=(examples.official(name=name),))).startswith(b"%PDF-1.7")


def test_the_appendix_repeats_its_head_and_says_where_it_is_cut() -> None:
    pages = _pages(as_pdf.render(examples.large(as_pdf.MOST_OFFICIALS + 1, units=3), "en"))
    appendix = [page for page in pages if page.startswith(("Name Group Mailbox Use", "Appendix: officials"))]
    assert len(appendix) > 50
    assert len(pages) - len(appendix) <= 4
    assert "Only 2,000 of 2,001 people are listed" in appendix[0]
