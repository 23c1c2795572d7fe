"""The CSV of officials: opens in Excel as Vietnamese, and nothing in it can run."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.words import inert
from mail_audit.report import as_csv
from tests.mail_audit.report import examples


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_it_starts_with_a_byte_order_mark_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    as_csv.write(examples.report(), path, "vi")
    assert path.read_bytes().startswith("\ufeffMã,Họ và tên,Đơn vị,Chức vụ,Nhóm,Hộp thư,Mức sử dụng,".encode())


def test_a_row_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    as_csv.write(examples.report(), path, "en")
    rows = _rows(path)
    assert len(rows) == 1 + len(examples.report().officials)
    assert rows[1] == [
        "CB0001",
        "Nguyễn Thị Ngọc Ánh",
        "Sở Xây dựng",
        "Giám đốc",
        "leader",
        "cb0001@tp.example.gov.vn",
        "uses it regularly",
        "A",
        *("1234", "2345", "67", "12345", "321", "2", "890", "20", "18", "20"),
        "Sent messages on 18 working days.",
    ]
    as_csv.write(examples.report(), path, "vi")
    assert _rows(path)[1][4:7] == ["lãnh đạo", "cb0001@tp.example.gov.vn", "dùng thường xuyên"]


def test_unknown_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    as_csv.write(examples.report(), path, "vi")
    assert _rows(path)[-1][8:18] == ["không có dữ liệu"] * 7 + ["0", "0", "0"]


@pytest.mark.parametrize("text", [examples.FORMULA, "+1", "-1", "@x", " =1+1", "\t=1", "＝1", "\ufffd=1"])
def test_what_a_spreadsheet_would_run_is_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Nguyễn Văn A", "", "a=b", "–", "'=1"])
def test_other_text_is_left_alone(text: str) -> None:
    assert inert(text) == text


def test_no_cell_of_the_file_starts_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    as_csv.write(examples.report(), path)
    cells = [cell for row in _rows(path) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}] == []
    assert f"'{examples.FORMULA}" in cells
