"""Stands between a client and a server of HTTP, and does what networks and overloaded servers do."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

Answer = tuple[int, dict[str, str], bytes]

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
BROKEN = b"<Error><Code>InternalError</Code><Message>We met a fault.</Message></Error>"


@dataclass(frozen=True)
class Asked:
    """One request: its method, its path with the query, its body."""

    method: str
    path: str
    body: bytes


class Between:
    """A server of its own that passes everything on, until `fault` says otherwise for a request.

    `fault` answers None (pass on), an answer to give instead, `"hang up"` (close at once), `"half"` (give half of the
    server's answer), `"stall"` (say nothing until the end), or `"swallow"` (pass on, and say nothing of the answer).
    """

    def __init__(self, endpoint: str) -> None:
        self.behind = urlsplit(endpoint).netloc
        self.fault: Callable[[Asked], Answer | str | None] = lambda _: None
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self.stalled = threading.Event()

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, one: BaseException | None, at: TracebackType | None) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                asked = Asked(self.command, self.path, body)
                between.asked.append(asked)
                what = between.fault(asked)
                if what in ("stall", "swallow"):
                    if what == "swallow":
                        between.pass_on(asked, dict(self.headers))
                    between.stalled.set()
                    between.over.wait()
                elif isinstance(what, tuple):
                    self._say(*what)
                    return
                elif what != "hang up":
                    self._say(*between.pass_on(asked, dict(self.headers)), half=what == "half")
                    if what is None:
                        return
                self.close_connection = True

            def _say(self, status: int, headers: dict[str, str], body: bytes, *, half: bool = False) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                        self.send_header(name, value)
                length = headers.get("Content-Length", str(len(body))) if self.command == "HEAD" else str(len(body))
                self.send_header("Content-Length", length)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body[: len(body) // 2] if half else body)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _any  # noqa: N815 - the names the library looks for

        return Handler

    def pass_on(self, asked: Asked, headers: dict[str, str]) -> Answer:
        """What the server behind answers."""
        behind = http.client.HTTPConnection(self.behind, timeout=30)
        try:
            behind.request(asked.method, asked.path, asked.body or None, headers)
            answer = behind.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            behind.close()
