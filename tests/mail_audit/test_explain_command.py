"""`vanthu explain`: as many lines behind a figure as the figure says, each with its place, none with a subject."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

import core.cli
from core.directory.rosterfile import read_roster
from mail_audit.explain import explain
from mail_audit.pipeline import run
from mail_audit.sample import Truth, Volume, build

COUNTED = ("sent", "opened", "received", "logins")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("explained")
    volume = Volume(citizens=0.05, bulletin=0.05, poll_gap=7200, report_hours=6, attacks=8)
    return folder, build(folder, first=date(2026, 10, 5), days=4, volume=volume, subjects=True)


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VANTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))


def test_every_figure_has_its_lines(city: tuple[Path, Truth]) -> None:
    """For every official: the lines stand in the log where they are said to stand, and are as many as the figure."""
    folder, truth = city
    measured = run([folder / "logs"], read_roster(folder / "officials.csv"))
    log = (folder / "logs" / "mail.log").read_bytes()
    for official in truth.officials:
        for mailbox in official.mailboxes:
            figures = {one.name: one for one in explain(measured, mailbox, "Asia/Ho_Chi_Minh")}
            for name in COUNTED:
                figure = figures[name]
                assert figure.value == getattr(official, name), (mailbox, name)
                shown = {(line.file, line.offset, line.at) for line in figure.lines}
                assert len(shown) == (figure.value or 0), (mailbox, name)
            assert figures["failed_logins"].value == official.failed_logins
            for figure in figures.values():
                for line in figure.lines:
                    end = log.index(b"\n", line.offset)
                    text = log[line.offset : end].decode()
                    assert re.sub(r", subject=.*, flags", ", subject=…, flags", text) == line.line
                    assert "subject=" not in line.line.replace("subject=…", "")


def test_it_speaks_both_languages(city: tuple[Path, Truth], capsys: pytest.CaptureFixture[str]) -> None:
    folder, truth = city
    who = next(one for one in truth.officials if one.sent and one.mailboxes)
    words = [who.mailboxes[0].upper(), str(folder / "logs"), "--directory", str(folder / "officials.csv"), "--all"]
    for language, title in (("vi", "Thư đã gửi"), ("en", "Messages sent")):
        assert core.cli.main(["--language", language, "explain", *words]) == 0
        said = capsys.readouterr().out
        assert said.startswith(who.mailboxes[0] + "\n" + who.name)
        assert f"\n{title}: {who.sent}\n" in said
        assert said.count("sasl_username=") >= who.sent


def test_who_is_not_there(city: tuple[Path, Truth], capsys: pytest.CaptureFixture[str]) -> None:
    """Another domain is not found (exit code 3); an unlisted mailbox of our own domain is explained."""
    folder, _ = city
    rest = [str(folder / "logs"), "--directory", str(folder / "officials.csv")]
    assert core.cli.main(["--language", "en", "explain", "x@gmail.com", *rest]) == 3
    heard = capsys.readouterr()
    assert (heard.out, heard.err.count("\n")) == ("", 1)
    assert core.cli.main(["--language", "en", "explain", "tuyendung@tp.example.gov.vn", *rest]) == 0
    assert "No official owns this mailbox." in capsys.readouterr().out
