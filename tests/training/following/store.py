"""A learning record store on a free loopback port: it keeps statements by their ids, and fails as a test wants it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.training.following.statement_rules import faults

USER, PASSWORD = "vanthu", "mật khẩu của kho"


@dataclass
class Store:
    """What the store holds, how often it was asked, and what it does next."""

    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0
    statuses: list[int] = field(default_factory=list)
    """Answers to the next requests instead of the usual ones; 0 drops the line once everything is kept."""
    body: bytes = b"[]"
    bad: str | None = None
    """A batch with a statement of this verb is refused as a whole."""
    version: str = "1.0.3"
    """The one it speaks; it refuses every other, and says so."""
    largest: int = 1 << 20
    """Bytes of a request; more of them are 413."""
    port: int = 0

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/xapi"


class _Handler(BaseHTTPRequestHandler):
    store: ClassVar[Store]

    def do_POST(self) -> None:
        """As xAPI has `POST /statements`: 1.0.3, part three, 2.1; the same in IEEE 9274.1.1."""
        store = self.store
        store.asked += 1
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = store.statuses.pop(0) if store.statuses else self._judged(given)
        if status in {0, 200}:
            store.held |= {one["id"]: one for one in given}
        if status == 0:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("X-Experience-API-Version", store.version)
        self.send_header("Content-Length", str(len(store.body)))
        if 300 <= status < 400:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()
        self.wfile.write(store.body)

    def _judged(self, given: list[dict[str, Any]]) -> int:
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {token}":
            return 401
        if self.path != "/xapi/statements" or self.headers["X-Experience-API-Version"] != self.store.version:
            return 400
        if int(self.headers["Content-Length"]) > self.store.largest:
            return 413
        if any(faults(one) for one in given) or len({one["id"] for one in given}) < len(given):
            return 400
        if self.store.bad is not None and any(one["verb"]["id"].endswith(self.store.bad) for one in given):
            return 400
        clash = any(self.store.held.get(one["id"], one) != one for one in given)
        return 409 if clash else 200

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def running_store() -> Iterator[Store]:
    """A store that answers until the block ends."""
    store = Store()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": store}))
    store.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)
