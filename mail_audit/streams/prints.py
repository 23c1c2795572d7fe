"""Fingerprints of a stream: a digest for each block of its text, so that it is known again, whole or in part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

BLOCK = 1 << 16
SIZE = 8
"""Bytes of a block's digest. It finds what changed by accident; who means harm can write whole logs anyway."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a stream is read: `stop`, the digests of its whole blocks, and of what follows the last (hex)."""

    stop: int
    blocks: bytes
    partial: str

    @property
    def whole(self) -> int:
        """How many blocks are whole."""
        return self.stop // BLOCK

    def block(self, number: int) -> bytes:
        """The digest of a whole block."""
        return self.blocks[number * SIZE : (number + 1) * SIZE]


class Prints:
    """Takes in the text from a block's start on; `ended` are digests of blocks that ended since it was last emptied."""

    def __init__(self) -> None:
        self.ended = bytearray()
        self._block = _new()
        self._filled = 0
        self._piece = hashlib.sha256()

    def add(self, data: bytes | memoryview) -> None:
        """The text goes on with `data`."""
        self._piece.update(data)
        self._add(data)

    def prime(self, data: bytes) -> None:
        """`data` lies before the piece, in the block in which it begins."""
        self._add(data)

    def _add(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        while view:
            part = view[: BLOCK - self._filled]
            self._block.update(part)
            self._filled += len(part)
            if self._filled == BLOCK:
                self.ended += self._block.digest()
                self._block, self._filled = _new(), 0
            view = view[len(part) :]

    def branch(self) -> Prints:
        """The same so far, going on by itself."""
        other = Prints()
        other.ended, other._filled = bytearray(self.ended), self._filled
        other._block, other._piece = self._block.copy(), self._piece.copy()
        return other

    @property
    def partial(self) -> str:
        """Digest of what follows the last whole block."""
        return self._block.hexdigest() if self._filled else ""

    def take(self) -> tuple[bytes, str]:
        """The digests of the blocks that ended, and the SHA-256 of the piece; a new piece begins."""
        blocks, sha256 = bytes(self.ended), self._piece.hexdigest()
        self.ended, self._piece = bytearray(), hashlib.sha256()
        return blocks, sha256


class NoPrints(Prints):
    """Takes no fingerprints, which takes no time: for who reads a stream and keeps nothing of it."""

    def add(self, data: bytes | memoryview) -> None:
        """The text goes on."""

    def branch(self) -> Prints:
        """There is nothing to go on with."""
        return self


def digest(data: bytes) -> bytes:
    """The digest of one block, or of a part of one."""
    block = _new()
    block.update(data)
    return bytes(block.digest())


def _new() -> Any:
    return hashlib.blake2b(digest_size=SIZE)
