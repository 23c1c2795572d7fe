"""Events put aside: what is more than memory should hold waits on the disk until the months that it helps to judge.

The file has no name (`O_TMPFILE`, or taken away as soon as it is made), so the system takes it back with the process,
however that ends. It holds numbers alone: names are the codes that they have in this process.
"""

from __future__ import annotations

import ctypes
import io
import os
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mail_audit.errors import NoRoomAsideError

if TYPE_CHECKING:  # the reading of a log begins while Polars is still being loaded
    import polars as pl

    from mail_audit.events.found import Reading

MOST = 2_000_000
"""So many events wait in memory, some 100 MB of them; of a log that has more, all go to the disk."""
LARGE_FILES = Path("/var/tmp")  # noqa: S108 - nothing in it has a name
"""Where the system wants temporary files that may be large; `/tmp` often is memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one kind that were put aside, in their order: where they stand, how many, first and last `at`."""

    aside: Aside
    schema: pl.Schema
    start: int
    size: int
    rows: int
    low: int
    high: int

    def frame(self, *columns: str) -> pl.DataFrame:
        """The events as they were; of some `columns` alone, where any is named."""
        import polars as pl

        from mail_audit.events.reading import NAME

        chosen = {name: kind for name, kind in self.schema.items() if not columns or name in columns}
        packed = self.aside.bytes_at(self.start, self.size)
        codes = pl.read_ipc(packed, columns=list(chosen))
        return codes.with_columns(pl.col(name).cat.to(NAME) for name, kind in chosen.items() if kind == NAME)


class Aside:
    """The disk's share of an audit's events; its file is made when the first are put there."""

    def __init__(self) -> None:
        self._file = -1
        self._end = 0
        self._codes: pl.Series | None = None

    def relieve(self, readings: Sequence[Reading]) -> None:
        """Put aside what the readings hold, where it is much together. Raises `NoRoomAsideError`."""
        if self.is_much(sum(one.held for one in readings)):
            self._put_all(readings)

    def finish(self, readings: Sequence[Reading]) -> None:
        """Put aside the rest too, where anything was: it would lie in memory while all of it is measured."""
        if self._file >= 0:
            self._put_all(readings)

    def _put_all(self, readings: Sequence[Reading]) -> None:
        import polars as pl

        for one in readings:
            for kind, frames in one.frames.items():
                one.aside.setdefault(kind, []).append(self.put(pl.concat(frames)))
            one.frames.clear()
            one.held = 0
        give_back()

    def is_much(self, events: int) -> bool:
        """Whether so many are more than memory should hold; once any were put aside, no more wait than a share."""
        return events > (MOST if self._file < 0 else MOST // 4)

    def put(self, frame: pl.DataFrame) -> Part:
        """Put aside events of one kind, at least one. Raises `NoRoomAsideError`."""
        import polars as pl

        from mail_audit.events.reading import NAME

        if self._codes is None:  # the codes of names hold as long as somebody has a column of them
            self._codes = pl.Series(dtype=NAME)
        packed = io.BytesIO()
        frame.select(pl.all().to_physical()).write_ipc(packed, compression="lz4")
        start, size = self._end, packed.tell()
        self._write(packed.getbuffer())
        low, high = frame.select(low=pl.col("at").min(), high=pl.col("at").max()).row(0)
        return Part(self, frame.schema, start, size, frame.height, low, high)

    def _write(self, packed: memoryview) -> None:
        try:
            if self._file < 0:
                self._file = _nameless()
                weakref.finalize(self, os.close, self._file)
            while packed:
                written = os.pwrite(self._file, packed, self._end)
                self._end, packed = self._end + written, packed[written:]
        except OSError as failed:
            raise NoRoomAsideError(str(folder_of_large_files()), detail=str(failed)) from failed

    def bytes_at(self, start: int, size: int) -> bytes:
        """What was written there."""
        found = os.pread(self._file, size, start)
        while len(found) < size and (more := os.pread(self._file, size - len(found), start + len(found))):
            found += more
        return found


def give_back() -> None:
    """Give the system what was freed: the C library keeps the buffers that files were read with, some 100 MB of them.

    Only the GNU one is known to, and can be asked (malloc_trim(3)).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def folder_of_large_files() -> Path:
    """Where the files are: as `TMPDIR` says, else where large temporary files belong and there is a right to write."""
    asked = os.environ.get("TMPDIR")
    usual = LARGE_FILES if os.access(LARGE_FILES, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    return Path(asked) if asked else usual


def _nameless() -> int:
    with tempfile.TemporaryFile(dir=folder_of_large_files()) as file:
        return os.dup(file.fileno())
