"""A clamd that plays what it is told: takes one file by INSTREAM, keeps it, answers, hangs up."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS = 10.0


@dataclass(slots=True)
class Clamd:
    """The socket's place and what was sent last."""

    path: Path
    taken: bytes | None = None

    @contextmanager
    def answering(self, answer: bytes) -> Iterator[None]:
        """Take one connection in the block; raises what went wrong at its end."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.settimeout(SECONDS)
            door.bind(str(self.path))
            door.listen(1)
            thread = threading.Thread(target=self._serve, args=(door, answer))
            thread.start()
            try:
                yield
            finally:
                thread.join(SECONDS)
                self.path.unlink()

    def _serve(self, door: socket.socket, answer: bytes) -> None:
        line, _ = door.accept()
        with line, line.makefile("rb") as reader:
            line.settimeout(SECONDS)
            assert reader.read(10) == b"zINSTREAM\0"
            taken = b""
            while size := struct.unpack("!L", reader.read(4))[0]:
                taken += reader.read(size)
            self.taken = taken
            line.sendall(answer)
