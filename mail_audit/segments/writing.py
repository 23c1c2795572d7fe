"""Writing segments, putting small ones together, and taking away what nobody knows."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from mail_audit.kept import new_token, remove_folder, to_disk
from mail_audit.private import hide_private

LINES = "lines"
_DRAFT = ".draft-"
NOT_KEPT = ("clock", "file")
"""Columns of a frame that a segment does not hold: times are UTC, and a segment is of one stream."""


def events_folder(store: Path) -> Path:
    """Where the segments lie."""
    return store / "events"


def write(store: Path, frames: Mapping[str, pl.DataFrame], lines: pl.DataFrame) -> str:
    """Write a segment and give the name of its folder; it is on the disk when this returns.

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


def merge(store: Path, folders: Sequence[str]) -> str:
    """One segment with all that several of the same stream hold, in their order."""
    names = {path.name for folder in folders for path in (events_folder(store) / folder).glob("*.parquet")}
    tables = {}
    for name in sorted(names):
        parts = [events_folder(store) / folder / name for folder in folders]
        tables[name.removesuffix(".parquet")] = pl.concat([pl.read_parquet(part) for part in parts if part.exists()])
    return _put(store, tables)


def _put(store: Path, tables: Mapping[str, pl.DataFrame]) -> str:
    name = new_token()
    folder, draft = events_folder(store) / name, events_folder(store) / f"{_DRAFT}{name}"
    draft.mkdir(parents=True, mode=0o700)
    try:
        for kind, table in tables.items():
            table.write_parquet(draft / f"{kind}.parquet", compression="zstd", compression_level=3)
        for path in (*draft.iterdir(), draft):
            to_disk(path)
        draft.rename(folder)
        to_disk(folder.parent)
    except BaseException:
        remove_folder(draft)
        raise
    return name


def sweep(store: Path, known: Collection[str], *, older_than: float) -> int:
    """Take away folders that are not `known` and older than so many seconds; how many there were.

    A folder is young between being written and being known, so the age must be longer than that takes.
    """
    swept = 0
    for path in _folders(events_folder(store)):
        if path.name not in known and time.time() - path.stat().st_mtime > older_than:
            remove_folder(path)
            swept += 1
    return swept


def _folders(place: Path) -> Iterable[Path]:
    return list(place.iterdir()) if place.is_dir() else ()
