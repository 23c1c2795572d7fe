"""Directory files: what each kind of row means, and what is said of a wrong one, by line and column."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from core.directory.roster import Mailbox, Official, Post, Unit
from core.directory.rosterfile import RosterError, read, read_roster
from tests.core.directory.files import FULL, HEADER, csv_file

SIMPLE = "Sở Xây dựng,CB1,Lê Văn An,Giám đốc,leader,An@tp.example.gov.vn"


def problems(path: Path) -> list[tuple[int, str]]:
    """Line and column of everything wrong in the file."""
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    return [(problem.line, problem.column) for problem in caught.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("hint", ["", "sep=\r\n"])
def test_every_spreadsheets_csv_reads_alike(tmp_path: Path, encoding: str, delimiter: str, hint: str) -> None:
    text = hint + f"{HEADER}\r\n{SIMPLE}\r\n".replace(",", delimiter)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    found = read_roster(path)
    assert found.units == {"Sở Xây dựng": Unit("Sở Xây dựng", "Sở Xây dựng", None)}
    assert found.officials == {"CB1": Official("CB1", "Lê Văn An")}
    assert found.posts == (Post("CB1", "Sở Xây dựng", "Giám đốc", "leader"),)
    address = "an@tp.example.gov.vn"
    assert found.mailboxes == {address: Mailbox(address, "personal", "Sở Xây dựng", "CB1")}
    assert found.domains == {"tp.example.gov.vn"}


def test_an_official_may_stand_in_several_rows(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "A,1,N,Trưởng phòng,lãnh đạo,n@x.vn,,n1@x.vn; N2@x.vn,,2020-01-01,31/12/2025",
        "B,1,N,Chuyên viên,Chuyên viên,n@x.vn,,n3@x.vn,,2026-01-01,",
        "B,1,N,,,second@x.vn,,,,,",
        header=FULL,
    )
    found = read_roster(path)
    assert found.posts == (
        Post("1", "A", "Trưởng phòng", "leader", date(2020, 1, 1), date(2025, 12, 31)),
        Post("1", "B", "Chuyên viên", "staff", date(2026, 1, 1), None),
    )
    assert found.mailboxes_of == {
        "1": (
            Mailbox("n@x.vn", "personal", "A", "1", ("n1@x.vn", "n2@x.vn", "n3@x.vn")),
            Mailbox("second@x.vn", "personal", "B", "1"),
        )
    }
    assert found.addresses["n3@x.vn"] == "n@x.vn"


def test_shared_and_service_mailboxes_have_no_owner(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "A,,Văn thư,,,vt@x.vn,,,,,", "A,,,,,scan@x.vn,,,service,,", header=FULL)
    found = read_roster(path)
    assert [(box.kind, box.owner) for box in found.mailboxes.values()] == [("shared", None), ("service", None)]


def test_without_an_address_an_official_has_no_mailbox(tmp_path: Path) -> None:
    found = read_roster(csv_file(tmp_path, "A,1,N,,staff,"))
    assert (len(found.officials), len(found.mailboxes)) == (1, 0)


def test_units_are_a_tree_and_a_name_may_stand_twice(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "Phòng A,1,N,,staff,,Quận 1,,,,",
        "Phòng A,2,M,,staff,,Quận 2,,,,",
        "Phòng A (Quận 2),3,O,,staff,,,,,,",
        "Quận 1,,,,,,UBND,,,,",
        "Tổ,4,P,,staff,,Phòng A (Quận 1),,,,",
        header=FULL,
    )
    found = read_roster(path)
    assert {key: unit.parent_key for key, unit in found.units.items()} == {
        "UBND": None,
        "Quận 1": "UBND",
        "Phòng A (Quận 1)": "Quận 1",
        "Quận 2": None,
        "Phòng A (Quận 2)": "Quận 2",
        "Tổ": "Phòng A (Quận 1)",
    }
    assert [post.unit_key for post in found.posts] == [
        "Phòng A (Quận 1)", "Phòng A (Quận 2)", "Phòng A (Quận 2)", "Tổ",
    ]  # fmt: skip
    assert list(found.within("UBND")) == ["UBND", "Quận 1", "Phòng A (Quận 1)", "Tổ"]


def test_a_parent_is_said_once(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "A,1,N,,staff,,,,,,", "A,2,M,,staff,,B,,,,", header=FULL)
    assert read_roster(path).units["A"].parent_key == "B"


def test_cells_are_cleaned(tmp_path: Path) -> None:
    decomposed = "Sở\u00a0 Xa\u0302y dựng "
    found = read_roster(csv_file(tmp_path, f'"{decomposed}", 1 ,"Lê\n Văn",,STAFF, N@X.VN '))
    assert list(found.units) == ["Sở Xây dựng"]
    assert found.officials["1"].name == "Lê Văn"


def test_formulas_are_text(tmp_path: Path) -> None:
    found = read_roster(csv_file(tmp_path, '"=HYPERLINK(""http://x"")",1,+SUM(A1),@x,staff,'))
    assert list(found.units) == ['=HYPERLINK("http://x")']
    assert found.officials["1"].name == "+SUM(A1)"


def test_other_columns_and_their_order_do_not_matter(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "0901,n@x.vn,staff,,N,1,A,", header="phone,EMAIL,Rank,title,name,Official ID,unit,")
    assert read_roster(path).posts == (Post("1", "A", "", "staff"),)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",1,N,,staff,,,,,,", "unit"),
        ("A,1,,,staff,,,,,,", "name"),
        ("A,1,N,,,,,,,,", "rank"),
        ("A,1,N,,,n@x.vn,,,,,", "rank"),
        ("A,1,N,,boss,,,,,,", "rank"),
        ("A,,N,,,,,,,,", "official_id"),
        ("A,,N,Giám đốc,,n@x.vn,,,,,", "official_id"),
        ("A,,,,,n@x.vn,,,personal,,", "official_id"),
        ("A,1,N,,staff,n.x.vn,,,,,", "email"),
        ("A,1,N,,staff,n@x.vn m@x.vn,,,,,", "email"),
        ("A,1,N,,staff,n@x,,,,,", "email"),
        ('A,1,N,,staff,"<n@x.vn>",,,,,', "email"),
        (f"A,1,N,,staff,{'n' * 65}@x.vn,,,,,", "email"),
        ("A,1,N,,staff,,,m@x.vn,,,", "email"),
        ("A,1,N,,staff,n@x.vn,,m@x.vn bad,,,", "aliases"),
        ("A,1,N,,staff,n@x.vn,,,robot,,", "kind"),
        ("A,1,N,,staff,,,,,2026-13-01,", "in_post_from"),
        ("A,1,N,,staff,,,,,,10/31/2026", "in_post_to"),
        ("A,1,N,,staff,,,,,2026-02-01,2026-01-31", "in_post_to"),
        (f"A,1,{'N' * 301},,staff,,,,,,", "name"),
        ("A,1,N\x07,,staff,,,,,,", "name"),
        ("A,1,N,,staff,,A,,,,", "parent_unit"),
    ],
)
def test_a_wrong_cell_is_told_by_line_and_column(tmp_path: Path, row: str, column: str) -> None:
    path = csv_file(tmp_path, "B,9,Z,,leader,z@x.vn,,,,,", row, header=FULL)
    assert problems(path) == [(3, column)]
    assert list(read_roster(path, skip_wrong_rows=True).officials) == ["9"]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (["A,1,N,,staff,n@x.vn", "A,2,M,,staff,N@x.vn"], (3, "email")),
        (["A,1,N,,staff,n@x.vn", "A,,,,,n@x.vn"], (3, "email")),
        (["A,1,N,,staff,", "B,1,Khác,,staff,"], (3, "name")),
        (["A,1,N,,staff,", "a,2,M,,staff,"], (3, "unit")),
    ],
)
def test_a_row_that_contradicts_another_is_told(tmp_path: Path, rows: list[str], place: tuple[int, str]) -> None:
    path = csv_file(tmp_path, *rows)
    assert problems(path) == [place]
    assert list(read_roster(path, skip_wrong_rows=True).officials) == ["1"]


@pytest.mark.parametrize(
    "second", ["A,2,M,,staff,m@x.vn,,n@x.vn,,,", "A,2,M,,staff,m@x.vn,,n1@x.vn,,,", "A,2,M,,staff,n1@x.vn,,,,,"]
)
def test_an_address_belongs_to_one_mailbox(tmp_path: Path, second: str) -> None:
    path = csv_file(tmp_path, "A,1,N,,staff,n@x.vn,,n1@x.vn,,,", second, header=FULL)
    assert [column for _, column in problems(path)] == ["aliases"]


def test_a_circle_of_units_is_told(tmp_path: Path) -> None:
    rows = ["A,1,N,,staff,,B,,,,", "B,2,M,,staff,,C,,,,", "C,3,O,,staff,,A,,,,", "D,4,P,,staff,,,,,,"]
    path = csv_file(tmp_path, *rows, header=FULL)
    assert problems(path) == [(2, "parent_unit"), (3, "parent_unit"), (4, "parent_unit")]
    assert list(read_roster(path, skip_wrong_rows=True).units) == ["D"]


def test_an_unclear_unit_is_told_with_its_choices(tmp_path: Path) -> None:
    rows = ["A,1,N,,staff,,Q1,,,,", "A,2,M,,staff,,Q2,,,,", "A,3,O,,staff,,,,,,"]
    path = csv_file(tmp_path, *rows, header=FULL)
    with pytest.raises(RosterError, match="Q1, Q2"):
        read_roster(path)
    assert problems(path) == [(4, "unit")]


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'A,1,"N\r\nM",,staff,', "", "A,2,O,,boss,")
    assert problems(path) == [(5, "rank")]


def test_only_the_first_wrong_rows_are_spelt_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, *[f"A,{n},N,,boss," for n in range(30)])
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    text = caught.value.message
    assert text.vi.startswith("officials.csv: 30 chỗ chưa đúng.\n  dòng 2, cột rank: “boss” không dùng được")
    assert text.vi.endswith("\n  … và 10 chỗ nữa.")
    assert len(text.en.splitlines()) == 22


def test_rows_left_out_are_told(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path, "A,1,N,,boss,", SIMPLE))
    assert [problem.line for problem in found.left_out] == [2]
    assert list(found.roster.officials) == ["CB1"]


def test_a_workbook_reads_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        [], [None, *FULL.split(",")],
        [None, "A", 1001, "Lê Văn", "GĐ", "leader", "n@x.vn", None, None, None, date(2020, 5, 1), datetime(2026, 1, 2)],  # noqa: DTZ001
        [], [None, "A", "0012", "M", None, "boss"],
    ):  # fmt: skip
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = read(path)
    assert found.roster.posts == (Post("1001", "A", "GĐ", "leader", date(2020, 5, 1), date(2026, 1, 2)),)
    assert [(problem.line, problem.column) for problem in found.left_out] == [(5, "rank")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("unit,name", "columns missing: official_id, title, rank, email"),
        ("unit,official_id,name,title,rank,email,email", "the column email stands twice"),
        (f"{HEADER},alias", "is the column alias meant to be aliases?"),
        ("a,b,c", "columns missing: unit"),
    ],
)
def test_wrong_columns_are_a_sentence(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(csv_file(tmp_path, SIMPLE, header=header))
    assert said in caught.value.message.en
    assert HEADER in caught.value.message.vi
