"""Panel files: what a spreadsheet may send, and a sentence with file, line and column for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.training.effect.offices import Town, offices
from tests.training.effect.panels import HEADER, panel_file, written
from training.effect import measure_effect
from training.effect.panelfile import read_panel
from training.errors import TableError

GOOD = ("CB1,Sở Xây dựng,2,1,3", "CB1,Sở Xây dựng,2,2,4.5", "CB2,Sở Xây dựng,,1,", "CB2,Sở Xây dựng,,2,0")


def refusal(path: Path) -> str:
    """The sentence for a file that cannot be used; both languages say something."""
    with pytest.raises(TableError) as caught:
        read_panel(path)
    assert caught.value.message.vi
    assert caught.value.exit_code == 2
    return caught.value.message.en


def test_what_a_row_says(tmp_path: Path) -> None:
    panel = read_panel(panel_file(tmp_path, *GOOD))
    assert panel.unit.tolist() == [0, 0]
    assert panel.start.tolist() == [1, 2]
    assert panel.drawn.tolist() == [True, True]
    assert not panel.drawn_said
    np.testing.assert_equal(panel.days, [[3, 4.5], [np.nan, 0]])
    assert panel.first == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("hint", ["", "sep=\r\n"])
def test_every_spreadsheets_csv_reads_alike(tmp_path: Path, encoding: str, delimiter: str, hint: str) -> None:
    text = hint + "\r\n".join((HEADER, *GOOD, "")).replace(",", delimiter)
    path = tmp_path / "panel.csv"
    path.write_bytes(text.encode(encoding))
    np.testing.assert_equal(read_panel(path).days, [[3, 4.5], [np.nan, 0]])


def test_a_workbook_and_decimal_commas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER.split(","), ["CB1", "A", 2, 1, 3], ["CB1", "A", 2, 2, "4,5"], ["CB2", "A", None, 1, 0]):
        sheet.append(row)
    book.save(tmp_path / "panel.xlsx")
    np.testing.assert_equal(read_panel(tmp_path / "panel.xlsx").days, [[3, 4.5], [0, np.nan]])
    semicolons = panel_file(tmp_path, "CB1;A;;1;4,5", header=HEADER.replace(",", ";"))
    assert read_panel(semicolons).days[0, 0] == 4.5


def test_columns_in_another_order_beside_others(tmp_path: Path) -> None:
    path = panel_file(
        tmp_path, "1,x,3,CB1,A,2", "2,y,4,CB1,A,2", header="Period,note,Active days,PERSON,unit,wave", encoding="utf-8"
    )
    assert read_panel(path).start.tolist() == [1]


def test_a_row_that_is_not_there_is_not_known_and_never_zero(tmp_path: Path) -> None:
    panel = read_panel(panel_file(tmp_path, "CB1,A,,1,3", "CB1,A,,2,3", "CB2,A,,2,5"))
    np.testing.assert_equal(panel.days, [[3, 3], [np.nan, 5]])


def test_who_was_drawn(tmp_path: Path) -> None:
    rows = ("CB1,A,2,1,3,1", "CB1,A,2,2,3,1", "CB2,A,,1,5,0", "CB3,A,,1,5,")
    panel = read_panel(panel_file(tmp_path, *rows, header=HEADER + ",drawn"))
    assert (panel.drawn.tolist(), panel.drawn_said) == ([True, False, False], True)


def test_the_unit_is_that_of_the_draw(tmp_path: Path) -> None:
    """Who is transferred after the first wave stays with those among whom the wave was drawn."""
    rows = [
        "CB1,A,3,1,3",
        "CB1,B,3,2,3",
        "CB1,C,3,3,3",
        *(f"CB{n},B,,{period},3" for n in (2, 3) for period in (1, 2, 3)),
    ]
    panel = read_panel(panel_file(tmp_path, *rows))
    assert panel.unit[0] == panel.unit[1] == panel.unit[2]


def test_periods_may_begin_anywhere(tmp_path: Path) -> None:
    panel = read_panel(panel_file(tmp_path, "CB1,A,0,-1,3", "CB1,A,0,0,4", "CB2,A,,-1,3"))
    assert (panel.first, panel.start.tolist()) == (-1, [1, 2])


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("CB9,A,,1,ba", "active_days", "“ba” is not a number of days"),
        ("CB9,A,,1,nan", "active_days", "not a number"),
        ("CB9,A,,1,inf", "active_days", "not a number"),
        ("CB9,A,,1,1e3", "active_days", "not a number"),
        ("CB9,A,,1,٣", "active_days", "not a number"),
        ("CB9,A,,1,-1", "active_days", "must be from 0 to 28"),
        ("CB9,A,,1,29", "active_days", "must be from 0 to 28"),
        ("CB9,A,,1,=1+1", "active_days", "not a number"),
        ("CB9,A,,1,=HYPERLINK(1)", "active_days", "not a number"),
        ("CB9,A,,x,3", "period", "must be the number of a period"),
        ("CB9,A,,,3", "period", "empty"),
        ("CB9,A,,1.5,3", "period", "must be the number of a period"),
        ("CB9,A,two,1,3", "wave", "must be the number of a period"),
        ("CB9,A,9,1,3", "wave", "there is no period 9 (from 1 to 2)"),
        ("CB9,A,0,1,3", "wave", "there is no period 0 (from 1 to 2)"),
        (",A,,1,3", "person", "empty"),
        ("CB9,,,1,3", "unit", "empty"),
        ("=cmd|' /C calc'!A0,A,,1,3", "person", "formula"),
        ("CB9,@SUM(A1),,1,3", "unit", "formula"),
        ("CB9,＝1+1,,1,3", "unit", "formula"),
        (f"{'C' * 201},A,,1,3", "person", "longer than 200"),
        ("CB\x079,A,,1,3", "person", "control character"),
        ("CB1,Sở Xây dựng,2,1,7", "period", "as in line 2"),
        ("CB2,Sở Xây dựng,2,3,7", "wave", "differs from line 4"),
    ],
)
def test_a_wrong_cell_is_told_by_file_line_and_column(tmp_path: Path, row: str, column: str, says: str) -> None:
    said = refusal(panel_file(tmp_path, *GOOD, row))
    assert said.startswith("panel.csv: 1 wrong cell.\n")
    assert f"line 6, column {column}: " in said
    assert says in said


@pytest.mark.parametrize(("cell", "says"), [("2", "must be 0 or 1"), ("yes", "must be 0 or 1")])
def test_drawn_is_0_or_1(tmp_path: Path, cell: str, says: str) -> None:
    said = refusal(panel_file(tmp_path, f"CB1,A,,1,3,{cell}", header=HEADER + ",drawn"))
    assert "line 2, column drawn: " in said
    assert says in said


def test_a_person_cannot_be_drawn_and_not_drawn(tmp_path: Path) -> None:
    said = refusal(panel_file(tmp_path, "CB1,A,,1,3,1", "CB1,A,,2,3,0", header=HEADER + ",drawn"))
    assert "line 3, column drawn: differs from line 2" in said


def test_a_gap_between_periods_is_told(tmp_path: Path) -> None:
    said = refusal(panel_file(tmp_path, "CB1,A,,1,3", "CB1,A,,2,3", "CB1,A,,5,3"))
    assert "line 4, column period: from period 2 to period 5" in said


def test_an_unquoted_decimal_comma_is_told(tmp_path: Path) -> None:
    assert "line 6: more cells than the heading" in refusal(panel_file(tmp_path, *GOOD, "CB9,A,,1,3,5"))


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("person,unit,wave,period", "line 1: columns missing: active_days."),
        ("a,b", "columns missing: person, unit, wave, period, active_days."),
        (HEADER + ",unit", "unit stands twice"),
    ],
)
def test_columns_that_are_missing_or_stand_twice(tmp_path: Path, header: str, says: str) -> None:
    assert says in refusal(panel_file(tmp_path, "x,x,x,x", header=header))


def test_many_wrong_cells_are_counted(tmp_path: Path) -> None:
    said = refusal(panel_file(tmp_path, *(f"CB{n},A,,1,ba" for n in range(100))))
    assert said.startswith("panel.csv: 100 wrong cells.\n")
    assert said.endswith("… and 80 more.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "panel.csv is empty"),
        (HEADER.encode(), "there is no row of figures"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "neither a CSV nor an XLSX"),
        ((HEADER + "\nCB1,S\xf4,,1,3\n").encode("latin-1"), "line 2: not UTF-8"),
        ((HEADER + '\n"CB1,A,,1,3\n').encode(), "quotation mark"),
        ((HEADER + f"\n{'x' * 200_000},A,,1,3\n").encode(), "line 2"),
        (b"PK\x03\x04" + b"\0" * 100, "panel.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or encrypted Excel"),
        (b"a" * 30_000_001, "too large (at most 30 MB"),
        ((HEADER + "\n" + "CB1,A,,1,3\n" * 200_001).encode(), "too large (at most 30 MB, 200,000 rows)"),
    ],
    ids=["empty", "header", "picture", "latin", "quotation", "cell", "zip", "excel", "bytes", "rows"],
)
def test_what_is_no_panel_at_all(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "panel.csv").write_bytes(content)
    assert says in refusal(tmp_path / "panel.csv")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "none.csv")
    assert "is a folder" in refusal(tmp_path)


def test_periods_without_end_are_refused(tmp_path: Path) -> None:
    assert "more than 200 periods" in refusal(panel_file(tmp_path, *(f"CB1,A,,{n},3" for n in range(201))))
    assert "from period 1 to period 999999" in refusal(panel_file(tmp_path, "CB1,A,,1,3", "CB1,A,,999999,3"))


def test_a_panel_written_and_read_says_the_same(tmp_path: Path) -> None:
    panel = offices(Town(days=1, missing=0.1), np.random.default_rng(1)).panel
    path = written(panel, tmp_path / "panel.csv", drawn=True)
    assert measure_effect(read_panel(path), permutations=99) == measure_effect(panel, permutations=99)
