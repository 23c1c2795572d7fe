"""Copies on this machine of what was read of a bucket: a copy holds for ever, because its place names its version."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

YOUNG_SECONDS = 600
"""So long after it was last asked for a copy stays, however large they are together: somebody may be reading it.

Whoever reads for longer has the store hold it (`Store.holding`).
"""
_LOOK_AFTER = 64
"""The size of all copies is looked at whenever so many were added, and with the first."""


def held(copy: Path, folder: Path) -> Path:
    """A name of its own below `folder` for a copy: what it holds stays for as long as that does, tidied away or not."""
    place = folder / secrets.token_hex(12) / copy.name
    place.parent.mkdir(mode=0o700)
    place.hardlink_to(copy)
    return place


@dataclass(slots=True)
class Cache:
    """Copies below `folder`, each in a folder of its own named by key and version, under the key's last part."""

    folder: Path
    most_bytes: int
    _added: int = field(default=0, init=False)

    def copy(self, key: str, version: str, fetch: Callable[[Path], float]) -> Path:
        """The copy of a version of an object; where there is none `fetch` writes it, and says when it was changed."""
        place = self._place(key, version)
        try:
            return self._used(place)
        except FileNotFoundError:  # never fetched, or just taken away for want of room
            pass
        draft = place.parent.with_name(f".{place.parent.name}.{secrets.token_hex(6)}")
        draft.mkdir(parents=True, mode=0o700)
        try:
            changed = fetch(draft / place.name)
            os.utime(draft / place.name, (time.time(), changed))
            self._settle(draft, place.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return self._used(place)

    def take(self, key: str, version: str, path: Path) -> None:
        """Have a file that was just put into the bucket as the copy of it, where it lies on the same disk."""
        place = self._place(key, version)
        draft = place.parent.with_name(f".{place.parent.name}.{secrets.token_hex(6)}")
        draft.mkdir(parents=True, mode=0o700)
        try:
            path.replace(draft / place.name)
            self._settle(draft, place.parent)
        except OSError:  # then it is fetched when it is asked for
            pass
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _place(self, key: str, version: str) -> Path:
        known = hashlib.sha256(f"{key}\n{version}".encode()).hexdigest()
        return self.folder / known[:2] / known[2:] / key.rpartition("/")[2]

    def _settle(self, draft: Path, place: Path) -> None:
        try:
            draft.rename(place)
        except OSError:
            if not place.is_dir():  # else another process was first, with the same
                raise
        self._added += 1
        if self._added % _LOOK_AFTER == 1:
            self.tidy()

    @staticmethod
    def _used(place: Path) -> Path:
        status = place.stat()
        os.utime(place, (time.time(), status.st_mtime))
        return place

    def tidy(self, *, young: float = YOUNG_SECONDS) -> int:
        """Take away the copies that were not asked for longest, until the others fit; how many went."""
        copies = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                try:
                    status = Path(folder, name).stat()
                except FileNotFoundError:
                    continue
                copies.append((status.st_atime, status.st_size, Path(folder)))
        left, gone = sum(size for _, size, _ in copies), 0
        for used, size, place in sorted(copies):
            if left <= self.most_bytes or time.time() - used < young:
                break
            shutil.rmtree(place, ignore_errors=True)
            left -= size
            gone += 1
        return gone
