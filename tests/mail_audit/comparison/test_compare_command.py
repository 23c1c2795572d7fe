"""`vanthu compare`: two files in, what changed out; no database is opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.cli import main
from mail_audit.report import as_json
from mail_audit.report.model import Report
from tests.mail_audit.report import examples

NOVEMBER = replace(
    examples.PERIOD,
    first=examples.PERIOD.first + timedelta(31),
    last=examples.PERIOD.last + timedelta(30),
)


def _second() -> Report:
    """A month later: construction's leaders write, one of its officials does not any more, one left, one came."""
    first = examples.report()
    officials = list(first.officials)
    officials[0] = replace(officials[0], usage_class="none", rung=None)
    officials[-1] = examples.official("CB9999", name="Mới Đến")
    grown = examples.unit(examples.CONSTRUCTION, examples.rank_figures(8, 6), examples.rank_figures(120, 60))
    days = tuple(NOVEMBER.first + timedelta(number) for number in range(30))
    return replace(
        first,
        period=NOVEMBER,
        officials=tuple(officials),
        units=(grown, *first.units[1:]),
        coverage=replace(first.coverage, covered_days=days, missing_days=()),
    )


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    earlier, later = tmp_path / "october.json", tmp_path / "november.json"
    as_json.write(examples.report(), earlier)
    as_json.write(_second(), later)
    return str(earlier), str(later)


def test_what_changed_is_told(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "vi", "compare", *files]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in (
        "So sánh hai kỳ",
        "Kỳ trước: 01/10/2026 – 31/10/2026, có nhật ký 29/31 ngày",
        "không so được",
        "Nguyễn Thị Ngọc Ánh (CB0001)",
        "dùng thường xuyên → không dùng",
        "Người mới có ở kỳ sau",
        "Mới Đến (CB9999)",
        "Đỗ Thị Quỳnh (CB4000)",
    ):
        assert words in said, said
    assert "\x1b" not in said
    assert not (tmp_path / "home").exists()


def test_the_same_in_english(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "compare", *files]) == 0
    said = capsys.readouterr().out
    assert "Two periods compared" in said
    assert "uses it regularly → not used" in " ".join(said.split())
    assert max(len(line) for line in said.splitlines()) <= 80


def test_the_earlier_report_comes_first(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "compare", *reversed(files)]) == 2
    assert "name the earlier report first" in capsys.readouterr().err


def test_a_wrong_file_is_named(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "officials.csv"
    wrong.write_text("unit,name\n", "utf-8")
    assert main(["--language", "en", "compare", files[0], str(wrong)]) == 2
    assert capsys.readouterr().err == (
        "“officials.csv” is not a JSON report of Vanthu; choose a .json file made by “vanthu audit --report” or "
        "downloaded from a report's page.\n"
    )
