"""What both kinds of store do: whole objects under keys, told apart from what is missing."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import objects
from core.store import FolderStore, Kept, MissingError, Store, opened
from core.store.bucket import BucketStore
from core.store.cache import Cache
from core.store.model import checked
from tests.core.store import everything


def test_kept_read_listed_and_taken_away(store: Store) -> None:
    began = time.time()
    store.put("inputs/a.json", b"one")
    store.put("inputs/a.json", b"other")
    store.put("inputs/deep/b.json", b"")
    assert store.read("inputs/a.json") == store.file("inputs/a.json").read_bytes() == b"other"
    first, second = store.listed("inputs")
    assert (first.key, first.name, first.size) == ("inputs/a.json", "a.json", 5)
    assert (second.key, second.size) == ("inputs/deep/b.json", 0)
    assert began - 2 < first.changed < time.time() + 2
    assert {name: path.read_bytes() for name, path in store.files("inputs").items()} == {"a.json": b"other"}
    assert [store.has(key) for key in ("inputs/a.json", "inputs/b.json", "inputs", "inputs/a")] == [True, *[False] * 3]
    store.remove("inputs/a.json")
    store.remove("inputs/a.json")
    assert everything(store) == ["inputs/deep/b.json"]
    store.remove_folder("inputs")
    store.remove_folder("inputs")
    assert store.listed("inputs") == []


def test_missing_is_missing(store: Store) -> None:
    store.put("events/one/lines.parquet", b"x")
    for ask in (store.read, store.file, store.files):
        with pytest.raises(MissingError) as caught:
            ask("events/on")
        assert caught.value.filename == "events/on"
    assert store.listed("events/on") == [], "whole parts of keys"


def test_a_folder_is_given_away_whole(store: Store) -> None:
    with store.draft() as draft:
        for name in ("lines.parquet", "sent.parquet"):
            (draft / name).write_bytes(name.encode())
        store.put_folder("events/abc", draft)
    assert everything(store) == ["events/abc/lines.parquet", "events/abc/sent.parquet"]
    with pytest.raises(IsADirectoryError), store.draft() as draft:
        draft.write_bytes(b"x")
    assert len(everything(store)) == 2, "a draft that was given up is gone"


def test_drafts_of_the_dead_are_swept(store: Store) -> None:
    left = store.drafts / "left"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"x")
    assert store.sweep(older_than=3600) == 0
    for path in (left / "half", left):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert store.sweep(older_than=3600) == 1
    assert everything(store) == []


def test_a_draft_in_which_somebody_works_is_never_swept(store: Store) -> None:
    """However long putting a large file takes: nothing in the draft changes meanwhile."""
    with store.draft() as draft:
        (draft / "large").write_bytes(b"x")
        for path in (draft / "large", draft):
            os.utime(path, (time.time() - 7200, time.time() - 7200))
        assert store.sweep(older_than=3600) == 0
        store.put_file("uploads/a/large", draft / "large")
    assert store.read("uploads/a/large") == b"x"
    assert list(store.drafts.iterdir()) == []


def test_what_is_held_stays_for_as_long_as_it_is_read(store: Store) -> None:
    """Hours after it was asked for, and while others fill the cache."""
    for key in ("events/a/lines.parquet", "events/a/sent.parquet"):
        store.put(key, key.encode())
    with store.holding() as place:
        held = [place.file("events/a/lines.parquet"), *(place / "events").files("a").values()]
        if isinstance(store, BucketStore):
            for path in store.cache.folder.rglob("*.parquet"):
                os.utime(path, (time.time() - 7200, path.stat().st_mtime))
            assert Cache(store.cache.folder, 0).tidy() == 2
        assert [path.name for path in held] == ["lines.parquet", "lines.parquet", "sent.parquet"]
        assert [path.read_bytes() for path in held] == [f"events/a/{path.name}".encode() for path in held]
    assert list(store.drafts.iterdir() if store.drafts.is_dir() else ()) == []


def test_a_part_is_a_store_of_its_own(store: Store) -> None:
    part = store / "documents"
    digest = objects.keep(part, b"abc")
    assert objects.keep(part, b"abc") == digest
    assert objects.kept(part, digest) == objects.place_of(part, digest).read_bytes() == b"abc"
    assert [one.key for one in store.listed("documents")] == [f"documents/{digest[:2]}/{digest}"]
    assert [one.key for one in part.listed(digest[:2])] == [f"{digest[:2]}/{digest}"]


def test_large_objects_come_back_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts, where the store knows parts; the last part is a short one."""
    monkeypatch.setattr("core.store.bucket.PART_BYTES", 5 * 1024 * 1024)
    content = os.urandom(1024) * 11_000
    with store.draft() as draft:
        (draft / "big").write_bytes(content)
        store.put_file("uploads/a/big", draft / "big")
    assert store.read("uploads/a/big") == content
    if not isinstance(store, FolderStore):
        store.cache.tidy(young=-1)  # type: ignore[attr-defined] # nothing fits where nothing may be kept
    assert store.file("uploads/a/big").read_bytes() == content


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "..", "a//b", "./a", "a\\b", "a\0b", "a/"])
def test_keys_lead_nowhere_else(tmp_path: Path, key: str) -> None:
    store = FolderStore(tmp_path)
    for ask in (store.read, store.file, store.listed, store.remove_folder, store.has):
        with pytest.raises(ValueError, match="not a key"):
            ask(key)


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_whatever_is_a_key_lies_below_the_folder(key: str) -> None:
    try:
        checked(key)
    except ValueError:
        return
    assert Path("/store").joinpath(key).resolve(strict=False).is_relative_to("/store")


def test_copies_go_when_there_are_too_many(tmp_path: Path) -> None:
    """The one not asked for longest first; never one that somebody may be reading."""
    cache, fetched = Cache(tmp_path, 250), []

    def copy(key: str, version: str = "1") -> Path:
        def fetch(path: Path) -> float:
            fetched.append(key)
            path.write_bytes(b"x" * 100)
            return 1_000_000.0

        return cache.copy(key, version, fetch)

    places = [copy(f"a/{name}") for name in "rst"]
    assert [place.name for place in places] == ["r", "s", "t"]
    assert {place.stat().st_mtime for place in places} == {1_000_000.0}, "a log's date is that of the object"
    assert copy("a/r") == places[0] != copy("a/r", "2")
    assert cache.tidy() == 0
    for age, place in ((900, places[1]), (800, places[0])):
        os.utime(place, (time.time() - age, 1_000_000.0))
    assert cache.tidy() == 2
    assert [place.exists() for place in places] == [False, False, True]
    copy("a/s")
    assert fetched == ["a/r", "a/s", "a/t", "a/r", "a/s"]


def test_a_process_looks_after_its_copies_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walking through all copies with each that is added would take longer than fetching it."""
    store, walked = opened("s3://bucket/part", tmp_path, {"endpoint": "http://127.0.0.1:1", "access_key": "x"}, "y"), []
    assert isinstance(store, BucketStore)
    monkeypatch.setattr(Cache, "tidy", lambda cache: walked.append(cache.folder))
    for number in range(130):
        (store / f"{number}").cache.copy(f"{number}", "1", lambda path: path.write_bytes(b"x"))
    assert len(walked) == 3


def test_a_copy_that_goes_while_it_is_asked_for_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process makes room at that very moment: the object is not gone for that."""
    cache, touch = Cache(tmp_path, 250), os.utime

    def fetch(path: Path) -> float:
        path.write_bytes(b"x")
        return 1_000_000.0

    place = cache.copy("a/b", "1", fetch)

    def room_is_made(*asked: object) -> None:
        monkeypatch.setattr("core.store.cache.os.utime", touch)
        shutil.rmtree(place.parent)
        touch(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("core.store.cache.os.utime", room_is_made)
    assert cache.copy("a/b", "1", fetch).read_bytes() == b"x"


def test_names_of_objects() -> None:
    assert Kept("a/b/c.parquet", 1, 0.0).name == "c.parquet"
