"""A log of more events than memory should hold: the same figures, nothing left behind, a sentence for a full disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import core.cli
from core.directory.roster import Roster
from core.directory.rosterfile import read_roster
from core.errors import UnavailableError
from mail_audit.events import aside
from mail_audit.events.aside import Aside
from mail_audit.events.found import Reading
from mail_audit.events.gathered import gathered
from mail_audit.events.reading import COLUMNS, KINDS, PLACE
from mail_audit.pipeline import Measured, run
from mail_audit.sample.build import build
from mail_audit.trace import spans
from mail_audit.usage import shards
from mail_audit.zones import DAY

FIRST = date(2026, 9, 28)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six days over the turn of a month, in several files of several forms."""
    folder = tmp_path_factory.mktemp("city")
    build(folder, days=6, first=FIRST, missing=())
    return folder


@pytest.fixture(scope="module")
def whole(city: Path) -> Measured:
    """What is measured when all events are in memory."""
    return run([city / "logs"], _people(city))


def _people(city: Path) -> Roster:
    return read_roster(city / "officials.csv")


@pytest.mark.parametrize("most", [0, 4000])
def test_the_same_figures_and_lines(
    city: Path, whole: Measured, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(aside, "MOST", most)
    kept: list[str] = []
    monkeypatch.setattr(Aside, "put", _counting(kept))
    other = run([city / "logs"], _people(city))
    assert len(kept) > len(KINDS), "several parts of a kind"
    assert other.report == whole.report
    mine, theirs = other.measurement, whole.measurement
    for one in fields(type(mine)):
        if one.name != "mail":
            assert_frame_equal(getattr(mine, one.name), getattr(theirs, one.name))
    for one in fields(type(mine.mail)):
        assert_frame_equal(getattr(mine.mail, one.name), getattr(theirs.mail, one.name))
    assert not list(tmp_path.iterdir())


def test_messages_traced_day_by_day_are_the_same(city: Path, whole: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "SPAN", DAY)
    monkeypatch.setattr(spans, "AT_ONCE", DAY)
    other = run([city / "logs"], _people(city))
    assert other.report == whole.report
    mine, theirs = other.measurement, whole.measurement
    assert_frame_equal(mine.facts, theirs.facts)
    for name in ("submissions", "addressed", "received", "forwards"):
        table, wanted = (getattr(one.mail, name).drop("key", "message", strict=False) for one in (mine, theirs))
        assert table.height
        assert_frame_equal(table, wanted, check_row_order=False)


@pytest.mark.parametrize("most", [50, 2000])
def test_mailboxes_judged_shard_by_shard_are_the_same(
    city: Path, whole: Measured, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: list[int] = []
    only = shards.Shard.only

    def counted(self: shards.Shard, table: pl.DataFrame) -> pl.DataFrame:
        numbers.append(self.of)
        return only(self, table)

    monkeypatch.setattr(shards.Shard, "only", counted)
    monkeypatch.setattr(shards, "AT_ONCE", most)
    monkeypatch.setattr(shards, "MOST", most)
    other = run([city / "logs"], _people(city))
    assert min(numbers) > 1, "every month has several"
    assert other.report == whole.report
    mine, theirs = other.measurement, whole.measurement
    for one in fields(type(mine)):
        if one.name != "mail":
            assert_frame_equal(getattr(mine, one.name), getattr(theirs, one.name), check_row_order=one.name == "facts")
    for one in fields(type(mine.mail)):
        table, wanted = getattr(mine.mail, one.name), getattr(theirs.mail, one.name)
        assert table.height
        assert_frame_equal(table, wanted, check_row_order=False)


def _counting(kept: list[str]) -> Callable[[Aside, pl.DataFrame], aside.Part]:
    put = Aside.put

    def counted(self: Aside, frame: pl.DataFrame) -> aside.Part:
        kept.append("part")
        assert not list(aside.folder_of_large_files().iterdir()), "killed now, it would leave nothing behind"
        return put(self, frame)

    return counted


Row = tuple[int, str | None, int | None, bool]
NAMES, IDS = st.none() | st.text(max_size=3), st.none() | st.integers(0, 2**64 - 1)
ROWS = st.lists(st.tuples(st.integers(0, 40), NAMES, IDS, st.booleans()), max_size=12)
MOMENTS = st.integers(-1, 41)


def _frame(rows: list[Row]) -> pl.DataFrame:
    """Deliveries of one file, each about `to` with a `session`, in any order of time."""
    schema = {**PLACE, **COLUMNS["delivery"]}
    frame = pl.DataFrame(
        {
            "at": [at for at, *_ in rows],
            "to": [to for _, to, *_ in rows],
            "session": [session for *_, session, _ in rows],
            "set_aside": [whether for *_, whether in rows],
            "offset": list(range(len(rows))),
        },
        schema={name: schema[name] for name in ("at", "to", "session", "set_aside", "offset")},
    )
    lacking = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(list(schema))


@given(st.lists(st.tuples(ROWS, st.booleans()), max_size=5), st.none() | st.tuples(MOMENTS, MOMENTS))
def test_wherever_events_wait_they_are_the_same(
    pieces: list[tuple[list[Row], bool]], window: tuple[int, int] | None
) -> None:
    disk, readings = Aside(), [Reading()]
    for rows, is_put_aside in pieces:
        reading = Reading()
        reading.add("delivery", _frame(rows))
        readings[-1].merge(reading)
        if is_put_aside and rows:
            readings[-1].aside["delivery"] = [
                *readings[-1].aside.get("delivery", []),
                disk.put(pl.concat(readings[-1].frames.pop("delivery"))),
            ]
        elif is_put_aside:
            readings.append(Reading())
    events = gathered(readings, lambda frame: frame.drop("clock"))
    wanted = _frame([row for rows, _ in pieces for row in rows]).drop("clock", "offset")
    if window is not None:
        events = events.between(*window)
        wanted = wanted.filter(pl.col("at").is_between(*window, closed="left"))
    assert_frame_equal(events["delivery"].drop("offset"), wanted)
    assert events.has("delivery") == (not wanted.is_empty()) == (not events.is_empty)
    assert not any(one.frames or one.aside for one in readings)


def test_where_the_disk_is_full_one_sentence_says_so(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(aside, "MOST", 0)
    monkeypatch.setattr(aside, "_nameless", lambda: os.open("/dev/full", os.O_RDWR))
    report = tmp_path / "report.json"
    words = ["audit", str(city / "logs"), "--directory", str(city / "officials.csv"), "--report", str(report)]
    assert core.cli.main(["--language", "en", *words]) == 6
    said = capsys.readouterr()
    assert f"Cannot write temporary files in {tmp_path}" in said.err
    assert "Traceback" not in said.err
    assert not report.exists()
    assert not list(tmp_path.glob("tmp*"))


def test_a_folder_that_is_not_there_is_told_by_its_name(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    monkeypatch.setattr(aside, "MOST", 0)
    with pytest.raises(UnavailableError, match="none"):
        run([city / "logs"], _people(city))
