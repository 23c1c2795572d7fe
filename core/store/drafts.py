"""Folders of this machine in which files are made before they are put into the store.

Whoever works in a draft holds a lock on it, however long that takes; the lock goes with the process. Where the disk
knows no locks (some file servers), a draft is known to be left by its age alone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def new_draft(place: Path) -> Iterator[Path]:
    """A new folder below `place`, for its owner only; taken away at the end, whatever happened."""
    folder = place / secrets.token_hex(12)
    folder.mkdir(parents=True, mode=0o700)
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep_drafts(place: Path, older_than: float) -> int:
    """Take away drafts that nobody works in and that were last changed more than `older_than` seconds ago."""
    swept = 0
    for folder in list(place.iterdir()) if place.is_dir() else ():
        try:
            newest = max((path.stat().st_mtime for path in (folder, *folder.iterdir())), default=0.0)
            if time.time() - newest > older_than and not _is_worked_in(folder):
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
        except FileNotFoundError:  # its work was done meanwhile
            continue
    return swept


def _is_worked_in(folder: Path) -> bool:
    """Whether a process holds the lock of a draft."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no locks here
        return False
    finally:
        os.close(handle)
    return False
