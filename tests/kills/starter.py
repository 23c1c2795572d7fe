"""Starts `vanthu` commands at once: a process that has imported everything and forks one child for each.

A kill then meets the command's own work, not Python's start. It reads a line of JSON for each command and answers with
the child's id, and with how it ended. Nothing has run in it before the fork but imports, so there are no threads.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from select import select
from typing import Any

PIECE_BYTES = 60_000
"""Small pieces, so that a small log is many transactions."""
MODULES = (
    "core.directory.cli", "mail_audit.cli.sources", "mail_audit.cli.standing", "mail_audit.report.render",
    "mail_audit.services.standing",
)  # fmt: skip


class Starter:
    """The other end: starts commands and may kill them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.starter"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def close(self) -> None:
        """End the process that starts the others."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def run(
        self, words: Sequence[str], environ: Mapping[str, str], output: Path, *, kill_after: float | None = None
    ) -> tuple[int, float]:
        """The exit status of a command (-9 where it was killed) and its seconds; `output` has what it printed."""
        assert self._process.stdin is not None
        line = json.dumps({"words": list(words), "environ": dict(environ), "output": str(output)})
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        pid, began = self._answer()["pid"], time.monotonic()
        assert self._process.stdout is not None
        if kill_after is not None and not select([self._process.stdout], [], [], kill_after)[0]:
            os.kill(pid, 9)
        return int(self._answer()["status"]), time.monotonic() - began

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        # Bytes as they come: a buffer would hide an answer from `select`.
        line = bytearray()
        while not line.endswith(b"\n"):
            byte = os.read(self._process.stdout.fileno(), 1)
            if not byte:
                raise RuntimeError("the process that starts commands has ended")
            line += byte
        found: dict[str, Any] = json.loads(line)
        return found


def _child(asked: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(asked["environ"])
    output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    from core.cli import main

    code = 1
    try:
        code = main(asked["words"])
    finally:
        sys.stdout.flush()
        os._exit(code)


def serve() -> None:
    """Fork a child for each line."""
    from mail_audit.services import collecting

    for module in MODULES:
        importlib.import_module(module)
    defaults = collecting.collect.__kwdefaults__
    assert defaults is not None
    defaults["piece_bytes"] = PIECE_BYTES
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            _child(asked)
        os.write(1, json.dumps({"pid": pid}).encode() + b"\n")
        _, status = os.waitpid(pid, 0)
        os.write(1, json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode() + b"\n")


if __name__ == "__main__":
    serve()
