"""Files that are no directory: each is refused with a sentence, quickly and in little memory."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest

from core.directory.rosterfile import RosterError, read_roster, sheets
from tests.core.directory.files import HEADER, csv_file


def refused(path: Path) -> str:
    """What is said of the file, in English."""
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    assert path.name in caught.value.message.vi
    return caught.value.message.en


def workbook(folder: Path, edit: dict[str, bytes]) -> Path:
    """A workbook with some of its parts replaced or added."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    content = io.BytesIO()
    book.save(content)
    path = folder / "a.xlsx"
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edit.get(name, old.read(name)))
        for name in edit.keys() - set(old.namelist()):
            new.writestr(name, edit[name])
    return path


def sheet_with(cells: str, before: str = "") -> bytes:
    """A sheet's XML."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{before}{sheet}'.encode()


SHEET = "xl/worksheets/sheet1.xml"


def test_no_such_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == f"There is no file {tmp_path}/none.csv."


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,,\n", b"\xef\xbb\xbf", HEADER.encode()])
def test_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert "empty" in (said := refused(tmp_path / "a.csv")) or "no row" in said


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + random.Random(1).randbytes(5000),
        b"\x1f\x8b\x08" + random.Random(2).randbytes(5000),
        b"unit,official_id\x00,name,title,rank,email\n",
        b"\xff\xfe" + random.Random(3).randbytes(4001),
    ],
    ids=["jpeg", "gzip", "nul", "odd utf-16"],
)
def test_what_is_not_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refused(tmp_path / "a.csv")


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "A,1,N,,staff,", "A,2,Lê,,staff,", encoding="cp1252")
    assert refused(path) == "officials.csv, line 3: not UTF-8; please save it as “CSV UTF-8”."


def test_an_open_quotation_mark_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 3:" in refused(csv_file(tmp_path, "A,1,N,,staff,", 'A,2,"M,,staff,', "A,3,O,,staff,"))


def test_an_old_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(sheets.OLE_MAGIC + bytes(600))
    assert "XLSX or CSV" in refused(tmp_path / "a.xls")


def test_a_huge_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_BYTES", 1000)
    assert "too large" in refused(csv_file(tmp_path, *["A,1,N,,staff,"] * 100))


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 50)
    assert "too large" in refused(csv_file(tmp_path, *["A,1,N,,staff,"] * 60))


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "docProps/app.xml"])
def test_an_entity_bomb(tmp_path: Path, name: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE worksheet [<!ENTITY a0 "ha">{entities}]>'
    content = sheet_with('<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>', bomb)
    assert "not a usable XLSX" in refused(workbook(tmp_path, {name: content}))


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "XFD1048576", "ZZZ9999999"])
def test_a_cell_at_the_far_corner(tmp_path: Path, place: str) -> None:
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{place}"><v>1</v></c></row>'
    assert "too large" in refused(workbook(tmp_path, {SHEET: sheet_with(cells)}))


def test_a_far_cell_on_the_edge_of_a_chunk(tmp_path: Path) -> None:
    start = '<row r="1"><c r="A1"><v>'
    filled = start + "1" * ((1 << 20) - len(sheet_with(start)) - 20)
    content = sheet_with(f'{filled}</v></c></row><row r="9999999"><c r="A9999999"><v>1</v></c></row>')
    assert "too large" in refused(workbook(tmp_path, {SHEET: content}))


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.directory.rosterfile.workbooks.MOST_UNPACKED", 5_000_000)
    assert "too large" in refused(workbook(tmp_path, {"xl/media/x.bin": bytes(6_000_000)}))


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.directory.rosterfile.workbooks.MOST_UNPACKED", 5_000_000)
    path = workbook(tmp_path, {"xl/media/x.bin": bytes(6_000_000)})
    size = (6_000_000).to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(size) >= 1
    path.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    assert "too large" in refused(path)


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_truncated_workbook(tmp_path: Path, cut: int) -> None:
    path = workbook(tmp_path, {})
    path.write_bytes(path.read_bytes()[:cut])
    assert "not a usable XLSX" in refused(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "not a usable XLSX" in refused(tmp_path / "a.xlsx")


def test_a_workbook_with_a_broken_checksum(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"xl/media/x.bin": b"abc" * 50})
    crc = zlib.crc32(b"abc" * 50).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(crc, b"\0\0\0\1"))
    assert "not a usable XLSX" in refused(path)


def test_a_workbook_of_broken_xml(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path, {SHEET: b"<worksheet><sheetData><row"}))
