"""Files from outside: what they are, what is read in them, how they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFoundError
from core.store import FolderStore
from core.words import showable
from eoffice.errors import DocumentFileError
from eoffice.files import keep, kept_file, kind_of, readable_words, reading, safe_name
from tests.eoffice.files.made import docx_of, pdf_of, with_part

PNG = b"\x89PNG\r\n\x1a\n0000"


def test_kept_once_and_found_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = keep(store, b"abc")
    assert keep(store, b"abc") == first
    assert kept_file(store, first) == b"abc"
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [first], "nothing half is left"


def test_changed_or_gone_is_said(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    digest = keep(store, b"abc")
    next(one for one in tmp_path.rglob(digest)).write_bytes(b"abd")
    for asked in (digest, "0" * 64, "../../etc/passwd", ""):
        with pytest.raises(NotFoundError):
            kept_file(store, asked)


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("Tờ trình.docx", docx_of("x"), "docx"),
        ("x.PDF", b"%PDF-1.7", "pdf"),
        ("x.txt", "Kính gửi".encode(), "txt"),
        ("ảnh.jpeg", b"\xff\xd8\xff\xe0", "jpg"),
        ("x.png", PNG, "png"),
    ],
)
def test_what_is_taken(name: str, content: bytes, ending: str) -> None:
    assert kind_of(name, content).ending == ending


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"MZ"),
        ("x.html", b"<script>"),
        ("x.svg", b"<svg onload='x()'/>"),
        ("x.pdf", b"<html>"),
        ("x.png", b"\xff\xd8\xff"),
        ("x.docx", b"%PDF-1.7"),
        ("x.docx", b"PK\x03\x04nothing"),
        ("x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("x.docm", docx_of("x")),
        ("x.docx", with_part(docx_of("x"), "word/vbaProject.bin", lambda _: b"x")),
        ("x.txt", b"\xff\xfe\x00"),
        ("x.txt", b"a\0b"),
        ("x.txt", b""),
        ("", b"abc"),
        ("pdf", b"%PDF-1.7"[:0] + b"MZ"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes) -> None:
    with pytest.raises(DocumentFileError):
        kind_of(name, content)


def test_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eoffice.files.kinds.MOST_BYTES", 10)
    with pytest.raises(DocumentFileError, match="large"):
        kind_of("x.txt", b"a" * 11)


def test_every_word_of_a_docx_is_read() -> None:
    """Also what stands in the header, in a text box, and in the properties."""
    words = readable_words(kind_of("x.docx", docx_of("x")), docx_of("Thân bài", header="TỐI MẬT", box="Hộp chữ"))
    assert {"Thân bài", "TỐI MẬT", "Hộp chữ"} <= set(words.splitlines())


def test_the_words_of_a_pdf_are_read() -> None:
    content = pdf_of("TUYỆT MẬT", "Kính gửi: Sở Y tế")
    words = readable_words(kind_of("x.pdf", content), content)
    assert {"TUYỆT MẬT", "Kính gửi: Sở Y tế"} <= {one.strip() for one in words.splitlines()}


@pytest.mark.parametrize("content", [b"%PDF-1.7\nbroken", pdf_of("x")[:400]])
def test_a_broken_pdf_says_nothing(content: bytes) -> None:
    assert readable_words(kind_of("x.pdf", content), content) == ""


def test_a_pdf_that_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PDF_SECONDS", 0.001)
    content = pdf_of("x")
    assert readable_words(kind_of("x.pdf", content), content) == ""


@given(st.text(max_size=400))
def test_names_lead_nowhere(name: str) -> None:
    try:
        safe = safe_name(name)
    except DocumentFileError:
        return
    assert safe == safe.strip()
    assert 0 < len(safe) <= 150
    assert not set(safe) & set('\\/:*?"<>|\r\n\0')
    assert safe not in {".", ".."}
    assert showable(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\An\\Tờ trình.docx", "Tờ trình.docx"),
        ("gpj.\u202edocx", "gpj.\ufffddocx"),
        ("a\r\nSet-Cookie: x.pdf", "a\ufffd\ufffdSet-Cookie- x.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_that_mislead(name: str, safe: str) -> None:
    assert safe_name(name) == safe
