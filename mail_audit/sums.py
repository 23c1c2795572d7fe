"""Sums of what the store keeps: a byte that changed on a disk is noticed before Polars makes other figures of it.

    <folder>/sha256sums            of all that was put with it: segments, results of audits
    <folder>/sha256sums-<name>     of a table that was put alone: places of a month, inputs of reports

Both can be asked by `sha256sum --check`; the first line is the sum of the others. Parquet has sums of its own, which
Polars neither writes nor asks for. What was kept before there were sums has none, and is read as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from core.store import MissingError, Store
from mail_audit.errors import DamagedObjectError

SUMS = "sha256sums"
_ALONE = f"{SUMS}-"
_PART_BYTES = 1 << 20
_MOST_KNOWN = 1 << 16
_known: set[tuple[str, int, int, int, int]] = set()
"""What this process looked at: key, device, inode, size, time of change. A copy that is held has the same inode."""


def note_sums(folder: Path) -> None:
    """Put the sums of all files of a draft beside them."""
    sums = [(sum_of(path), path.name) for path in sorted(folder.iterdir()) if path.is_file()]
    (folder / SUMS).write_bytes(_content(sums))


def put_alone(store: Store, key: str, path: Path) -> None:
    """Keep a table that is in no folder of its own, and its sum; what was there is replaced.

    The sum goes first, beside that of the table that is replaced: a process that is killed between the two leaves a
    whole table with its own sum, the old or the new. Where another puts the same table meanwhile, its sum stays too.
    """
    said, name, new = sums_alone(key), key.rpartition("/")[2], sum_of(path)
    before = _before(store, key) - {new}
    store.put(said, _content((one, name) for one in sorted({*before, new})))
    store.put_file(key, path)
    now = _before(store, key)
    if (kept := {*now, new} - before) != now:
        store.put(said, _content((one, name) for one in sorted(kept)))


def _before(store: Store, key: str) -> set[str]:
    """The sums that the table under a key may have."""
    try:
        return _told(store.read(sums_alone(key)), sums_alone(key)).get(key.rpartition("/")[2], set())
    except DamagedObjectError:
        return set()
    except MissingError:  # written before there were sums, or nothing is there
        with suppress(FileNotFoundError):
            return {sum_of(store.file(key))}
        return set()


def sums_alone(key: str) -> str:
    """Where the sum of a table lies that was put alone."""
    folder, _, name = key.rpartition("/")
    return f"{folder}/{_ALONE}{name}"


def table_named(name: str) -> str:
    """The name of a table that was put alone, given its own or that of its sum."""
    return name.removeprefix(_ALONE)


def sound(store: Store, key: str, *, alone: bool = False) -> Path:
    """`store.file(key)`, its bytes being those that were written; looked at once as long as the file is the same.

    Raises `MissingError`, and `DamagedObjectError` naming what is damaged: the object, or the sums.
    """
    said = sums_alone(key) if alone else f"{key.rpartition('/')[0]}/{SUMS}"
    try:
        return _sound(store, key, said)
    except DamagedObjectError:  # or somebody put both anew between the look at one and the look at the other
        return _sound(store, key, said)


def _sound(store: Store, key: str, said: str) -> Path:
    path = store.file(key)
    if (state := _state(key, path)) in _known:
        return path
    return _looked_at(state, path, _read(store, said), said)


def _read(store: Store, said: str) -> bytes | None:
    """Sums; None where there are none."""
    try:
        return store.read(said)
    except MissingError:
        return None


def sound_of(files: Mapping[str, Path], folder: str, name: str) -> Path:
    """The same for one of the files that `store.files(folder)` gave."""
    path = files[name]
    if (state := _state(f"{folder}/{name}", path)) in _known:
        return path
    content = files[SUMS].read_bytes() if SUMS in files else None
    return _looked_at(state, path, content, f"{folder}/{SUMS}")


def _state(key: str, path: Path) -> tuple[str, int, int, int, int]:
    status = path.stat()
    return key, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _looked_at(state: tuple[str, int, int, int, int], path: Path, content: bytes | None, said: str) -> Path:
    key = state[0]
    if content is not None and sum_of(path) not in _told(content, said).get(key.rpartition("/")[2], ()):
        raise DamagedObjectError(key, detail="its bytes are not those that were written")
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known.add(state)
    return path


def sum_of(path: Path) -> str:
    """SHA-256 of a file's bytes; memory holds a small part of them."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while part := file.read(_PART_BYTES):
            found.update(part)
    return found.hexdigest()


def _content(sums: Iterable[tuple[str, str]]) -> bytes:
    body = "".join(f"{one}  {name}\n" for one, name in sums).encode()
    return b"# %s\n%s" % (hashlib.sha256(body).hexdigest().encode(), body)


@lru_cache(maxsize=64)
def _told(content: bytes, said: str) -> Mapping[str, set[str]]:
    """Name -> the sums it may have. Raises `DamagedObjectError` where the sums themselves are not what was written."""
    head, _, body = content.partition(b"\n")
    if head != b"# " + hashlib.sha256(body).hexdigest().encode():
        raise DamagedObjectError(said, detail="its first line is not the sum of the others")
    told: dict[str, set[str]] = {}
    for line in body.decode().splitlines():
        one, _, name = line.partition("  ")
        told.setdefault(name, set()).add(one)
    return told


def lost_of(files: Mapping[str, Path], folder: str) -> list[str]:
    """What the sums name and `store.files(folder)` did not give; nothing where there are no sums.

    Raises `DamagedObjectError` where the sums are damaged.
    """
    if SUMS not in files:
        return []
    return sorted(_told(files[SUMS].read_bytes(), f"{folder}/{SUMS}").keys() - files.keys())


def is_named(store: Store, key: str) -> bool:
    """Whether the sums of its folder name an object: one that is not there was lost. Raises `DamagedObjectError`."""
    folder, _, name = key.rpartition("/")
    content = _read(store, said := f"{folder}/{SUMS}")
    return content is not None and name in _told(content, said)
