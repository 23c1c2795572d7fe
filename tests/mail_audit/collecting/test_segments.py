"""The event store: whole or not there, put together without a change, swept, without subjects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from core.store import FolderStore, Store, folder
from mail_audit.errors import DamagedObjectError, FullStoreError
from mail_audit.events.reading import empty
from mail_audit.segments import EVENTS, Segment, lines_between, load, merge, sweep, with_lines, write
from tests.core.store import everything


def removed(start: int, *ids: str) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Queue ids removed, one a second from `start`, on lines of 100 bytes."""
    rows = [(second, queue_id) for second, queue_id in enumerate(ids, start=start)]
    frame = pl.DataFrame(
        {
            "at": [second * 1_000_000 for second, _ in rows],
            "host": ["mail"] * len(rows),
            "file": pl.Series([0] * len(rows), dtype=pl.UInt16),
            "offset": [second * 100 for second, _ in rows],
            "queue_id": pl.Series([ord(queue_id) for _, queue_id in rows], dtype=pl.UInt64),
        }
    )
    lines = pl.DataFrame({"offset": frame["offset"], "line": [f"{second} {name}" for second, name in rows]})
    return {"removed": frame, "queued": empty("queued").drop("clock")}, lines


def ids(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    return [chr(number) for number in frames["removed"]["queue_id"]]


def test_what_is_written_is_loaded(store: Store) -> None:
    first = write(store, *removed(0, "A", "B"))
    second = write(store, *removed(2, "C"))
    segments = [Segment(second, 1), Segment(first, 0)]
    frames = load(store, segments)
    assert ids(frames) == ["A", "B", "C"]
    assert frames["removed"]["file"].to_list() == [0, 0, 1]
    assert frames["removed"].schema == load(store, [])["removed"].schema
    assert ids(load(store, segments, low=1_000_000, high=2_000_000)) == ["B"]
    assert with_lines(store, segments, frames["removed"])["line"].to_list() == ["0 A", "1 B", "2 C"]
    assert lines_between(store, [first, second], 100, 250).rows() == [(100, "1 B"), (200, "2 C")]


def test_of_every_line_as_many_as_the_fullest_copy_holds(store: Store) -> None:
    whole = write(store, *removed(0, "A", "B", "B", "C", "D"))
    frames, lines = removed(0, "A", "B", "B", "C", "D")
    shuffled = frames["removed"].reverse().with_columns(pl.Series("offset", [0, 100, 200, 300, 400]))
    texts = lines.reverse().with_columns(pl.Series("offset", [0, 100, 200, 300, 400]))
    copy = write(store, {"removed": shuffled}, texts)
    other = write(store, *removed(3, "X", "Y", "Z"))
    assert ids(load(store, [Segment(whole, 0), Segment(copy, 1), Segment(other, 2)])) == [*"ABBCD", *"XYZ"]


def test_a_segment_that_is_gone_is_an_error_and_not_nothing(store: Store) -> None:
    folder = write(store, *removed(0, "A"))
    with pytest.raises(FileNotFoundError):
        load(store, [Segment(folder, 0), Segment("0" * 24, 1)])


@pytest.mark.parametrize("kind", ["removed", "lines"])
def test_a_table_that_is_broken_is_named_with_what_to_do(store: Store, kind: str) -> None:
    folder = write(store, *removed(0, "A"))
    segments = [Segment(folder, 0)]
    table = load(store, segments)["removed"]
    key = f"{EVENTS}/{folder}/{kind}.parquet"
    store.put(key, store.read(key)[:-20])
    with pytest.raises(DamagedObjectError) as broken:
        load(store, segments) if kind == "removed" else with_lines(store, segments, table)
    assert broken.value.message.en.startswith(f"{key} in the store is damaged")
    store.put(key, b"")
    with pytest.raises(DamagedObjectError):
        load(store, segments) if kind == "removed" else lines_between(store, [folder], 0, 100)


@pytest.mark.parametrize(
    "said", ["underlying IO error: No space left on device (os error 28)", "parquet: Invalid thrift: transport error"]
)
def test_a_full_disk_is_said_to_be_full(store: Store, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def refused(*_given: object, **_more: object) -> None:
        raise pl.exceptions.ComputeError(said)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", refused)
    with pytest.raises(FullStoreError, match="its disk is full"):
        write(store, *removed(0, "A"))
    assert store.listed(EVENTS) == []


def test_merged_is_the_same(store: Store) -> None:
    parts = [write(store, *removed(second, name)) for second, name in enumerate("ABCD")]
    before = load(store, [Segment(part, 0) for part in parts])
    one = merge(store, parts)
    after = load(store, [Segment(one, 0)])
    assert all(before[kind].equals(after[kind]) for kind in before)
    assert lines_between(store, [one], 0, 1_000).height == 4


def test_what_nobody_knows_is_swept_when_it_is_old(store: Store) -> None:
    kept, lost = write(store, *removed(0, "A")), write(store, *removed(0, "B"))
    assert sweep(store, {kept}, older_than=3_600) == 0
    assert sweep(store, {kept}, older_than=-1) == 1
    assert {one.key.split("/")[1] for one in store.listed(EVENTS)} == {kept}
    assert lost != kept
    assert sweep(store / "nowhere", set(), older_than=-1) == 0


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)

    def refused(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_to_disk", refused)
    with pytest.raises(FullStoreError):
        write(store, *removed(0, "A"))
    assert everything(store) == []


def test_a_subject_is_not_kept(store: Store) -> None:
    frames, _ = removed(0, "A")
    line = "imap(a@b.vn)<1><x>: save: box=Sent, uid=1, subject=Lương tháng, flags=(\\Seen), flags=(\\Seen)"
    segment = write(store, frames, pl.DataFrame({"offset": [0], "line": [line]}))
    (text,) = lines_between(store, [segment], 0, 1)["line"]
    assert "Lương" not in text
    assert text.endswith("flags=(\\Seen)")
    assert all(b"L\xc6\xb0\xc6\xa1ng" not in store.read(one.key) for one in store.listed(EVENTS))
