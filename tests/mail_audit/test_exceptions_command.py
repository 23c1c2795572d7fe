"""`vanthu exceptions`, and `vanthu audit --exceptions`: leave lists from files, with a database and without."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import core.cli
from core.db import forget
from core.settings import load
from tests.mail_audit.small_town import BOSS, DAYS, ROWS, audit
from tests.mail_audit.usage.test_machines_and_delegates import desk

HEAD = "official_id,kind,first,last\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("VANTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def leave(home: Path) -> Path:
    path = home / "nghi.csv"
    path.write_text(f"{HEAD}CB1,nghỉ phép,05/10/2026,07/10/2026\n", encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = core.cli.main(["--language", "en", *map(str, words)])
    heard = capsys.readouterr()
    return code, heard.out + heard.err


def test_a_leave_list_on_record(home: Path, leave: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit(home, [])  # writes the town's directory
    assert said(capsys, "directory", "import", home / "officials.csv")[0] == 0
    assert said(capsys, "exceptions") == (0, "There is no exception on record.\n")
    assert said(capsys, "exceptions", "import", leave)[1].startswith("1 recorded, 0 with another last day, 0 known")
    assert said(capsys, "exceptions", "import", leave)[1].startswith("0 recorded, 0 with another last day, 1 known")
    assert said(capsys, "exceptions", "end", 1, "2026-10-06") == (0, "The last day is set.\n")
    assert "1 left as they are" in said(capsys, "exceptions", "import", leave)[1]
    assert said(capsys, "exceptions")[1] == "1  CB1 Lê An: leave, 5 October 2026–6 October 2026 (ended)\n"
    assert said(capsys, "exceptions", "withdraw", 1, "--why", "Nhầm người")[0] == 0
    assert said(capsys, "exceptions", "withdraw", 1, "--why", "x")[0] == 5
    assert said(capsys, "exceptions", "end", 9, "2026-10-06")[0] == 3
    assert "(withdrawn)" in said(capsys, "exceptions")[1]
    leave.write_text(f"{HEAD}CB77,leave,2026-10-05,\n", encoding="utf-8")
    code, words = said(capsys, "exceptions", "import", leave)
    assert (code, "line 2, column official_id" in words) == (2, True)
    forget(load({"VANTHU_HOME": str(home / "home")}))


def test_an_audit_without_a_database(home: Path, leave: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit(home, [line for n, day in enumerate(DAYS[3:]) for line in desk(BOSS, day, 30_000 + n * 777, n, "10.0.0.7")])
    asked = (home / "mail.log", "--directory", home / "officials.csv")
    found = {}
    for name, more in (("without", ()), ("with", ("--exceptions", leave))):
        report = home / f"{name}.json"
        assert said(capsys, "audit", *asked, *more, "--report", report)[0] == 0
        officials = json.loads(report.read_text("utf-8"))["officials"]
        assert len(officials) == sum("CB" in row for row in ROWS)
        boss = next(one for one in officials if BOSS in one["mailboxes"])
        found[name] = (boss["class"], boss["covered_working_days"], "nghi.csv" in boss["reasons"][-1])
    assert found == {"without": ("occasional", 5, False), "with": ("regular", 2, True)}
    code, words = said(capsys, "explain", BOSS, *asked, "--exceptions", leave)
    assert (code, "excused from 5 October 2026" in words) == (0, True)
    leave.write_text(f"{HEAD}CB77,leave,2026-10-05,\n", encoding="utf-8")
    assert said(capsys, "audit", *asked, "--exceptions", leave)[0] == 2
