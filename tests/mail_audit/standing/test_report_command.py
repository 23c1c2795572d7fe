"""`vanthu report`, `measure`, `rebuild`, `explain` on a store, as they are typed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import core.cli
from tests.mail_audit.standing.nights import NightlyCity

PERIOD = ("--from", "2026-10-06", "--to", "2026-10-08")


def vanthu(*words: str, language: str = "en") -> int:
    """The command's exit code."""
    return core.cli.main(["--language", language, *words])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, with an installation that nobody has used yet."""
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def city(home: Path) -> NightlyCity:
    """Four days of logs and a directory, put in as an administrator does."""
    made = NightlyCity(home, date(2026, 10, 5), 4)
    for _ in made.nights():
        pass
    assert vanthu("directory", "import", str(home / "city" / made.truth.directory), "--allow-removals") == 0
    assert vanthu("sources", "add", "mail", str(made.folder)) == 0
    assert vanthu("collect", "--no-measure") == 0
    return made


def test_the_store_says_what_the_files_say(city: NightlyCity, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole documents, the names of files included; and again from the manifest."""
    assert vanthu("measure") == 0
    assert vanthu("report", *PERIOD, "--report", str(home / "a.json"), "--manifest", str(home / "m.json")) == 0
    said = capsys.readouterr()
    assert "audit 1" in said.err
    directory = str(home / "city" / city.truth.directory)
    assert vanthu("audit", str(city.folder), "--directory", directory, *PERIOD, "--report", str(home / "b.json")) == 0
    assert (home / "a.json").read_text() == (home / "b.json").read_text()
    assert vanthu("rebuild") == 0
    for ending in ("json", "html", "csv"):
        assert vanthu("report", "--again", str(home / "m.json"), "--report", str(home / f"c.{ending}")) == 0
    assert (home / "a.json").read_text() == (home / "c.json").read_text()
    capsys.readouterr()
    box = next(box for box in city.roster.mailboxes.values() if box.owner)
    assert vanthu("explain", box.address, *PERIOD) == 0
    of_store = capsys.readouterr().out
    assert vanthu("explain", box.address, str(city.folder), "--directory", directory, *PERIOD) == 0
    assert capsys.readouterr().out == of_store


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report",), "--from and --to"),
        (("report", *PERIOD), "vanthu collect"),
        (("report", *PERIOD, "--timezone", "Europe/Paris"), "Asia/Ho_Chi_Minh"),
        (("report", "--again", "nowhere.json"), "cannot be read"),
        (("report", "--again", "m.json", *PERIOD), "does not go with"),
        (("report", *PERIOD, "--report", "a.doc"), "a.doc"),
        (("explain", "an@x"), "name the logs"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_one_sentence(
    home: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del home
    assert vanthu(*words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"vanthu_manifest": 1}', '{"vanthu_manifest": 2}', "\ufeff{", "null"]
)
def test_a_file_that_is_no_manifest(home: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / "m.json"
    path.write_text(text)
    assert vanthu("report", "--again", str(path)) == 2
    assert "not the manifest" in capsys.readouterr().err


def test_a_manifest_that_leads_elsewhere(city: NightlyCity, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fingerprints are fingerprints: no path can be slipped in."""
    assert vanthu("report", *PERIOD, "--manifest", str(home / "m.json")) == 0
    plain = json.loads((home / "m.json").read_text())
    plain["kept"]["roster"] = "../" * 20 + "etc/passwd"
    (home / "m.json").write_text(json.dumps(plain))
    capsys.readouterr()
    assert vanthu("report", "--again", str(home / "m.json")) == 2
    assert "not the manifest" in capsys.readouterr().err
    del city
