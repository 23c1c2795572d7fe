"""Files that were sent, scanned by a clamd of this machine before anything reads them.

The protocol is clamd's INSTREAM (clamd(8)): the command, the file in pieces that each begin with their length (four
bytes, network order), a piece of no bytes, and one answer: `stream: OK` or `stream: NAME FOUND`. Anything else means
that it was not scanned, and what was not scanned is not used.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from typing import IO

from core.errors import InputError, UnavailableError
from core.words import Text, showable

SECONDS = 120.0
"""So long clamd may be silent."""
_PIECE = 65_536
_MOST_ANSWER = 4_096
_FOUND = re.compile(rb"stream: (.{1,200}) FOUND", re.DOTALL)
_LONGEST_NAME = 100


class InfectedError(InputError):
    """The scanner found something in a file that was sent; nothing of it was used."""

    def __init__(self, name: str, found: str) -> None:
        shown, what = showable(name)[-_LONGEST_NAME:], showable(found)
        super().__init__(
            Text(
                f"Phần mềm quét mã độc báo tệp {shown} có {what}. Tệp không được dùng.",
                f"The scanner says that the file {shown} has {what}. The file was not used.",
            )
        )


class ScannerError(UnavailableError):
    """A file could not be scanned: clamd does not answer, or will not take it."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Text(
                "Không quét mã độc được tệp gửi lên, nên tệp không được dùng."
                " Tệp có thể quá lớn đối với phần mềm quét.",
                "The file could not be scanned, so it was not used. It may be too large for the scanner.",
            ),
            detail=detail,
        )


def scan(place: str, stream: IO[bytes], *, seconds: float = SECONDS) -> str | None:
    """What the clamd behind `place` finds in the rest of `stream`; None for nothing. Raises `ScannerError`."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(seconds)
            line.connect(place)
            # clamd answers and hangs up in the middle of a file that is too large for it: the answer says so.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                _send(line, stream)
            answer = _answer(line)
    except OSError as failed:  # a time-out is one
        raise ScannerError(f"clamd: {type(failed).__name__}") from failed
    if answer == b"stream: OK":
        return None
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise ScannerError(f"clamd: {answer[:200]!r}")
    return found[1].decode("utf-8", "replace")


def _send(line: socket.socket, stream: IO[bytes]) -> None:
    line.sendall(b"zINSTREAM\0")
    while piece := stream.read(_PIECE):
        line.sendall(struct.pack("!L", len(piece)) + piece)
    line.sendall(struct.pack("!L", 0))


def _answer(line: socket.socket) -> bytes:
    """What clamd says until it ends its answer by a NUL; what it says without one is no answer."""
    said = b""
    while not said.endswith(b"\0"):
        piece = line.recv(_MOST_ANSWER)
        if not piece or len(said) > _MOST_ANSWER:
            return b"cut: " + said
        said += piece
    return said[:-1]
