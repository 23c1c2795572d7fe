"""Commands that are given what nobody means: each ends at once, with one sentence and its exit code."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

import pytest

import core.cli
from core.errors import EXIT_BROKEN_PIPE, InputError
from mail_audit.months import check_years
from tests.mail_audit.audited import logged

LINE = "Oct  5 08:00:00 mail postfix/qmgr[7]: 4jXHBq0vKtz: removed"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log, a directory, and a pipe that nobody writes to; the commands run there."""
    logged(tmp_path / "mail.log", [LINE])
    (tmp_path / "officials.csv").write_text(
        "unit,official_id,name,title,rank,email\nSở Y tế,CB1,Lê An,Giám đốc,leader,an@tp.example.gov.vn\n", "utf-8"
    )
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VANTHU_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


AUDIT = ("audit", "mail.log", "--directory", "officials.csv")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("audit", "", "--directory", "officials.csv"), "The name of a log is empty."),
        (("explain", "an@tp.example.gov.vn", "", "--directory", "officials.csv"), "The name of a log is empty."),
        (("sources", "add", "thu", ""), "The name of a log is empty."),
        (("audit", "mail.log", "--directory", "pipe"), "pipe is not a regular file."),
        ((*AUDIT, "--exceptions", "pipe"), "pipe is not a regular file."),
        (("report", "--again", "pipe"), "The manifest pipe cannot be read."),
        (("compare", "pipe", "pipe"), "“pipe” is not a JSON report of Vanthu"),
        ((*AUDIT, "--from", "0026-10-01"), "No log tells of the year 0026; please give days from 2000 to 2100."),
        (("report", "--from", "0026-10-01", "--to", "0026-10-31"), "No log tells of the year 0026"),
        (("export", "--from", "2026-10-01", "--to", "9999-12-31", "x.csv"), "No log tells of the year 9999"),
    ],
    ids=lambda given: " ".join(given)[:40] if isinstance(given, tuple) else "",
)
def test_one_sentence_at_once(
    place: Path, given: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert core.cli.main(given) == InputError.exit_code
    said = capsys.readouterr()
    assert (said.err.startswith(sentence), len(said.err.splitlines()), said.out) == (True, 1, ""), said.err
    assert not list(place.glob("home/defect*"))


def test_no_year_of_a_log_is_refused() -> None:
    check_years(None, date(2000, 1, 1), date(2100, 12, 31))
    for year in (1999, 2101):
        with pytest.raises(InputError, match=str(year)):
            check_years(None, date(year, 6, 1))


def test_whoever_closed_the_output_is_told_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert core.cli.main(AUDIT) == 0
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert not list(place.glob("home/defect*"))


def test_whoever_reads_the_first_line_and_goes_away_is_told_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in `vanthu audit … | head -1`: no traceback, and the exit code of a broken pipe; the report is written."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8", buffering=1) as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert core.cli.main([*AUDIT, "--report", "kept.json"]) == EXIT_BROKEN_PIPE
    assert capsys.readouterr().err == "Wrote kept.json.\n"
    assert json.loads((place / "kept.json").read_text("utf-8"))["officials"]
    assert not list(place.glob("home/defect*"))


def test_whoever_reads_neither_output_nor_errors_has_every_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `vanthu audit … 2>&1 | head -1`."""
    reader, writer = os.pipe()
    os.close(reader)
    gone = os.fdopen(writer, "w", encoding="utf-8", buffering=1)
    monkeypatch.setattr(sys, "stdout", gone)
    monkeypatch.setattr(sys, "stderr", gone)
    assert core.cli.main([*AUDIT, "--report", "one.json", "--report", "other.json"]) == EXIT_BROKEN_PIPE
    gone.close()
    assert (place / "one.json").read_bytes() == (place / "other.json").read_bytes() != b""
