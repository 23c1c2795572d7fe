"""Writing by ending: whole or not at all, and one clear sentence where it cannot be done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import InputError
from mail_audit.report import as_csv, render
from mail_audit.report.model import Report
from tests.mail_audit.report import examples

STARTS = {".json": b"{", ".html": b"<!DOCTYPE html>", ".xlsx": b"PK", ".pdf": b"%PDF-", ".csv": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("ending", render.FORMATS)
def test_each_ending_is_written_whole_and_alone(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"báo cáo{ending.upper()}"
    render.write(examples.report(), path)
    assert path.read_bytes().startswith(STARTS[ending])
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", render.FORMATS)
def test_an_empty_report_can_be_written_in_every_form(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"r{ending}"
    render.write(examples.empty(), path, "en")
    assert path.stat().st_size > 100


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("r.docx", ".json .html .xlsx .pdf .csv"),
        ("r", ".json .html .xlsx .pdf .csv"),
        ("missing/r.json", "There is no folder"),
        ("folder.json", "is a folder"),
        ("file/r.json", "There is no folder"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_anything_is_done(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as refused:
        render.write(examples.report(), tmp_path / name)
    assert words in refused.value.message.en
    assert not (tmp_path / "missing").exists()


def test_a_folder_without_leave_to_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError) as refused:
        render.check_target(tmp_path / "r.json")
    assert "cannot be written" in refused.value.message.en


def test_a_disk_that_fills_up_leaves_the_older_report_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.csv"
    path.write_text("older")

    def full(report: Report, target: Path, language: str) -> None:
        target.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(as_csv, "write", full)
    with pytest.raises(InputError) as refused:
        render.write(examples.report(), path)
    assert refused.value.detail == "[Errno 28] No space left on device"
    assert path.read_text() == "older"
    assert [one.name for one in tmp_path.iterdir()] == ["r.csv"]
