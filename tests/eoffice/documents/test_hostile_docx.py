"""Files that are no letter: each is refused with a sentence, quickly and in little memory."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import pytest

from eoffice.documents.checking import check
from eoffice.documents.docx_file import archive
from eoffice.documents.docx_file.mending import mend_docx
from eoffice.documents.docx_file.reading import read
from eoffice.documents.recognising import recognise
from eoffice.errors import DocumentFileError
from tests.eoffice.documents.cases import right_letter, rules
from tests.eoffice.documents.letters.by_python_docx import write
from tests.eoffice.documents.letters.raw_xml import OFFICE, PACKAGE, as_word

DOCUMENT = "word/document.xml"
BOMB = '<!DOCTYPE w [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"


def edited(edit: Callable[[dict[str, bytes]], None]) -> bytes:
    """A right letter with some of its parts changed, added or taken away."""
    with zipfile.ZipFile(io.BytesIO(as_word(right_letter()))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    edit(parts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return content.getvalue()


def refused(content: bytes) -> str:
    """What is said of the file, in English."""
    with pytest.raises(DocumentFileError) as caught:
        read(content)
    assert caught.value.message.vi
    return caught.value.message.en


@pytest.mark.parametrize(
    "content", [b"PK", b"PK\x03\x04" + bytes(100), b"\x00" * 5000, b"{}", random.Random(1).randbytes(4000)]
)
def test_what_is_no_zip(content: bytes) -> None:
    assert "not a usable DOCX" in refused(content)


def test_an_old_or_locked_file() -> None:
    assert "password" in refused(archive.OLE_MAGIC + bytes(1000))


def test_a_huge_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert "too large" in refused(write(right_letter()))


def test_a_zip_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 3_000_000)
    assert "too large" in refused(edited(lambda parts: parts.update({"word/media/a.bin": bytes(4_000_000)})))


def test_a_zip_bomb_that_lies_about_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 3_000_000)
    content = edited(lambda parts: parts.update({"word/media/a.bin": bytes(4_000_000)}))
    size = (4_000_000).to_bytes(4, "little")
    assert content.count(size) >= 1
    assert refused(content.replace(size, (10).to_bytes(4, "little")))


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_PARTS", 20)
    assert "too large" in refused(edited(lambda parts: parts.update({f"word/x{n}.xml": b"<x/>" for n in range(30)})))


@pytest.mark.parametrize("part", [DOCUMENT, "word/styles.xml", "word/comments.xml", "_rels/.rels"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_an_entity_bomb_in_any_part(part: str, coding: str) -> None:
    text = f'<?xml version="1.0" encoding="{coding}"?>{BOMB}<w>&a11;</w>'.encode(coding)
    assert "not a usable DOCX" in refused(edited(lambda parts: parts.update({part: text})))


def test_xml_deeper_than_any_document() -> None:
    deep = b"<w:r>" * 230 + b"</w:r>" * 230
    assert "not a usable DOCX" in refused(
        edited(
            lambda parts: parts.update(
                {DOCUMENT: parts[DOCUMENT].replace(b"</w:body>", b"<w:p>" + deep + b"</w:p></w:body>")}
            )
        )
    )


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        (
            "[Content_Types].xml",
            b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        ),
    ],
)
def test_macros(part: str, content: bytes) -> None:
    assert "macros" in refused(edited(lambda parts: parts.update({part: content})))


def with_relation(kind: str, target: str) -> bytes:
    """A letter with a relation to something outside."""
    row = f'<Relationship Id="rId77" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    name = "word/_rels/document.xml.rels"
    return edited(lambda parts: parts.update({name: parts[name].replace(b"</Relationships>", row.encode())}))


@pytest.mark.parametrize("kind", ["image", "oleObject", "frame", "subDocument", "aFChunk"])
@pytest.mark.parametrize("target", ["http://127.0.0.1:1/x.png", "file:///etc/passwd", "\\\\host\\share"])
def test_parts_that_would_be_fetched(kind: str, target: str) -> None:
    assert "fetched from elsewhere" in refused(with_relation(kind, target))


def test_a_link_in_the_text_is_only_a_link() -> None:
    assert read(with_relation("hyperlink", "https://tp.example.gov.vn/")).blocks


def test_relations_that_lead_out_of_the_file_find_nothing() -> None:
    rels = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="../../etc/passwd"/></Relationships>'
    assert "not a usable DOCX" in refused(edited(lambda parts: parts.update({"_rels/.rels": rels.encode()})))


def test_the_same_part_twice() -> None:
    content = io.BytesIO(as_word(right_letter()))
    with zipfile.ZipFile(content, "a") as more, pytest.warns(UserWarning, match="Duplicate"):
        more.writestr(DOCUMENT, b"<x/>")
    assert "not a usable DOCX" in refused(content.getvalue())


def test_styles_that_name_each_other_in_a_ring() -> None:
    ring = b'<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'

    def edit(parts: dict[str, bytes]) -> None:
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", ring)
        parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:pPr>", b'<w:pPr><w:pStyle w:val="A"/>')

    assert read(edited(edit)).blocks


def survives(content: bytes) -> bool:
    """Whether the file is read; anything but a refusal with a sentence fails the test."""
    try:
        draft = recognise(read(content), rules())
        check(draft, rules())
        mend_docx(content, rules())
    except DocumentFileError:
        return False
    return True


def test_broken_zips_never_surprise() -> None:
    rng = random.Random(3)
    whole = write(right_letter())
    for _turn in range(120):
        content = bytearray(whole)
        for _flip in range(rng.randint(1, 6)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        survives(bytes(content[: rng.randint(1, len(content))] if rng.random() < 0.3 else content))


def test_strange_xml_never_surprises() -> None:
    rng = random.Random(4)
    taken = 0
    values = [b"-1", b"99999999999", b"1e9", b"nan", b"", b"x", b"1.5cm", "ạ".encode(), b"0"]
    for _turn in range(60):

        def edit(parts: dict[str, bytes]) -> None:
            name = rng.choice([DOCUMENT, DOCUMENT, "word/styles.xml"])
            text = parts[name]
            for _change in range(rng.randint(1, 8)):
                at = text.find(b'="', rng.randrange(len(text)))
                end = text.find(b'"', at + 2)
                if 0 < at < end and b"xmlns" not in text[at - 12 : at]:
                    text = text[: at + 2] + rng.choice(values) + text[end:]
            parts[name] = text

        taken += survives(edited(edit))
    assert taken > 20
