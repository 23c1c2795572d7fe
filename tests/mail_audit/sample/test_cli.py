"""`vanthu sample FOLDER`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import InputError
from mail_audit.sample.cli import sample


def test_it_writes_a_city_and_says_so(tmp_path: Path) -> None:
    """The files are there, the sentence gives officials and lines, a second run replaces the first."""
    for _ in range(2):
        result = CliRunner().invoke(sample, [str(tmp_path / "city"), "--days", "2", "--first", "2026-03-02"])
        assert result.exit_code == 0
    truth = json.loads((tmp_path / "city" / "truth.json").read_text(encoding="utf-8"))
    assert result.output == f"Đã ghi 74 cán bộ và {truth['lines']} dòng nhật ký vào {tmp_path / 'city'}.\n"
    assert (truth["first"], truth["last"]) == ("2026-03-02", "2026-03-03")
    assert (tmp_path / "city" / "officials.csv").exists()


def test_it_leaves_other_folders_alone(tmp_path: Path) -> None:
    """A folder with something else in it is refused, and nothing in it changes."""
    (tmp_path / "letter.txt").write_text("hồ sơ", encoding="utf-8")
    result = CliRunner().invoke(sample, [str(tmp_path)])
    assert isinstance(result.exception, InputError)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("arguments", [["--days", "0"], ["--first", "5/10/2026"], ["--preset", "huge"]])
def test_wrong_options_are_usage_errors(tmp_path: Path, arguments: list[str]) -> None:
    """Click's own exit code."""
    result = CliRunner().invoke(sample, [str(tmp_path / "city"), *arguments])
    assert result.exit_code == 2
