"""The workbook, read back: text is text, unknown is said, figures are numbers, the head stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from core.words import LANGUAGES, Language
from mail_audit.findings import compare, find
from mail_audit.report import as_xlsx
from tests.mail_audit.report import examples
from tests.mail_audit.test_findings import unit

SHAPES = (((2, 4), (2, 4)), ((0, 4), (0, 5)), ((3, 3), (1, 9)), ((0, 3), (6, 9)), ((4, 5), (9, 9)), ((1, 5), (0, 9)))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("xlsx")
    paths: dict[Language, Path] = {language: folder / f"{language}.xlsx" for language in LANGUAGES}
    for language, path in paths.items():
        as_xlsx.write(examples.report(), path, language)
    return paths


@pytest.fixture(scope="module")
def books(written: dict[Language, Path]) -> dict[Language, Workbook]:
    return {language: openpyxl.load_workbook(path) for language, path in written.items()}


def test_the_sheets_are_named_in_the_language(books: dict[Language, Workbook]) -> None:
    assert books["vi"].sheetnames == [
        "Tổng hợp",
        "Đơn vị",
        "Cán bộ, công chức",
        "Nhận định",
        "Độ phủ nhật ký",
        "Hộp thư chưa gắn",
        "Cách hiểu số liệu",
    ]
    assert books["en"].sheetnames == [words.en for words in as_xlsx.SHEETS.values()]


def test_names_of_sheets_are_what_excel_takes() -> None:
    for words in as_xlsx.SHEETS.values():
        for name in (words.vi, words.en):
            assert len(name) <= 31
            assert set(name) & set("[]:*?/\\") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_is_a_formula_or_a_link(
    language: Language, written: dict[Language, Path], books: dict[Language, Workbook]
) -> None:
    cells = [cell for sheet in books[language] for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert examples.FORMULA in {cell.value for cell in cells}
    with ZipFile(written[language]) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if "worksheets/sheet" in name]
    assert [text for text in sheets if "<f>" in text or "<hyperlink" in text] == []
    assert len(sheets) == 7


@pytest.mark.parametrize("number", range(1, 7))
def test_every_table_keeps_its_head_and_has_a_filter(number: int, books: dict[Language, Workbook]) -> None:
    sheet = books["vi"].worksheets[number]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions


def test_units_have_figures_and_rates(books: dict[Language, Workbook]) -> None:
    rows = [[cell.value for cell in row][:10] for row in books["en"]["Units"].iter_rows(min_row=2)]
    assert rows == [
        ["All units", "", 25, 12, 1, 0.5, 1234, 800, 3, pytest.approx(800 / 1231)],
        ["Sở Xây dựng", "", 8, 1, 0, 0.125, 120, 60, 0, 0.5],
        ["Phòng Quy hoạch", "Sở Xây dựng", 2, 1, 0, 0.5, 10, 0, 0, 0],
        [examples.UNKNOWN_DISTRICT, "", 1, 0, 1, "no data", 3, 0, 3, "no data"],
        [examples.SCRIPT, "", 0, 0, 0, "", 1, 1, 0, 1],
    ]
    sheet = books["en"]["Units"]
    assert (sheet["C2"].number_format, sheet["F2"].number_format, sheet["J4"].number_format) == (
        "#,##0",
        "0.0%",
        "0.0%",
    )


def test_unknown_figures_of_an_official_are_said_in_words(books: dict[Language, Workbook]) -> None:
    last = [cell.value for cell in list(books["vi"]["Cán bộ, công chức"].iter_rows())[-1]]
    assert last == [
        "CB4000",
        "Đỗ Thị Quỳnh",
        examples.UNKNOWN_DISTRICT,
        "Giám đốc",
        "lãnh đạo",
        "cb4000@tp.example.gov.vn",
        "không có dữ liệu",
        "U",
        *["không có dữ liệu"] * 7,
        *[0, 0, 0],
        "Không có nhật ký của máy chủ.",
    ]


def test_a_text_longer_than_a_cell_is_cut_instead_of_lost(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    as_xlsx.write(examples.report(officials=(examples.official(title="x" * 40_000),)), path, "en")
    assert openpyxl.load_workbook(path)["Officials"]["D2"].value == "x" * 32_767


def test_a_folder_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        as_xlsx.write(examples.report(), tmp_path / "gone" / "r.xlsx")


def test_findings_and_their_figures_are_in_words(tmp_path: Path) -> None:
    units = [unit(leaders, staff, name=str(at)) for at, (leaders, staff) in enumerate(SHAPES)]
    city = replace(unit((4, 9), (20, 30), name=""), no_mailbox=1)
    found = find(city, units, examples.report().officials, {units[0].unit: 70})
    found += compare(units[:1], [unit((1, 4), (2, 4), name="0")])
    path = tmp_path / "r.xlsx"
    as_xlsx.write(replace(examples.report(), findings=found, outlook=()), path, "vi")
    rows = list(openpyxl.load_workbook(path)["Nhận định"].iter_rows(min_row=2, values_only=True))
    assert len({one.kind for one in found}) >= 9
    assert [row for row in rows if "_" in f"{row[2]}{row[3]}" or "=" in str(row[3])] == []
    assert "Lãnh đạo, có dùng: 4; Lãnh đạo, tỷ lệ: 44,4" in str(rows[0][3])
