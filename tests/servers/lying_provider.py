"""A provider of OpenID Connect that says what a test lets it say: what no honest one would."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import RSAKey


@dataclass(slots=True)
class Liar:
    """The answers to each path, and what was asked: changed by the test while it runs."""

    issuer: str
    key: RSAKey
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def says(self, path: str, content: object, *, status: int = 200, **headers: str) -> None:
        """From now on `path` answers this JSON."""
        self.answers[path] = (status, headers, json.dumps(content).encode())

    def describes_itself(self, **more: Any) -> None:
        """The usual description, with `more` in place of parts of it (None: without the part)."""
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "code_challenge_methods_supported": ["S256"],
        }
        described = {name: value for name, value in (usual | more).items() if value is not None}
        self.says("/.well-known/openid-configuration", described)
        self.says("/jwks", {"keys": [self.key.as_dict(private=False)]})


@cache
def _key() -> RSAKey:
    """One for all tests: making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@contextmanager
def lying() -> Iterator[Liar]:
    """One on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            liar.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, content = liar.answers.get(self.path, (404, {}, b"{}"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            """Nothing: the tests read `asked`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar = Liar(f"http://127.0.0.1:{server.server_address[1]}", _key())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield liar
        finally:
            server.shutdown()
            thread.join()
