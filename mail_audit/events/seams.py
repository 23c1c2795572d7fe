"""Lines that a cut in the middle left in two files: `split -b`, or a log copied away while it was written.

The last line of a file that does not end, and the first line of another that does not begin, are one line if what they
make together can be read. Both are set aside while the files are read, and put together when all have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mail_audit.archives import Piece
from mail_audit.events.line import Broken, Event, has_head, read_line


@dataclass(slots=True)
class Seams:
    """Unfinished last lines and headless first lines of files, by the files' numbers: (offset, bytes)."""

    tails: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    heads: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    def without(self, file: int, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces of a file without what may belong to a line of another."""
        held: Piece | None = None
        for number, piece in enumerate(pieces):
            if held is not None:
                yield held
            held = self._without_head(file, piece) if number == 0 else piece
        if held is not None:
            yield self._without_tail(file, held)

    def _without_head(self, file: int, piece: Piece) -> Piece:
        end = piece.data.find(b"\n") + 1
        if piece.starts is not None or not end or has_head(_text(piece.data[:end])):
            return piece
        self.heads[file] = (piece.offset, piece.data[: end - 1])
        return Piece(piece.data[end:], piece.offset + end, piece.packed_done, piece.overlong)

    def _without_tail(self, file: int, piece: Piece) -> Piece:
        start = piece.data.rfind(b"\n") + 1
        if piece.starts is not None or start == len(piece.data):
            return piece
        self.tails[file] = (piece.offset + start, piece.data[start:])
        return Piece(piece.data[:start], piece.offset, piece.packed_done, piece.overlong)

    def mended(self) -> Iterator[tuple[int, Piece]]:
        """(file number, piece of one line): joined where a tail finds its head, else as it was."""
        heads = dict(self.heads)
        for file, (offset, tail) in sorted(self.tails.items()):
            order = sorted(heads, key=lambda other: ((other - file) % (max(heads) + 2), other))
            partner = next((other for other in order if other != file and _belong(tail, heads[other][1])), None)
            line = tail + heads.pop(partner)[1] if partner is not None else tail
            yield file, Piece(line + b"\n", offset, 0)
        for file, (offset, head) in sorted(heads.items()):
            yield file, Piece(head + b"\n", offset, 0)


def _belong(tail: bytes, head: bytes) -> bool:
    joined = read_line(_text(tail + head))
    if isinstance(joined, Event):
        return True
    return not isinstance(joined, Broken) and not isinstance(read_line(_text(tail)), Event)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
