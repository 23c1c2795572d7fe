"""The unpacked text of a log, read in blocks; where a file is cut or damaged, all that comes before is given first."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import zstandard

from core.words import Text
from mail_audit.archives import LogFile
from mail_audit.archives.find import open_log
from mail_audit.archives.read import unpacked

READ = 1 << 20
_REFUSALS = (EOFError, lzma.LZMAError, zstandard.ZstdError, zlib.error, gzip.BadGzipFile, OSError, ValueError)


class Opened:
    """A log's text from some offset on. `offset` counts the bytes given; `problem` says why it ended before its end."""

    def __init__(self, file: LogFile, raw: BinaryIO) -> None:
        self.file = file
        self.raw = raw
        self.offset = 0
        self.problem: Text | None = None
        self.was_cut = False
        """It ends too early but is sound so far: it may be a file that is still being written."""
        self._source = unpacked(file, raw)
        self._spare = memoryview(b"")
        """What a decompressor gave beyond what was asked for."""

    def seek(self, offset: int) -> None:
        """Go to `offset`; only a file that is not packed can do that."""
        self.raw.seek(offset)
        self.offset = offset

    def read(self, size: int = READ) -> bytes:
        """At most `size` bytes; none at the end, or where it goes no further."""
        block = b""
        if not self._spare and self.problem is None:
            try:
                block = self._next(size)
            except _REFUSALS as error:
                self.problem, self.was_cut = _words(self.file, error), isinstance(error, EOFError)
        if len(block) > size:
            self._spare, block = memoryview(block), b""
        if self._spare:
            block, self._spare = bytes(self._spare[:size]), self._spare[size:]
        self.offset += len(block)
        return block

    def _next(self, size: int) -> bytes:
        if self.file.packing == "plain":
            return self.raw.read(size)
        if isinstance(self._source, io.BufferedIOBase):
            return self._source.read1(size)
        return self._source.read(size)

    @property
    def packed_done(self) -> int:
        """How many bytes of the file itself are read."""
        return min(self.raw.tell(), self.file.size)


@contextmanager
def opened(file: LogFile) -> Iterator[Opened]:
    """The text of `file` from its start; OSError where it cannot be opened."""
    with open_log(file.path, buffering=0 if file.packing == "plain" else io.DEFAULT_BUFFER_SIZE) as raw:
        yield Opened(file, raw)


def _words(file: LogFile, error: BaseException) -> Text:
    if file.packing == "plain":
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Text(f"không đọc tiếp được ({reason})", f"cannot be read on ({reason})")
    if isinstance(error, EOFError):
        return Text(
            f"tệp nén {file.packing} chưa trọn: phần đọc được đã lấy, phần còn lại sẽ lấy khi tệp đủ",
            f"the {file.packing} file is cut short: what can be read is taken, the rest when the file is whole",
        )
    return Text(
        f"tệp nén {file.packing} bị hỏng; hãy chép lại từ máy chủ", f"the {file.packing} file is damaged; copy it again"
    )
