"""Reading log files in pieces of whole lines, whatever they are packed with.

A piece is at most about `PIECE_BYTES` of decompressed text and ends where a line ends; its offset counts decompressed
bytes from the start of the file. A line longer than `LONGEST_LINE` is not a log line: it is left out and counted.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol, cast

import zstandard

from core.errors import InputError
from core.words import Text
from mail_audit.archives.find import LogFile, open_log

PIECE_BYTES = 16 << 20
STRETCH_BYTES = 64 << 20
LONGEST_LINE = 64 << 10
REFUSALS = (EOFError, lzma.LZMAError, zstandard.ZstdError, zlib.error, OSError, ValueError)
"""What reading a file raises that is damaged, cut short, or forbidden."""
_ONCE = "a stretch is read once"
_ZSTD_BYTES = 2 << 10
_XZ_BYTES = 64 << 10
_XZ_MEMORY = 256 << 20
"""Four times what the strongest level of xz wants."""


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of one file: their bytes, where they start, and how far the packed file is read."""

    data: bytes
    offset: int
    packed_done: int
    overlong: int = 0
    """Lines longer than `LONGEST_LINE` that ended before this piece and are not in it."""
    starts: list[int] | None = None
    """Where each line comes from in the file, where the lines were made from entries of another form."""


class Stretch:
    """Whole lines of a plain file that nobody has read yet: as much as a piece, read by whoever works on it.

    So the text of a large file needs no more memory than its readers have, each its own, filled again and again. The
    file stays open by a handle of the stretch's own, whatever becomes of its name.
    """

    def __init__(self, raw: BinaryIO, offset: int, size: int) -> None:
        self.offset = offset
        self.size = size
        self._handle: int | None = os.dup(raw.fileno())

    def __del__(self) -> None:
        self._close()

    @property
    def packed_done(self) -> int:
        """How far the file is read with it."""
        return self.offset + self.size

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The file's handle, for whoever reads from `offset` on by himself; only once."""
        if self._handle is None:
            raise ValueError(_ONCE)
        try:
            yield self._handle
        finally:
            self._close()

    def piece(self) -> Piece:
        """As a piece, read now."""
        memory, done = bytearray(self.size), 0
        with self.opened() as file, memoryview(memory) as view:
            while done < self.size and (n := os.preadv(file, [view[done:]], self.offset + done)):
                done += n
        return Piece(bytes(memory[:done]), self.offset, self.packed_done)

    def _close(self) -> None:
        handle, self._handle = getattr(self, "_handle", None), None
        if handle is not None:
            os.close(handle)


class _Plain:
    """Reads up to the end of a line, where that is near, so that no piece has to be put together from two."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def read(self, size: int, /) -> bytes:
        try:
            near = _line_end_near(self._raw, self._raw.tell() + size, size) - self._raw.tell()
        except OSError:  # a pipe, say
            near = 0
        return self._raw.read(near if near > 0 else size)


def _line_end_near(raw: BinaryIO, place: int, size: int) -> int:
    """Where the last line ends that ends before `place`, not far from it and within `size` of it; 0 for none."""
    tail = min(size, LONGEST_LINE)
    last = os.pread(raw.fileno(), tail, place - tail).rfind(b"\n") + 1
    return place - tail + last if last else 0


class _Zstandard:
    """Reads all frames of a zstd file and refuses one that stops in the middle of a frame.

    Four packed bytes can stand for 128 kB, and what is unpacked at once has no other bound than what is given at once.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._rest = b""
        self._started = False

    def read(self, size: int, /) -> bytes:
        parts, have = list[bytes](), 0
        while have < size and (text := self._next()) is not None:
            parts.append(text)
            have += len(text)
        return b"".join(parts)

    def _next(self) -> bytes | None:
        """The text of the next few packed bytes, maybe none; None at the end."""
        packed = self._rest or self._raw.read(_ZSTD_BYTES)
        self._rest = b""
        if not packed:
            if self._started and not self._frame.eof:
                raise EOFError
            return None
        if self._frame.eof:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._started = True
        text = self._frame.decompress(packed)
        if self._frame.eof:
            self._rest = self._frame.unused_data
        return text


class _Xz:
    """Reads all streams of an xz file; none may want more memory than `_XZ_MEMORY`, which its header decides."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._stream = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        self._started = False

    def read(self, size: int, /) -> bytes:
        while True:
            if self._stream.eof and not self._next_stream():
                return b""
            packed = self._raw.read(_XZ_BYTES) if self._stream.needs_input else b""
            if self._stream.needs_input and not packed:
                if self._started:
                    raise EOFError
                return b""
            self._started = True
            if text := self._stream.decompress(packed, size):
                return text

    def _next_stream(self) -> bool:
        """Whether another stream follows; the padding between two is zeros."""
        rest = self._stream.unused_data.lstrip(b"\0")
        while not rest and (packed := self._raw.read(_XZ_BYTES)):
            rest = packed.lstrip(b"\0")
        if not rest:
            return False
        self._stream = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        self._raw.seek(-len(rest), io.SEEK_CUR)
        return True


def unpacked(file: LogFile, raw: BinaryIO) -> _Source:
    """What `raw`, the bytes of `file`, hold when unpacked; reading past the end of a cut archive raises EOFError."""
    match file.packing:
        case "gzip":
            return cast(_Source, gzip.GzipFile(fileobj=raw, mode="rb"))
        case "xz":
            return _Xz(raw)
        case "bzip2":
            return cast(_Source, bz2.BZ2File(raw))
        case "zstd":
            return _Zstandard(raw)
        case _:
            return _Plain(raw)


def pieces(file: LogFile, *, size: int = PIECE_BYTES) -> Iterator[Piece]:
    """The pieces of `file` in their order.

    Raises InputError where the packing is broken or ends too early, or the file cannot be read.
    """
    try:
        with open_log(file.path, buffering=0 if file.packing == "plain" else io.DEFAULT_BUFFER_SIZE) as raw:
            parts = _cut(unpacked(file, raw), raw, size)
            yield from _mended(file, parts) if file.skip or file.more else parts
    except REFUSALS as error:
        raise _unreadable(file, error) from error


def stretches(file: LogFile, *, size: int = STRETCH_BYTES) -> Iterator[Piece | Stretch]:
    """A plain file whose lines are all its own: its first lines and its last ones as pieces, the others in stretches.

    Stretches are shorter towards the end, so that of several who read nobody waits long for another, but none is so
    short that making tables of it costs more than reading it. Raises InputError as `pieces` does.
    """
    ends, least = size // 32, size // 8
    try:
        with open_log(file.path, buffering=0) as raw:
            if first := _Plain(raw).read(ends):
                offset = first.rfind(b"\n") + 1
                if offset:
                    yield Piece(first[:offset] if offset < len(first) else first, 0, offset)
                while offset and (left := file.size - offset) > 2 * ends:
                    length = min(max(least, min(size, left // 4)), left - ends)
                    stop = _line_end_near(raw, offset + length, length)
                    if not stop:
                        break
                    yield Stretch(raw, offset, stop - offset)
                    offset = stop
                raw.seek(offset)
                yield from _cut(_Plain(raw), raw, PIECE_BYTES, offset)
    except OSError as error:
        raise _unreadable(file, error) from error


def _cut(source: _Source, raw: BinaryIO, size: int, offset: int = 0) -> Iterator[Piece]:
    carry, overlong, skipping = b"", 0, False
    while block := source.read(size):
        if skipping:
            end = block.find(b"\n") + 1
            if not end:
                offset += len(block)
                continue
            offset, block, skipping = offset + end, block[end:], False
        last = block.rfind(b"\n") + 1
        if last:
            data = carry + block[:last] if carry else block[:last]  # no copy where all of it is wanted
            yield Piece(data, offset, raw.tell(), overlong)
            offset, overlong, carry = offset + len(data), 0, block[last:]
        else:
            carry += block
        if len(carry) > LONGEST_LINE:
            offset, carry, skipping, overlong = offset + len(carry), b"", True, overlong + 1
    if carry or overlong:
        yield Piece(carry, offset, raw.tell(), overlong)


def _mended(file: LogFile, parts: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces without the bytes that belong to another file, and with those that another file holds."""
    held: Piece | None = None
    for piece in parts:
        if held is not None:
            yield held
            held = piece
        else:
            held = replace(piece, data=piece.data[file.skip :], offset=piece.offset + file.skip)
    if held is not None:
        yield replace(held, data=held.data + file.more)


def _unreadable(file: LogFile, error: BaseException) -> InputError:
    if file.packing == "plain":
        reason = getattr(error, "strerror", None) or str(error)
        return InputError(Text(f"{file.path}: không đọc được ({reason}).", f"{file.path}: cannot be read ({reason})."))
    return InputError(
        Text(
            f"{file.path}: tệp nén {file.packing} bị hỏng hoặc bị cắt ngang; hãy chép lại tệp từ máy chủ.",
            f"{file.path}: the {file.packing} file is damaged or cut short; copy it again from the server.",
        ),
        detail=repr(error),
    )
