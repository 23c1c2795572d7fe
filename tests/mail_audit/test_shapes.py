"""The same logs in another shape give the same report, to the last figure."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.directory.roster import Roster
from core.directory.rosterfile import read_roster
from mail_audit.pipeline import run
from mail_audit.sample import Layout, Volume, build
from tests.mail_audit.audited import audited, document, logged, roster

QUIET = Volume(citizens=0.03, bulletin=0.03, poll_gap=7200, report_hours=6, attacks=2)
WRITTEN = datetime.fromisoformat("2026-10-08T12:00:00+07:00")
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


class City:
    """Three days of the small city: its log, its directory, its report."""

    def __init__(self, folder: Path) -> None:
        self.truth = build(folder, first=date(2026, 10, 5), days=3, volume=QUIET, subjects=True)
        self.log = folder / "logs" / "mail.log"
        self.text = self.log.read_bytes()
        self.lines = self.text.splitlines(keepends=True)
        self.people: Roster = read_roster(folder / "officials.csv")
        self.report = audited([self.log], self.people)
        assert self.report["coverage"]["broken"] == 0
        assert self.report["coverage"]["lines"] == self.truth.lines


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("shapes"))


def test_the_same_file_twice(city: City, tmp_path: Path) -> None:
    copy = Path(shutil.copy2(city.log, tmp_path / "copy.log"))
    assert audited([city.log, copy, city.log], city.people) == city.report


def test_a_shuffled_copy_alone_and_beside_the_original(city: City, tmp_path: Path) -> None:
    lines = list(city.lines)
    random.Random(7).shuffle(lines)
    shuffled = logged(tmp_path / "shuffled.log", b"".join(lines), WRITTEN)
    assert audited([shuffled], city.people) == city.report
    assert audited([city.log, shuffled], city.people) == city.report
    assert audited([shuffled, city.log], city.people) == city.report


@pytest.mark.parametrize("packing", sorted(PACKERS))
def test_packed_and_packed_beside_plain(city: City, tmp_path: Path, packing: str) -> None:
    packed = logged(tmp_path / f"mail.log.{packing}", PACKERS[packing](city.text), WRITTEN)
    assert audited([packed], city.people) == city.report
    assert audited([packed, city.log], city.people) == city.report


def test_rotated_and_packed_pieces(city: City, tmp_path: Path) -> None:
    """Cut at lines, the older the higher the number, each packed in its own way; a folder holds them all."""
    third = len(city.lines) // 3
    parts = [city.lines[:third], city.lines[third : 2 * third], city.lines[2 * third :]]
    logged(tmp_path / "mail.log.2.gz", gzip.compress(b"".join(parts[0])), WRITTEN)
    logged(tmp_path / "mail.log.1.xz", lzma.compress(b"".join(parts[1])), WRITTEN)
    logged(tmp_path / "mail.log", b"".join(parts[2]), WRITTEN)
    assert audited([tmp_path], city.people) == city.report


def test_overlapping_pieces(city: City, tmp_path: Path) -> None:
    """A copy that was made while the log went on, and the log."""
    half = len(city.lines) // 2
    early = logged(tmp_path / "a.log", b"".join(city.lines[: half + half // 2]), WRITTEN)
    late = logged(tmp_path / "b.log", b"".join(city.lines[half:]), WRITTEN)
    assert audited([early, late], city.people) == city.report


def test_every_other_line_in_another_file(city: City, tmp_path: Path) -> None:
    odd = logged(tmp_path / "odd.log", b"".join(city.lines[1::2]), WRITTEN)
    even = logged(tmp_path / "even.log", b"".join(city.lines[::2]), WRITTEN)
    assert audited([odd, even], city.people) == city.report


@contextmanager
def _parts(text: bytes, cuts: list[int], names: list[str]) -> Iterator[list[Path]]:
    with TemporaryDirectory() as folder:
        edges = [0, *sorted(cuts), len(text)]
        yield [
            logged(Path(folder) / name, text[low:high], WRITTEN)
            for name, low, high in zip(names, edges[:-1], edges[1:], strict=False)
            if low < high
        ]


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cut_at_any_bytes(city: City, data: st.DataObject) -> None:
    """Two to four files, cut in the middle of lines; named as `split` or as logrotate names them."""
    cuts = data.draw(st.lists(st.integers(1, len(city.text) - 1), min_size=1, max_size=3, unique=True))
    split = data.draw(st.booleans())
    names = ["xaa", "xab", "xac", "xad"] if split else ["mail.log.3", "mail.log.2", "mail.log.1", "mail.log"]
    with _parts(city.text, cuts, names[-len(cuts) - 1 :]) as parts:
        assert audited(parts, city.people) == city.report


@pytest.mark.parametrize("back", range(1, 200, 7))
def test_cut_twice_in_one_line(city: City, back: int) -> None:
    """The middle file is a scrap of one line, with neither its beginning nor its end; cut at every seventh byte."""
    at = city.text.index(b"sasl_username=", len(city.text) // 2) + 30 - back
    with _parts(city.text, [at, at + 3], ["xaa", "xab", "xac"]) as parts:
        assert audited(parts, city.people) == city.report


def test_pieces_cut_in_lines_beside_the_whole(city: City) -> None:
    """The halves of a line are no copy of the line, and no broken lines either."""
    cuts = [len(city.text) // 3 + 11, len(city.text) // 2 + 5]
    with _parts(city.text, cuts, ["xaa", "xab", "xac"]) as parts:
        assert audited([*parts, city.log], city.people) == city.report


def test_evidence_of_a_line_cut_in_two_is_the_whole_line(city: City, tmp_path: Path) -> None:
    at = city.text.index(b"sasl_username=") + 20
    start, end = city.text.rindex(b"\n", 0, at) + 1, city.text.index(b"\n", at)
    with _parts(city.text, [at], ["xaa", "xab"]) as parts:
        run(parts, city.people, evidence=tmp_path / "evidence.parquet")
    table = pl.read_parquet(tmp_path / "evidence.parquet").filter(file="xaa", offset=start)
    assert set(table["line"]) == {city.text[start:end].decode()}


def test_dos_line_ends_and_a_last_line_without_one(city: City, tmp_path: Path) -> None:
    dos = logged(tmp_path / "dos.log", city.text.replace(b"\n", b"\r\n").rstrip(), WRITTEN)
    assert audited([dos], city.people) == city.report


@pytest.mark.parametrize("style", ["iso", "rfc5424", "journal-export", "journal-json"])
def test_other_heads(city: City, tmp_path: Path, style: Any) -> None:
    """The same days with another head before every line; all figures of all officials and units."""
    build(
        tmp_path,
        first=date(2026, 10, 5),
        days=3,
        volume=QUIET,
        subjects=True,
        layout=Layout(two_hosts=False, rotate_days=0, mta_style=style),
    )
    assert audited(sorted((tmp_path / "logs").iterdir()), city.people) == city.report


def test_two_servers_at_the_same_time_are_no_copies(tmp_path: Path) -> None:
    """Twins with the same traffic to the second, each for its own mailboxes: both are counted whole."""
    lines = [
        f"Oct  5 08:{minute:02}:00 mailX dovecot: imap-login: Login: user=<aX@tp.example.gov.vn>, method=PLAIN, "
        f"rip=10.0.0.{minute}, lip=10.0.0.1, mpid=7, TLS, session=<s{minute}X>"
        for minute in range(40)
    ]
    one = logged(tmp_path / "one.log", [line.replace("X", "1") for line in lines])
    two = logged(tmp_path / "two.log", [line.replace("X", "2") for line in lines])
    people = roster(
        tmp_path,
        "VP,CB1,Một,Trưởng phòng,leader,a1@tp.example.gov.vn,,",
        "VP,CB2,Hai,Chuyên viên,staff,a2@tp.example.gov.vn,,",
    )
    report = document(run([one, two], people))
    assert [official["logins"] for official in report["officials"]] == [40, 40]
    assert report["coverage"]["events"] == 80
