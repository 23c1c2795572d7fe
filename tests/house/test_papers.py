"""Every paper of the house can be filed: PDF/A-2b as it says. What a document's story is as a paper: `test_story`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from core.words import Language
from mail_audit.report import as_pdf
from tests.mail_audit.report import examples
from tests.pdf_a import faults
from training.papers import certificate, sheet

NAME = "Nguyễn Thị Ngọc Ánh <b> 漢 \u0301"
DAY = date(2026, 11, 24)
BEGIN = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def _certificate(language: Language) -> bytes:
    one = certificate.CertificatePaper("0" * 20, NAME, NAME, 3, DAY, None, "https://vanthu.tp.example.gov.vn/c/0", NAME)
    return certificate.render(one, language=language)


def _sheet(language: Language) -> bytes:
    lines = tuple(sheet.SheetLine(NAME, f"CB{number}", NAME, BEGIN) for number in range(40))
    one = sheet.Sheet(NAME, BEGIN, BEGIN + timedelta(hours=2), NAME, NAME, 40, True, lines)
    return sheet.render(one, zone="Asia/Ho_Chi_Minh", language=language)


def _report(language: Language) -> bytes:
    return as_pdf.render(examples.report(), language)


@pytest.mark.parametrize("made", [_certificate, _sheet, _report])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_filed(made: Callable[[Language], bytes], language: Language) -> None:
    assert faults(made(language)) == []


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        (b"%PDF-1.7", b"%PDF-2.0", "it does not begin as a PDF with eight-bit data does"),
        (b"/FontFile3", b"/FontFound", "is not embedded"),
        (b"/GTS_PDFA1", b"/GTS_PDFX", "it has no output intent with a profile"),
        (b"<pdfaid:part>2", b"<pdfaid:part>3", "it says that it is PDF/A ['3', 'B']"),
        (b"/Metadata ", b"/Told ", "it has no metadata"),
        (b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "it has /JavaScript"),
        (b"/Length ", b"/Length 1", "is not as long as it says"),
        (b"/ID", b"/No", "it has no /ID"),
    ],
)
def test_what_keeps_a_paper_from_being_filed_is_seen(was: bytes, becomes: bytes, fault: str) -> None:
    paper = _certificate("vi").replace(b"/Type /", b"/Type/")
    assert was in paper
    found = faults(paper.replace(was, becomes, 1))
    assert [one for one in found if fault in one]
