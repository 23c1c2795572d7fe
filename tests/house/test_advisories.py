"""The audit of dependencies: finds what the service knows, and fails neither for a silent nor for a strange one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.house import advisories

WEAK = "jinja2"


class _Service(BaseHTTPRequestHandler):
    answer: bytes | None = None

    def do_POST(self) -> None:
        """As OSV: a result for each query, in their order; nothing for what is sound."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [{"vulns": [{"id": "TEST-2026-1"}]} if one["package"]["name"] == WEAK else {} for one in asked]
        body = json.dumps({"results": results}).encode() if self.answer is None else self.answer
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Quiet."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Service]]:
    """A service on loopback that the audit asks."""
    kind = type("Service", (_Service,), {})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        monkeypatch.setenv("ADVISORIES_URL", f"http://127.0.0.1:{server.server_port}/")
        yield kind
        server.shutdown()
        thread.join()


def test_every_lock_file_is_read() -> None:
    found = advisories.pinned()
    assert {one[0] for one in found} == {"PyPI", "npm"}
    assert {"flask", "sqlalchemy", WEAK, "pytest", "hatchling"} < {name for kind, name, _ in found if kind == "PyPI"}
    assert all(version[0].isdigit() for *_, version in found)


def test_a_weakness_fails(service: type[_Service], capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.main() == 1
    assert (f"PyPI {WEAK} " in (said := capsys.readouterr().out), "1 with a weakness" in said) == (True, True)


def test_a_weakness_that_was_looked_at_does_not(service: type[_Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories, "accepted", lambda: {"TEST-2026-1"})
    assert advisories.main() == 0


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"results": []}', b"<html>"])
def test_a_strange_answer_is_no_answer(
    service: type[_Service], capsys: pytest.CaptureFixture[str], answer: bytes
) -> None:
    service.answer = answer
    assert (advisories.main(), "NOT CHECKED" in capsys.readouterr().err) == (0, True)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "file:///etc/passwd"])
def test_without_a_network_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("ADVISORIES_URL", address)
    assert (advisories.main(), "NOT CHECKED" in capsys.readouterr().err) == (0, True)


def test_what_was_accepted_has_a_reason() -> None:
    path = advisories.ACCEPTED
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    assert [line for line in lines if line.strip() and not line.startswith("#") and len(line.split()) < 3] == []
