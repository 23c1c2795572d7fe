"""A byte that changed in the store is told with the object's name: it makes no other figure and ends no process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from core.store import FolderStore, MissingError, Store
from mail_audit import sums
from mail_audit.errors import DamagedObjectError
from mail_audit.segments import EVENTS, Segment, lines_between, load, merge, with_lines, write
from mail_audit.services.collecting import merging
from mail_audit.sums import SUMS, put_alone, sound, sums_alone
from tests.core.store import everything
from tests.mail_audit.collecting.followed import Followed, Month, audited
from tests.mail_audit.collecting.followed import put as put_log
from tests.mail_audit.collecting.test_segments import ids, removed

ALONE = "standing/2026-10-aaaa.parquet"

PROGRAM = """
import json, sys
from pathlib import Path
from core.store import FolderStore
from mail_audit.errors import DamagedObjectError
from mail_audit.segments import EVENTS, Segment, lines_between, load, merge

store, folder, (kind, places) = FolderStore(Path(sys.argv[1])), sys.argv[2], json.loads(sys.argv[3])
key = f"{EVENTS}/{folder}/{kind}"
whole = store.read(key)

def said(ask):
    try:
        return repr(ask())
    except DamagedObjectError as damaged:
        return damaged.message.en

for place in places:
    for bit in (0x01, 0x80):
        store.put(key, whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1:])
        print(json.dumps([
            said(lambda: load(store, [Segment(folder, 0)])["removed"].rows()),
            said(lambda: lines_between(store, [folder], 0, 10_000).rows()),
            said(lambda: merge(store, [folder])),
        ]), flush=True)
"""


def flip(store: Store, key: str, place: int = 30) -> None:
    """Change a bit of an object."""
    content = bytearray(store.read(key))
    content[place] ^= 0x04
    store.put(key, bytes(content))


def apart(followed: Followed, week: Month, monkeypatch: pytest.MonkeyPatch, *, days: int) -> tuple[Path, list[bytes]]:
    """A log whose first day lies in small segments that are not put together: where it is, the texts of its days."""
    log, texts = followed.folder / "mail.log", [texts[week.files[1]] for _, texts in week.days[:days]]
    monkeypatch.setattr(merging, "MERGE_AT", 1_000)
    put_log(log, texts[0], week.days[0][0])
    followed.only(piece_bytes=1 << 14)
    return log, texts


@pytest.mark.parametrize("kind", ["removed.parquet", "lines.parquet", SUMS])
def test_a_byte_that_changed_anywhere_is_told_and_changes_no_figure(tmp_path: Path, kind: str) -> None:
    """In a process of its own: what Polars makes of changed bytes may be its end."""
    store = FolderStore(tmp_path)
    folder = write(store, *removed(0, *"ABCDEFGH"))
    rows = repr(load(store, [Segment(folder, 0)])["removed"].rows())
    lines = repr(lines_between(store, [folder], 0, 10_000).rows())
    key = f"{EVENTS}/{folder}/{kind}"
    places = list(range(0, len(store.read(key)), 7))
    program = [sys.executable, "-c", PROGRAM, str(tmp_path), folder, json.dumps([kind, places])]
    environ = {"PATH": os.environ["PATH"], "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(program, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2 * len(places)
    damaged = f"{key} in the store is damaged and cannot be read. Restore it from the backup, or read its logs again."
    expected = [
        rows if kind == "lines.parquet" else damaged,
        lines if kind == "removed.parquet" else damaged,
        damaged,
    ]
    for place, said in zip([place for place in places for _ in range(2)], found, strict=True):
        assert said == expected, place


@pytest.mark.parametrize("kind", ["removed", "lines"])
def test_every_reader_refuses_what_changed_and_nothing_whole_is_made_of_it(store: Store, kind: str) -> None:
    sane, folder = write(store, *removed(0, "A", "B")), write(store, *removed(2, "C", "D"))
    segments = [Segment(sane, 0), Segment(folder, 0)]
    table = load(store, segments)["removed"]
    assert with_lines(store, segments, table)["line"].to_list() == ["0 A", "1 B", "2 C", "3 D"]
    key = f"{EVENTS}/{folder}/{kind}.parquet"
    flip(store, key)
    there = everything(store)
    readers: dict[str, list[Callable[[], object]]] = {
        "removed": [lambda: load(store, segments)],
        "lines": [lambda: with_lines(store, segments, table), lambda: lines_between(store, [folder], 0, 1_000)],
    }
    readers[kind].append(lambda: merge(store, [sane, folder]))
    for ask in readers[kind]:
        with pytest.raises(DamagedObjectError, match=f"^.*{key} in the store is damaged"):
            ask()
    assert everything(store) == there


def test_a_segment_without_sums_is_read_and_put_together(store: Store) -> None:
    parts = [write(store, *removed(second, name)) for second, name in enumerate("AB")]
    for part in parts:
        store.remove(f"{EVENTS}/{part}/{SUMS}")
    assert ids(load(store, [Segment(part, 0) for part in parts])) == ["A", "B"]
    assert lines_between(store, parts, 0, 1_000)["line"].to_list() == ["0 A", "1 B"]
    one = merge(store, parts)
    assert store.has(f"{EVENTS}/{one}/{SUMS}")
    assert ids(load(store, [Segment(one, 0)])) == ["A", "B"]


def test_a_table_that_the_sums_do_not_name_is_not_of_the_segment(store: Store) -> None:
    folder, other = write(store, *removed(0, "A")), write(store, *removed(0, "A"))
    store.put(f"{EVENTS}/{folder}/queued.parquet", store.read(f"{EVENTS}/{other}/removed.parquet"))
    with pytest.raises(DamagedObjectError, match=r"queued\.parquet in the store is damaged"):
        load(store, [Segment(folder, 0)])


def test_the_bytes_are_looked_at_once_while_the_file_is_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(store, *removed(0, "A"))
    looked: list[str] = []
    sum_of = sums.sum_of

    def looking(path: Path) -> str:
        looked.append(path.name)
        return sum_of(path)

    monkeypatch.setattr(sums, "sum_of", looking)
    for _ in range(3):
        load(store, [Segment(folder, 0)])
        lines_between(store, [folder], 0, 100)
    assert looked == ["removed.parquet", "lines.parquet"]
    path = store.file(f"{EVENTS}/{folder}/removed.parquet")
    content = bytearray(path.read_bytes())
    os.utime(path, (0, 0))
    load(store, [Segment(folder, 0)])
    assert looked[2:] == ["removed.parquet"]
    content[30] ^= 1
    path.write_bytes(content)  # of a bucket: the copy on this machine
    with pytest.raises(DamagedObjectError):
        load(store, [Segment(folder, 0)])


def test_sums_can_be_asked_by_the_command_of_the_system(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    folder = tmp_path / EVENTS / write(store, *removed(0, "A"))
    command = ["sha256sum", "--check", "--strict", SUMS]
    checked = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^(\S+): ", checked, re.MULTILINE) == ["lines.parquet", "removed.parquet"]


def put(store: Store, *numbers: int) -> None:
    """Keep a table of these numbers alone."""
    with store.draft() as draft:
        pl.DataFrame({"number": numbers}).write_parquet(draft / "t.parquet")
        put_alone(store, ALONE, draft / "t.parquet")


def numbers(store: Store) -> list[int]:
    return pl.read_parquet(sound(store, ALONE, alone=True))["number"].to_list()


def test_a_table_alone_is_looked_at_too(store: Store) -> None:
    put(store, 1, 2)
    assert numbers(store) == [1, 2]
    flip(store, ALONE, 10)
    with pytest.raises(DamagedObjectError, match=f"{ALONE} in the store is damaged"):
        numbers(store)
    put(store, 3)
    assert numbers(store) == [3]
    put(store, 4)
    flip(store, sums_alone(ALONE), -30)
    with pytest.raises(DamagedObjectError, match=f"{sums_alone(ALONE)} in the store is damaged"):
        numbers(store)
    store.remove(ALONE)
    with pytest.raises(MissingError):
        numbers(store)


class KilledError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("with_sums", [True, False], ids=["with sums", "of an earlier version"])
@pytest.mark.parametrize("first", [True, False], ids=["put first", "put again"])
@pytest.mark.parametrize("step", range(6))
def test_killed_between_a_table_and_its_sum_leaves_the_old_or_the_new(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int, first: bool, with_sums: bool
) -> None:
    if not first:
        put(store, 1)
        if not with_sums:
            store.remove(sums_alone(ALONE))
    left = step
    with monkeypatch.context() as patched:

        def watched(call: Callable[..., object]) -> Callable[..., object]:
            def called(*given: object) -> object:
                nonlocal left
                left -= 1
                if left == -1:
                    raise KilledError
                return call(*given)

            return called

        for name in ("put", "put_file"):
            patched.setattr(type(store), name, watched(getattr(type(store), name)))
        with suppress(KilledError):
            put(store, 2)
    try:
        assert numbers(store) in ([1], [2])
    except MissingError:
        assert first
    put(store, 3)
    assert numbers(store) == [3]
    assert store.read(sums_alone(ALONE)).count(b"\n") == 2


def test_what_changed_is_not_put_together_and_the_others_go_on(
    simply_followed: Followed, week: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collection tells it as it tells a file that cannot be read; with the object back, it is made up for."""
    store = simply_followed.settings.store
    log, texts = apart(simply_followed, week, monkeypatch, days=3)
    key = next(one.key for one in store.listed(EVENTS) if one.name == "lines.parquet")
    folders = {one.key.split("/")[1] for one in store.listed(EVENTS)}
    whole = store.read(key)
    flip(store, key)
    monkeypatch.setattr(merging, "MERGE_AT", 2)
    put_log(log, b"".join(texts[:2]), week.days[1][0])
    found = simply_followed.only(piece_bytes=1 << 14)
    ((source, why),) = found.problems
    assert why.en.startswith(f"{key} in the store is damaged")
    assert (source, found.counts.lines > 0) == (found.name, True)
    assert {one for one in folders if not store.has(f"{EVENTS}/{one}/replaced")} == {key.split("/")[1]}
    store.put(key, whole)
    put_log(log, b"".join(texts), week.days[2][0])
    assert simply_followed.only(piece_bytes=1 << 14).problems == ()
    assert all(store.has(f"{EVENTS}/{folder}/replaced") for folder in folders)
    assert simply_followed.stored() == audited(
        put_log(tmp_path / "whole" / "mail.log", b"".join(texts), week.days[2][0])
    )
