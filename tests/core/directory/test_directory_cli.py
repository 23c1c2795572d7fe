"""`vanthu directory` and `vanthu admin`, called as commands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from core.cli import main
from core.db import forget
from core.settings import load
from tests.core.directory.files import HEADER, csv_file

ROW = "Sở A,1,Lê An,Giám đốc,leader,an@tp.example.gov.vn"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A home of its own, spoken to in English."""
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VANTHU_LANGUAGE", "en")
    yield tmp_path
    forget(load())


def test_import_twice_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(csv_file(tmp_path, ROW))
    assert main(["directory", "import", path, "--dry-run"]) == 0
    assert capsys.readouterr().out.endswith("Dry run: 4 to add, 0 to change, 0 to remove; nothing is written.\n")
    assert main(["directory", "import", path]) == 0
    assert capsys.readouterr().out.endswith("4 added, 0 changed, 0 removed.\n")
    assert main(["directory", "import", path]) == 0
    assert capsys.readouterr().out == "The directory is as the file says; nothing changes.\n"
    assert main(["directory", "export", str(tmp_path / "out.csv")]) == 0
    assert capsys.readouterr().out == f"Wrote 1 officials to {tmp_path / 'out.csv'}.\n"
    assert main(["directory", "import", str(tmp_path / "out.csv")]) == 0
    assert capsys.readouterr().out == "The directory is as the file says; nothing changes.\n"


def test_wrong_rows_stop_the_import_unless_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(csv_file(tmp_path, ROW, "Sở A,2,N,,boss,"))
    assert main(["directory", "import", path]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("officials.csv: 1 wrong cell.\n  line 3, column rank:")
    assert main(["directory", "import", path, "--skip-wrong-rows"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("Left out line 3, column rank:")
    assert told.out.endswith("4 added, 0 changed, 0 removed.\n")


@pytest.mark.parametrize("name", ["none.csv", ".", "officials.csv"])
def test_a_file_that_will_not_do_is_a_sentence(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    csv_file(tmp_path, header=HEADER.replace("email", "mail"))
    assert main(["directory", "import", str(tmp_path / name)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_account_by_file_and_by_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("một mật khẩu dài\n", "utf-8")
    assert main(["admin", "create", "Quantri", "--password-file", str(secret)]) == 0
    assert capsys.readouterr().out == "The account quantri is created.\n"
    assert main(["admin", "create", "quantri", "--password-file", str(secret)]) == 5
    assert capsys.readouterr().err == "There is an account quantri already.\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"four cats drink tea\n"), encoding="utf-8"))
    assert main(["admin", "password", "quantri", "--password-file", "-"]) == 0
    assert main(["admin", "create", "second", "--password-file", str(tmp_path / "none")]) == 2
    assert main(["trail", "verify"]) == 0
    assert "The trail is whole: 2 entries" in capsys.readouterr().out
