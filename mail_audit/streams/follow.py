"""Reading a stream on: parts of whole lines, each with its fingerprints; a last line without an end waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mail_audit.archives import Piece
from mail_audit.archives.journal import LONGEST_ENTRY, Form, entries, json_as_lines
from mail_audit.archives.read import LONGEST_LINE, PIECE_BYTES
from mail_audit.streams.opened import Opened
from mail_audit.streams.prints import Prints


@dataclass(frozen=True, slots=True)
class Part:
    """Whole lines from `start` to `stop` of a stream, as a piece to read, and the fingerprints of these bytes."""

    piece: Piece
    start: int
    stop: int
    blocks: bytes
    partial: str
    sha256: str


class Follower:
    """Gives the parts of a stream from where its text stands; afterwards `unread` are the bytes of an unended line."""

    def __init__(self, text: Opened, form: Form, prints: Prints) -> None:
        self._text = text
        self._form = form
        self._prints = prints
        self._start = self._offset = text.offset
        """Where the next part starts, and where the lines that are gathered for it do."""
        self._lines: list[bytes | memoryview] = []
        self._size = 0
        self._overlong = 0
        self.unread = b""
        self.unread_bytes = 0
        """Of a line that is too long already, only the length is known."""

    def parts(self, size: int = PIECE_BYTES) -> Iterator[Part]:
        """The parts, each of about `size` bytes; none where nothing ended since."""
        yield from self._of_entries(size) if self._form == "export" else self._of_lines(size)

    def _of_lines(self, size: int) -> Iterator[Part]:
        carry, skipped = b"", 0
        before: Prints | None = None  # the fingerprints where a line began that is too long
        while block := self._text.read(min(size, 1 << 20)):
            if before is not None:
                end = block.find(b"\n") + 1
                self._prints.add(block[: end or len(block)])
                skipped += end or len(block)
                if not end:
                    continue
                self._offset += skipped
                self._overlong, before, skipped, block = self._overlong + 1, None, 0, block[end:]
            last = block.rfind(b"\n") + 1
            if last:
                self._take(carry)
                self._take(memoryview(block)[:last])
                carry = block[last:]
            else:
                carry += block
            if self._size >= size:
                yield self._part()
            if len(carry) > LONGEST_LINE:
                if self._lines:
                    yield self._part()
                before = self._prints
                self._prints = before.branch()
                self._prints.add(carry)
                skipped, carry = len(carry), b""
        if before is not None:
            self._prints = before
        if self._lines or self._overlong:
            yield self._part()
        self.unread, self.unread_bytes = carry, len(carry) + skipped

    def _of_entries(self, size: int) -> Iterator[Part]:
        buffer = b""
        ended = False
        while not ended:
            block = self._text.read(min(size, 1 << 20))
            ended = not block
            buffer += block
            if len(buffer) < size and not ended:
                continue
            lines, starts, end = entries(buffer, self._offset)
            if not end and len(buffer) > LONGEST_ENTRY:
                end, self._overlong = len(buffer), self._overlong + 1
            if end:
                self._prints.add(buffer[:end])
                buffer = buffer[end:]
                made = Piece(b"".join(line + b"\n" for line in lines), self._offset, 0, self._overlong, starts)
                self._offset += end
                yield self._closed(made)
        self.unread, self.unread_bytes = buffer, len(buffer)

    def _take(self, data: bytes | memoryview) -> None:
        """More of the next part, whole lines or the beginning of one."""
        if data:
            self._prints.add(data)
            self._lines.append(data)
            self._size += len(data)

    def _part(self) -> Part:
        piece = Piece(b"".join(self._lines), self._offset, self._text.packed_done, self._overlong)
        self._offset += self._size
        self._lines, self._size = [], 0
        return self._closed(json_as_lines(piece) if self._form == "json" else piece)

    def _closed(self, piece: Piece) -> Part:
        blocks, sha256 = self._prints.take()
        part = Part(piece, self._start, self._offset, blocks, self._prints.partial, sha256)
        self._start, self._overlong = self._offset, 0
        return part
