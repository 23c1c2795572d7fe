"""The store in a folder of this machine, or of a file server that all workers and web processes share."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.store.model import Kept, MissingError, Store, checked

DRAFTS = ".drafts"


@dataclass(frozen=True, slots=True)
class FolderStore(Store):
    """A key is a path below `folder`. Objects are moved there from a draft of the same disk, so that they are whole."""

    folder: Path
    whole: Path | None = None
    """The folder of the whole store, where this is a part of one."""

    def __truediv__(self, prefix: str) -> FolderStore:
        """The part below `prefix`."""
        return FolderStore(self._place(prefix), self.whole or self.folder)

    @property
    def drafts(self) -> Path:
        """On the same disk: moving is then one step."""
        return (self.whole or self.folder) / DRAFTS

    def put(self, key: str, content: bytes) -> None:
        """Keep `content`; what was there is replaced at once."""
        with self.draft() as draft:
            path = draft / "content"
            path.write_bytes(content)
            self.put_file(key, path)

    def put_file(self, key: str, path: Path) -> None:
        """Move a file of a draft to its place, once it is on the disk."""
        place = self._place(key)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _to_disk(path)
        path.replace(place)
        _to_disk(place.parent)

    def put_folder(self, prefix: str, folder: Path) -> None:
        """Move a folder of a draft to its place, once all in it is on the disk: here it is whole or not there."""
        place = self._place(prefix)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in (*folder.iterdir(), folder):
            _to_disk(path)
        if place.is_dir():
            for path in sorted(folder.iterdir()):
                path.replace(place / path.name)
        else:
            folder.rename(place)
        _to_disk(place.parent)

    def read(self, key: str) -> bytes:
        """An object's content. Raises `MissingError`."""
        return self.file(key).read_bytes()

    def file(self, key: str) -> Path:
        """The object itself. Raises `MissingError`."""
        place = self._place(key)
        if not place.is_file():
            raise MissingError(key)
        return place

    def files(self, prefix: str) -> dict[str, Path]:
        """The objects directly below `prefix`. Raises `MissingError` where there is none."""
        place = self._place(prefix)
        found = {path.name: path for path in (sorted(place.iterdir()) if place.is_dir() else ()) if path.is_file()}
        if not found:
            raise MissingError(prefix)
        return found

    def has(self, key: str) -> bool:
        """Whether there is such an object."""
        return self._place(key).is_file()

    def listed(self, prefix: str) -> list[Kept]:
        """All objects below `prefix`, in the order of keys."""
        found = []
        for folder, _, names in os.walk(self._place(prefix)):
            for name in names:
                path = Path(folder, name)
                try:
                    status = path.stat()
                except FileNotFoundError:  # taken away meanwhile
                    continue
                found.append(Kept(path.relative_to(self.folder).as_posix(), status.st_size, status.st_mtime))
        return sorted(found, key=lambda one: one.key)

    def remove(self, key: str) -> None:
        """Take an object away; one that is not there is as good."""
        self._place(key).unlink(missing_ok=True)

    def remove_folder(self, prefix: str) -> None:
        """Take away all that lies below `prefix`."""
        shutil.rmtree(self._place(prefix), ignore_errors=True)

    def _place(self, key: str) -> Path:
        return self.folder / checked(key)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
