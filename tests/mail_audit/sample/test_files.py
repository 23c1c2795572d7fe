"""Files: determinism, rotation, names, compression, styles, times, the week without logs."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import zstandard

from mail_audit.sample import Layout, Truth, Volume, build
from mail_audit.sample.files import Compression
from mail_audit.sample.transport import Style

QUIET = Volume(citizens=0.02, bulletin=0.02, poll_gap=7200, report_hours=12, attacks=1)
FIRST = date(2026, 10, 5)


def read(path: Path) -> str:
    """The text of a log, whatever its compression."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    elif path.suffix == ".xz":
        raw = lzma.decompress(raw)
    elif path.suffix == ".bz2":
        raw = bz2.decompress(raw)
    elif path.suffix == ".zst":
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    return raw.decode()


def digests(folder: Path) -> dict[str, str]:
    """Path -> hash of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    """Directory, logs and truth; another seed writes another city."""
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        layout = Layout(rotate_days=1, compressions=("plain", "gz", "xz", "zst", "bz2"))
        build(tmp_path / name, seed=seed, days=3, layout=layout, volume=QUIET)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    different = digests(tmp_path / "three")
    assert all(value != different[name] for name, value in digests(tmp_path / "one").items())


def test_numbered_rotation_with_every_compression(tmp_path: Path) -> None:
    """The newest is plain and unnumbered; every file ends at its mtime and holds the lines the truth says."""
    kinds: tuple[Compression, ...] = ("plain", "gz", "xz", "zst", "bz2")
    truth = build(tmp_path, days=6, layout=Layout(rotate_days=1, compressions=kinds), volume=QUIET)
    names = [file.path for file in truth.files if file.host == "mail1"]
    assert names == [f"mail1/mail.log{end}" for end in (".5.bz2", ".4.zst", ".3.xz", ".2.gz", ".1", "")]
    for file in truth.files:
        path = tmp_path / "logs" / file.path
        text = read(path)
        assert text.count("\n") == file.lines > 0
        moment = datetime.fromtimestamp(path.stat().st_mtime + 7 * 3600, UTC)
        assert moment.date() == file.last == file.first
        assert f" {moment:%H:%M:%S} " in text[-900:] or f"T{moment:%H:%M:%S}." in text[-900:]


def test_dated_rotation_and_a_week_without_logs(tmp_path: Path) -> None:
    """From 21 days on a week is missing by default; no file holds a line of it."""
    truth = build(tmp_path, days=21, layout=Layout(two_hosts=False, names="date", compressions=("gz",)), volume=QUIET)
    assert truth.missing_days[0] == date(2026, 10, 12)
    assert truth.missing_days[-1] == date(2026, 10, 18)
    assert len(truth.covered_days) == 14
    assert (truth.working_days, truth.covered_working_days) == (15, 10)
    assert [file.path for file in truth.files] == ["mail.log-20261012.gz", "mail.log"]
    text = "".join(read(tmp_path / "logs" / file.path) for file in truth.files)
    days = {line[:6] for line in text.splitlines()}
    assert days == {f"Oct {day.day:2d}" for day in truth.covered_days}


def test_missing_days_can_be_chosen(tmp_path: Path) -> None:
    """Any days; a period without any log is refused."""
    truth = build(tmp_path, days=3, missing=(date(2026, 10, 6),), volume=QUIET)
    assert truth.missing_days == (date(2026, 10, 6),)
    with pytest.raises(ValueError, match="no day with logs"):
        build(tmp_path, days=1, missing=(FIRST,), volume=QUIET)


def test_the_turn_of_the_year_has_no_year_in_it(tmp_path: Path) -> None:
    """December and January in one file of traditional syslog; New Year's Day is no working day."""
    truth = build(tmp_path, first=date(2025, 12, 30), days=4, volume=QUIET)
    text = read(tmp_path / "logs" / "mail.log")
    assert [line[:6] for line in text.splitlines()][:: truth.lines - 1] == ["Dec 30", "Jan  2"]
    assert "2026" not in {line[7:11] for line in text.splitlines()}
    assert truth.working_days == 3


HEADS: dict[Style, str] = {
    "rfc3164": r"Oct  5 \d\d:\d\d:\d\d mail1 (postfix/[\w/]+\[\d+\]|dovecot|amavis\[\d+\]): .+",
    "iso": r"2026-10-05T\d\d:\d\d:\d\d\.\d{6}\+07:00 mail1 (postfix/[\w/]+\[\d+\]|dovecot|amavis\[\d+\]): .+",
    "rfc5424": r"<22>1 2026-10-05T\d\d:\d\d:\d\d\.\d{6}\+07:00 mail1 (postfix/[\w/]+|dovecot|amavis) (\d+|-) - - .+",
}


@pytest.mark.parametrize("style", HEADS)
def test_every_line_has_its_style_and_the_times_rise(style: Style, tmp_path: Path) -> None:
    """Head, program and text of each line; lines stand in the order of their times."""
    build(tmp_path, days=1, layout=Layout(two_hosts=False, rotate_days=0, mta_style=style), volume=QUIET)
    lines = read(tmp_path / "logs" / "mail.log").splitlines()
    shape = re.compile(HEADS[style])
    assert [line for line in lines if not shape.fullmatch(line)] == []
    stamps = [line[5:35] if style == "rfc5424" else line[:15] if style == "rfc3164" else line[:26] for line in lines]
    assert stamps == sorted(stamps)


def both(tmp_path: Path, style: Style) -> tuple[Truth, str]:
    """A day with mail1 and mail2, the store in `style`, and the store's text."""
    truth = build(tmp_path, days=1, layout=Layout(rotate_days=0, store_style=style), volume=QUIET)
    return truth, read(tmp_path / "logs" / truth.files[1].path)


def test_dovecots_own_file(tmp_path: Path) -> None:
    """A stamp, the component, `Info:`; no host and no program."""
    truth, text = both(tmp_path, "dovecot")
    assert truth.files[1].path == "mail2/dovecot.log"
    shape = re.compile(
        r"Oct  5 \d\d:\d\d:\d\d ((imap|pop3|lmtp)\([^)]+\)(<\d+><[^>]+>)?|imap-login|pop3-login|auth): Info: .+"
    )
    assert [line for line in text.splitlines() if not shape.fullmatch(line)] == []


def test_the_journal_in_both_forms(tmp_path: Path) -> None:
    """Export and JSON hold the same entries as the syslog file of the same day."""
    truth, plain = both(tmp_path / "plain", "iso")
    _, exported = both(tmp_path / "export", "journal-export")
    _, lines = both(tmp_path / "json", "journal-json")
    entries = [dict(field.split("=", 1) for field in one.split("\n")) for one in exported.split("\n\n") if one]
    objects = [json.loads(line) for line in lines.splitlines()]
    assert entries == objects
    assert len(objects) == truth.files[1].lines
    assert [f"dovecot: {one['MESSAGE']}" for one in objects] == [line.split(" ", 2)[2] for line in plain.splitlines()]
    stamp = datetime.fromtimestamp(int(objects[0]["__REALTIME_TIMESTAMP"]) / 1e6 + 7 * 3600, UTC)
    assert plain.startswith(f"{stamp:%Y-%m-%dT%H:%M:%S}")


def test_two_hosts_share_the_lines(tmp_path: Path) -> None:
    """mail1 writes no line of the store, mail2 no line of the mail server."""
    truth, store = both(tmp_path, "rfc3164")
    mta = read(tmp_path / "logs" / "mail1" / "mail.log")
    assert truth.hosts == ("mail1", "mail2")
    assert " dovecot: " not in mta
    assert all(line[16:30] == "mail2 dovecot:" for line in store.splitlines())
