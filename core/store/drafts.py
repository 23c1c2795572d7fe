"""Folders of this machine in which files are made before they are put into the store."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_draft(place: Path) -> Iterator[Path]:
    """A new folder below `place`, for its owner only; taken away at the end, whatever happened."""
    folder = place / secrets.token_hex(12)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_drafts(place: Path, older_than: float) -> int:
    """Take away drafts that were last changed more than `older_than` seconds ago."""
    swept = 0
    for folder in list(place.iterdir()) if place.is_dir() else ():
        newest = max((path.stat().st_mtime for path in (folder, *folder.iterdir())), default=0.0)
        if time.time() - newest > older_than:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept
