"""Writing segments, putting small ones together, and taking away what nobody knows."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from core.store import Store
from mail_audit.errors import LostObjectError, UnreadableObjectError
from mail_audit.kept import new_token, unbroken, written
from mail_audit.private import hide_private
from mail_audit.sums import SUMS, lost_of, note_sums, sound_of

LINES = "lines"
REPLACED = "replaced"
"""An object beside the tables of a segment that was put together with others: from then on it is old."""
EVENTS = "events"
"""Where the segments lie in the store."""
NOT_KEPT = ("clock", "file")
"""Columns of a frame that a segment does not hold: times are UTC, and a segment is of one stream."""


def table_key(folder: str, kind: str) -> str:
    """Where the table of a kind of events lies in the store."""
    return f"{EVENTS}/{folder}/{kind}.parquet"


def write(store: Store, frames: Mapping[str, pl.DataFrame], lines: pl.DataFrame) -> str:
    """Write a segment and give the name of its folder; it is kept when this returns.

    `frames`: kind -> settled events; `lines`: columns `offset`, `line`. Subjects and passwords are hidden here.
    """
    lines = lines.with_columns(hide_private(lines["line"]))
    tables = {
        kind: _without_private(frame).drop([name for name in NOT_KEPT if name in frame.columns])
        for kind, frame in frames.items()
        if not frame.is_empty()
    }
    return _put(store, {**tables, LINES: lines})


def _without_private(frame: pl.DataFrame) -> pl.DataFrame:
    """Another server's answer is the one field that says what it likes."""
    return frame.with_columns(hide_private(frame["reply"])) if "reply" in frame.columns else frame


def merge(store: Store, folders: Sequence[str]) -> str:
    """One segment with all that several of the same stream hold, in order.

    Raises FileNotFoundError where one is gone, `LostObjectError` where a table of one is, `DamagedObjectError` where
    one is not what was written.
    """
    with store.holding() as place:
        held = [(folder, _files(place, folder)) for folder in folders]
        kinds = {Path(name).stem for _, files in held for name in files if name.endswith(".parquet")}
        tables = {kind: _in_order(pl.concat(_tables(held, kind))) for kind in sorted(kinds)}
    return _put(store, tables)


def damage(store: Store, folder: str) -> UnreadableObjectError | None:
    """What keeps a segment from being put together with others; all of its files are looked at.

    Raises FileNotFoundError where it is gone.
    """
    try:
        with store.holding() as place:
            files = _files(place, folder)
            for name in files:
                if name.endswith(".parquet"):
                    key = f"{EVENTS}/{folder}/{name}"
                    with unbroken(key):
                        path = sound_of(files, f"{EVENTS}/{folder}", name)
                        if SUMS not in files:  # only reading it tells
                            pl.read_parquet(path)
    except UnreadableObjectError as problem:
        return problem
    return None


def _files(store: Store, folder: str) -> dict[str, Path]:
    """The files of a segment, none of which is lost. Raises `LostObjectError`, FileNotFoundError where all are gone."""
    place = f"{EVENTS}/{folder}"
    files = store.files(place)
    for name in lost_of(files, place):
        raise LostObjectError(f"{place}/{name}")
    return files


def _in_order(table: pl.DataFrame) -> pl.DataFrame:
    """A table by offset: a segment that was damaged and came back lies between those that were put together."""
    return table if table["offset"].is_sorted() else table.sort("offset", maintain_order=True)


def _tables(held: Sequence[tuple[str, Mapping[str, Path]]], kind: str) -> Iterator[pl.DataFrame]:
    """The table of a kind of every folder that has one."""
    for folder, files in held:
        if f"{kind}.parquet" in files:
            with unbroken(table_key(folder, kind)):
                yield pl.read_parquet(sound_of(files, f"{EVENTS}/{folder}", f"{kind}.parquet"))


def mark_replaced(store: Store, folder: str) -> None:
    """Note that nobody will ask for a segment any more, but those who ask just now: its age begins anew."""
    store.put(f"{EVENTS}/{folder}/{REPLACED}", b"")


def _put(store: Store, tables: Mapping[str, pl.DataFrame]) -> str:
    name = new_token()
    with store.draft() as draft, written():
        for kind, table in tables.items():
            table.write_parquet(draft / f"{kind}.parquet", compression="zstd", compression_level=3)
        note_sums(draft)
        store.put_folder(f"{EVENTS}/{name}", draft)
    return name


def sweep(store: Store, known: Collection[str], *, older_than: float) -> int:
    """Take away folders that are not `known` and older than so many seconds; how many there were.

    A folder is young between being written and being known, so the age must be longer than that takes. Drafts that
    processes which were killed have left go as well.
    """
    store.sweep(older_than=older_than)
    changed: dict[str, float] = {}
    for one in store.listed(EVENTS):
        folder = one.key.split("/")[1]
        changed[folder] = max(one.changed, changed.get(folder, 0.0))
    old = [name for name, at in changed.items() if name not in known and time.time() - at > older_than]
    for name in old:
        store.remove_folder(f"{EVENTS}/{name}")
    return len(old)
