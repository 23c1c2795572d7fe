"""Folders with links, pipes, devices, sockets and names made to deceive; files that change while they are read."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import core.cli
from core.db import forget, unit_of_work
from core.directory.services import import_roster
from core.errors import InputError
from core.permissions import command_line_actor
from core.settings import load
from core.words import Text, showable
from mail_audit.archives import find_logs, pieces
from mail_audit.log_paths import log_files
from mail_audit.pipeline import run
from mail_audit.report import render
from mail_audit.services.collecting import add_source, collect
from tests.mail_audit.audited import roster

LINE = (
    "Nov 20 08:00:0{} {} dovecot: imap-login: Login: user=<gd@tp.example.gov.vn>, method=PLAIN, rip=10.0.0.7, "
    "lip=10.0.0.1, session=<a{}>\n"
)
NAMES = (
    b"mail.log", b"bad\xff\xfe.log", b"new\nline.log", b"esc\x1b[31m.log", b"bidi\xe2\x80\xaegol.log", b"[bold].log",
    b"=cmd|' C'!A0.log", b"<script>alert(1)<.log", b"a" * 250,
)  # fmt: skip
ROW = "S,1,N,T,staff,gd@tp.example.gov.vn,,"
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]")


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    """Nine logs with such names, their hosts no better, and everything that is no file."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        host = ("mail", "<b>host</b>", "=1+1", "@SUM", "h\u202ex", "\x1b[2Jh", "h" * 300, "h|x", "-h")[number]
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(LINE.format(number, host, number), "utf-8")
    os.mkfifo(folder / "fifo.log")
    for link, target in {"zero.log": "/dev/zero", "passwd.log": "/etc/passwd", "gone.log": "x", "loop": "."}.items():
        (folder / link).symlink_to(target)
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)
        server.bind("socket.log")
        os.chdir(here)
        yield folder


def test_only_files_are_read(logs: Path) -> None:
    assert {os.fsencode(log.path.name) for log in find_logs([logs])} == set(NAMES)


@pytest.mark.parametrize("name", ["fifo.log", "zero.log", "socket.log", "gone.log"])
def test_what_is_no_file_is_refused_at_once(logs: Path, name: str) -> None:
    with pytest.raises(InputError):
        find_logs([logs / name])
    with pytest.raises(InputError):
        log_files([logs / name], allowed=[logs])


def test_a_link_out_of_the_allowed_folders(logs: Path) -> None:
    with pytest.raises(InputError):
        log_files([logs / "passwd.log"], allowed=[logs])


def test_every_ending_shows_names_that_do_nothing(logs: Path, tmp_path: Path) -> None:
    report = run([logs], roster(tmp_path, ROW)).report
    assert report.coverage.lines == len(NAMES)
    for ending in ("json", "html", "csv", "xlsx"):
        render.write(report, tmp_path / f"report.{ending}", "vi")
    for ending in ("json", "html", "csv"):
        assert not UNSHOWABLE.search((tmp_path / f"report.{ending}").read_text("utf-8").replace("\r", "")), ending
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<b>host" not in page
    assert "&lt;script&gt;alert" in page
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert not any(cell.startswith(("=", "+", "@", "-")) for row in csv.reader(stream) for cell in row)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("=cmd" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula"
    assert any("esc" in name for name in json.loads((tmp_path / "report.json").read_text("utf-8"))["coverage"]["files"])


def test_a_command_says_names_that_do_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    name = "esc\x1b[31m\u202e\udcff"
    core.cli.say(Text(f"{name} một\nhai", "x"))
    assert capsys.readouterr().out == f"{showable(name)} một\nhai\n"
    assert showable(name) == "esc\ufffd[31m\ufffd\ufffd"


def test_a_source_with_all_of_them(logs: Path, tmp_path: Path) -> None:
    """Nothing stops the collection; the one name that cannot be kept is told."""
    settings = load({"VANTHU_HOME": str(tmp_path / "home")})
    actor = command_line_actor()
    with unit_of_work(settings) as session:
        import_roster(session, actor, roster=roster(tmp_path, ROW))
        source = add_source(session, actor, name="thu", paths=[logs])
    for expected in (len(NAMES) - 1, 0):
        (done,) = collect(settings, actor, source_ids=[source])
        assert done.counts.lines == expected
        assert [path for path, _ in done.problems] == [f"{logs}/bad??.log"]
    forget(settings)


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text(LINE.format(1, "mail", 1), "utf-8")
    (log,) = find_logs([path])
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        list(pieces(log))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text(LINE.format(1, "mail", 1), "utf-8")
    (log,) = find_logs([path])
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        list(pieces(log))


@pytest.mark.parametrize("change", ["truncated", "replaced", "grown"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, change: str) -> None:
    """What was read stays whole lines; nothing is read twice, and reading ends."""
    path, line = tmp_path / "mail.log", LINE.format(1, "mail", 1).encode()
    path.write_bytes(line * 1000)
    (log,) = find_logs([path])
    reading = pieces(log, size=len(line) * 100)
    first = next(reading)
    if change == "truncated":
        os.truncate(path, 10)
    elif change == "replaced":
        other = tmp_path / "other"
        other.write_bytes(b"x" * 10)
        other.replace(path)
    else:
        with path.open("ab") as stream:
            stream.write(line * 1000)
    found = [first, *reading]
    assert all(piece.data.endswith(b"\n") and not piece.data.replace(line, b"") for piece in found)
    assert [piece.offset for piece in found] == [sum(len(one.data) for one in found[:at]) for at in range(len(found))]
    assert sum(len(piece.data) for piece in found) >= len(first.data)


def test_reading_beside_a_writer_ends(tmp_path: Path) -> None:
    """A server that writes faster than we read does not keep us: each piece is bounded, and whole lines are given."""
    path, line = tmp_path / "mail.log", LINE.format(1, "mail", 1).encode()
    path.write_bytes(line * 100)
    (log,) = find_logs([path])
    stopped = threading.Event()

    def writing() -> None:
        with path.open("ab") as stream:
            while not stopped.is_set():
                stream.write(line)
                stream.flush()

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        taken = 0
        for piece in pieces(log, size=1 << 16):
            taken += len(piece.data)
            if taken > log.size * 3:
                break
    finally:
        stopped.set()
        writer.join()
    assert taken >= log.size
