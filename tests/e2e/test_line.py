"""The way to the pages: what an application opened for an answer is closed, even where nobody waits for it any more."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from tests.e2e.site import Line

AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: the connection is not closed but broken off."""


class _Answer:
    """An answer that knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"x"

    def close(self) -> None:
        self.closed.set()


def test_an_answer_is_closed_though_its_visitor_went_away() -> None:
    answer = _Answer()

    def app(_environ: Any, start_response: Any) -> _Answer:
        start_response("200 OK", [("Content-Length", "1")])
        return answer

    line = Line(app)
    try:
        visitor = socket.create_connection(("127.0.0.1", line.port))
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert visitor.recv(1, socket.MSG_PEEK)
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        visitor.close()
        assert answer.closed.wait(60)
    finally:
        line.cut()
