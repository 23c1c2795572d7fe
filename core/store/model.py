"""What every store can do, and the two ways in which it may not."""

from __future__ import annotations

import errno
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import UnavailableError


class MissingError(FileNotFoundError):
    """There is no such object; `filename` is its key."""

    def __init__(self, key: str) -> None:
        super().__init__(errno.ENOENT, "no such object in the store", key)


class StoreUnavailableError(UnavailableError):
    """The server of the store does not answer, or refuses: nothing is known of what it holds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An object as it is listed: its key, its size in bytes, when it was put there (seconds since 1970)."""

    key: str
    size: int
    changed: float

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition("/")[2]


class Store(ABC):
    """Objects by key. What returns from a `put` is kept, also where the power fails a moment later."""

    @abstractmethod
    def __truediv__(self, prefix: str) -> Store:
        """The part of the store below `prefix`, as a store of its own."""

    @abstractmethod
    def put(self, key: str, content: bytes) -> None:
        """Keep `content`; what was there under the key is replaced at once."""

    @abstractmethod
    def put_file(self, key: str, path: Path) -> None:
        """Keep what a file of a `draft` holds. The file is given away: it may be moved or left."""

    @abstractmethod
    def put_folder(self, prefix: str, folder: Path) -> None:
        """Keep the files that lie in `folder`, which is given away, under `prefix`, where nothing lies yet.

        Killed meanwhile, some of them may be there: they count when a row names the prefix, and not before.
        """

    @abstractmethod
    def read(self, key: str) -> bytes:
        """An object's content. Raises `MissingError`."""

    @abstractmethod
    def file(self, key: str) -> Path:
        """A file of this machine with an object's content, to be read soon and never written. Raises `MissingError`."""

    @abstractmethod
    def files(self, prefix: str) -> dict[str, Path]:
        """Name -> such a file, for all that lies directly below `prefix`. Raises `MissingError` where nothing does."""

    @abstractmethod
    def has(self, key: str) -> bool:
        """Whether there is such an object."""

    @abstractmethod
    def listed(self, prefix: str) -> list[Kept]:
        """All objects below `prefix` (whole parts of a key), to any depth, in the order of keys."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Take an object away; one that is not there is as good."""

    @abstractmethod
    def remove_folder(self, prefix: str) -> None:
        """Take away all that lies below `prefix`; nothing there is as good."""

    @property
    @abstractmethod
    def drafts(self) -> Path:
        """The folder of this machine in which drafts are made."""

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder of this machine to make files in before they are put; it is gone afterwards."""
        from core.store.drafts import new_draft

        with new_draft(self.drafts) as folder:
            yield folder

    @contextmanager
    def holding(self) -> Iterator[Store]:
        """The same store; what is asked of it stays on this machine until the end, however long reading it takes."""
        yield self

    def sweep(self, *, older_than: float) -> int:
        """Take away drafts that processes which were killed left; how many there were."""
        from core.store.drafts import sweep_drafts

        return sweep_drafts(self.drafts, older_than)


def checked(key: str) -> str:
    """The key itself. ValueError for one that could lead out of the store, or that nobody could have meant."""
    parts = key.split("/")
    if not key or any(part in {"", ".", ".."} or "\0" in part or "\\" in part for part in parts):
        raise ValueError(f"not a key of the store: {key!r}")
    return key
