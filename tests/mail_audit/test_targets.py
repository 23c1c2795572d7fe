"""When a target is reached, missed, or cannot be told; which one applies; and files of targets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.errors import RosterError
from mail_audit import targetfile
from mail_audit.report.model import Period, RankFigures
from mail_audit.targetfile import TargetFileError
from mail_audit.targets import Outcome, Target, applying, finding, judge, said

BUILDING, HEALTH = "Sở Xây dựng", "Sở Y tế"
UNTOLD = "chưa kết luận được:"
DUE = date(2026, 12, 31)
TARGET = Target(BUILDING, "leader", 0.8, DUE)


def _figures(total: int, using: int, unknown: int = 0) -> RankFigures:
    judged = total - unknown
    return RankFigures(total, using, unknown, using / judged if judged else None)


@pytest.mark.parametrize(
    ("figures", "days", "outcome", "missing", "words"),
    [
        (_figures(10, 8), 20, "reached", 0, "đã đạt: 8/10 người dùng, cần 8"),
        (_figures(10, 7), 20, "short", 1, "chưa đạt: còn thiếu 1 người; 7/10 người dùng, cần 8"),
        (_figures(10, 3, 2), 20, "short", 3, "chưa đạt: còn thiếu ít nhất 3 người; 3/10 người dùng, cần 8"),
        (_figures(10, 7, 1), 20, "cannot_tell", None, f"{UNTOLD} 7/10 người dùng, cần 8; 1 người không có dữ liệu"),
        (_figures(10, 8, 2), 20, "reached", 0, "đã đạt: 8/10 người dùng, cần 8"),
        (_figures(10, 8), 1, "reached", 0, "đã đạt: 8/10 người dùng, cần 8"),
        (_figures(10, 2), 2, "cannot_tell", None, "chưa kết luận được: quá ít ngày có nhật ký"),
        (_figures(10, 0, 10), 20, "cannot_tell", None, f"{UNTOLD} 0/10 người dùng, cần 8; 10 người không có dữ liệu"),
        (_figures(0, 0), 20, "cannot_tell", None, "chưa kết luận được: không có ai đương chức"),
        (None, 20, "cannot_tell", None, "chưa kết luận được: báo cáo không có đơn vị này"),
        (_figures(1, 0), 20, "short", 1, "chưa đạt: còn thiếu 1 người; 0/1 người dùng, cần 1"),
    ],
)  # fmt: skip
def test_how_it_stands(
    figures: RankFigures | None, days: int, outcome: Outcome, missing: int | None, words: str
) -> None:
    result = judge(TARGET, figures, days)
    assert (result.outcome, result.missing, result.words.vi) == (outcome, missing, words)


@given(st.integers(1, 60), st.data(), st.integers(1, 100))
def test_no_answer_that_those_without_data_could_turn(total: int, data: st.DataObject, percentage: int) -> None:
    using = data.draw(st.integers(0, total))
    unknown = data.draw(st.integers(0, total - using))
    target = Target("", "staff", percentage / 100, DUE)
    outcomes = {judge(target, _figures(total, using + more), 20).outcome for more in range(unknown + 1)}
    told = judge(target, _figures(total, using, unknown), 20)
    assert told.outcome == (outcomes.pop() if len(outcomes) == 1 else "cannot_tell")
    if told.outcome == "reached":
        assert using / total >= percentage / 100 - 1e-9
    if told.outcome == "short":
        assert told.missing
        assert (using + unknown + told.missing) / total >= percentage / 100 - 1e-9
        assert (using + unknown + told.missing - 1) / total < percentage / 100


def test_which_target_a_period_is_held_against() -> None:
    june, december = Target("", "leader", 0.6, date(2026, 6, 30)), Target("", "leader", 0.8, DUE)
    other = Target(HEALTH, "leader", 0.5, date(2026, 3, 31))

    def chosen(last: date) -> tuple[Target, ...]:
        return applying([december, other, june], Period(last.replace(day=1), last, "Asia/Ho_Chi_Minh", 20))

    assert chosen(date(2026, 5, 31)) == (june, other)
    assert chosen(date(2026, 6, 30)) == (june, other)
    assert chosen(date(2026, 7, 31)) == (december, other)
    assert chosen(date(2027, 2, 28)) == (december, other)


def test_a_finding_says_it_all() -> None:
    found = finding(judge(TARGET, _figures(10, 7), 20))
    assert (found.kind, found.unit) == ("target_short", BUILDING)
    assert found.text.en == (
        "Sở Xây dựng, target 80% of leaders by 31 December 2026: not reached: short by 1 person; "
        "7 of 10 use it, 8 needed."
    )
    assert found.figures["missing"] == 1
    assert said(TARGET).vi == "80\u00a0% lãnh đạo đến 31/12/2026"


def _file(folder: Path, *rows: str, head: str = "unit,rank,share,due") -> Path:
    path = folder / "targets.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


def test_a_file_of_targets(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "*,leader,80,2026-12-31",
        f"{BUILDING},staff,62.5 %,31/12/2026",
        f'"{HEALTH}",lãnh đạo,"0,5",2027-01-01',
        "so y te,chuyên viên,1,2027-01-01",
    )
    assert targetfile.read(path, [BUILDING, HEALTH]) == (
        Target("", "leader", 0.8, DUE),
        Target(BUILDING, "staff", 0.625, DUE),
        Target(HEALTH, "leader", 0.5, date(2027, 1, 1)),
        Target(HEALTH, "staff", 1.0, date(2027, 1, 1)),
    )


def test_vietnamese_headings_and_semicolons(tmp_path: Path) -> None:
    path = _file(tmp_path, f"{BUILDING};lãnh đạo;80 %;31/12/2026", head="Đơn vị;Nhóm;Mục tiêu;Hạn")
    assert targetfile.read(path, [BUILDING]) == (TARGET,)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Sở Không Có,leader,80,2026-12-31", "Dòng 2: không có đơn vị “Sở Không Có” trong danh bạ"),
        (",leader,80,2026-12-31", "Dòng 2: không có đơn vị “” trong danh bạ"),
        (f"{BUILDING},boss,80,2026-12-31", "Dòng 2: nhóm “boss”"),
        (f"{BUILDING},leader,0,2026-12-31", "Dòng 2: mục tiêu “0”"),
        (f"{BUILDING},leader,101,2026-12-31", "Dòng 2: mục tiêu “101”"),
        (f"{BUILDING},leader,many,2026-12-31", "Dòng 2: mục tiêu “many”"),
        (f"{BUILDING},leader,80,31/02/2026", "Dòng 2: hạn “31/02/2026”"),
        (f"{BUILDING},leader,80", "Dòng 2: hạn “”"),
    ],
)
def test_a_wrong_row_says_where(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(TargetFileError) as refused:
        targetfile.read(_file(tmp_path, row), [BUILDING])
    assert refused.value.message.vi.startswith(words)


def test_every_wrong_row_is_listed_and_a_double_one_is_wrong(tmp_path: Path) -> None:
    rows = ("*,leader,80,2026-12-31", "*,leader,70,2026-12-31", "*,x,1,2026-12-31")
    with pytest.raises(TargetFileError, match="and 1 more wrong lines") as refused:
        targetfile.read(_file(tmp_path, *rows), [])
    assert [one.en.partition(":")[0] for one in refused.value.problems] == ["Line 3", "Line 4"]


@pytest.mark.parametrize("head", ["unit,rank,share", "a,b,c,d"])
def test_a_missing_column_is_named(tmp_path: Path, head: str) -> None:
    with pytest.raises(TargetFileError, match="lacks the column"):
        targetfile.read(_file(tmp_path, "*,leader,80,2026-12-31", head=head), [])


def test_no_rows_and_no_table(tmp_path: Path) -> None:
    with pytest.raises(TargetFileError, match="has no target"):
        targetfile.read(_file(tmp_path), [])
    photo = tmp_path / "photo.csv"
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00")
    with pytest.raises(RosterError):
        targetfile.read(photo, [])
