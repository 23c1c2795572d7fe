"""`vanthu explain`: as many lines behind a figure as the figure says, each with its place, none with a subject."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import core.cli
from core.directory.rosterfile import read_roster
from mail_audit.explain import explain, of_audit
from mail_audit.figure_lines import FIGURES
from mail_audit.models.contests import FIGURES as CONTESTED
from mail_audit.pipeline import run
from mail_audit.report.model import DaySpan
from mail_audit.sample import Truth, Volume, build

ZONE = "Asia/Ho_Chi_Minh"
COUNTED = (
    "sent", "sent_recipients", "sent_external", "opened", "received", "logins", "failed_logins", "active_days",
)  # fmt: skip


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
    """For every official: the lines stand in the log where they are said to stand, and add up to each figure."""
    folder, truth = city
    measured = run([folder / "logs"], read_roster(folder / "officials.csv"))
    log = (folder / "logs" / "mail.log").read_bytes()
    explained = 0
    for official in truth.officials:
        for mailbox in official.mailboxes[:1]:
            figures = {one.name: one for one in explain(of_audit(measured, ZONE), mailbox, ZONE)}
            assert tuple(figures)[: len(FIGURES)] == tuple(FIGURES)
            for name in COUNTED:
                assert figures[name].value == getattr(official, name), (mailbox, name)
            for figure in figures.values():
                assert sum(line.stands_for for line in figure.lines) == (figure.value or 0), (mailbox, figure.name)
                explained += len(figure.lines)
                for line in figure.lines:
                    end = log.index(b"\n", line.offset)
                    text = log[line.offset : end].decode()
                    assert re.sub(r", subject=.*, flags", ", subject=…, flags", text) == line.line
                    assert "subject=" not in line.line.replace("subject=…", "")
    assert explained > 1000


def test_only_days_in_post_count(city: tuple[Path, Truth]) -> None:
    """Everybody came on the second day and left after the third: the lines are those of the days that counted."""
    folder, truth = city
    whole = read_roster(folder / "officials.csv")
    second, third = truth.first + timedelta(1), truth.first + timedelta(2)
    shorter = replace(whole, posts=tuple(replace(post, since=second, until=third) for post in whole.posts))
    measured = run([folder / "logs"], shorter)
    days = set()
    for official in measured.report.officials:
        assert official.in_post == (DaySpan(second, third),)
        for mailbox in official.mailboxes[:1]:
            for figure in explain(of_audit(measured, ZONE), mailbox, ZONE):
                assert sum(line.stands_for for line in figure.lines) == (figure.value or 0), (mailbox, figure.name)
                days |= {line.at.date() for line in figure.lines}
    assert days == {second, third}


def test_every_figure_is_said_in_words() -> None:
    assert all(figure.title.vi and figure.meaning.en for figure in FIGURES.values())
    assert tuple(FIGURES) == CONTESTED


def test_it_speaks_both_languages(city: tuple[Path, Truth], capsys: pytest.CaptureFixture[str]) -> None:
    folder, truth = city
    who = next(one for one in truth.officials if one.sent and one.mailboxes)
    words = [who.mailboxes[0].upper(), str(folder / "logs"), "--directory", str(folder / "officials.csv"), "--all"]
    for language, title in (("vi", "Thư gửi"), ("en", "Sent")):
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
