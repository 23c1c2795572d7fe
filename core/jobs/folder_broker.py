"""Messages as files in a folder, for kombu: its transport `filesystem`, made so that any process may die at any moment.

kombu writes a message, and the table of an exchange, into the very file that others read: who reads in that moment, or
after the writer was killed, finds half of it and stops for good. Here both are written beside and renamed, so that a
file is there whole or not at all; what a killed process left behind counts for nothing.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

SCHEME = "folder"
"""`folder://localhost` with the options of `filesystem` is this transport."""
_numbers = itertools.count()


class Channel(filesystem.Channel):
    """A channel over `data_folder_in`, `data_folder_out` and `control_folder`."""

    def get_table(self, exchange: str) -> list[Any]:
        """The queues bound to an exchange; none where nothing was bound yet, or a table was left unfinished."""
        try:
            content = self._table(exchange).read_text()
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*one) for one in json.loads(content)] if content else []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone():
            table = self.get_table(exchange)
            if bound not in table:
                _write(self._table(exchange), json.dumps([bound, *table]))

    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]
        _write(Path(self.data_folder_out, f"{_name()}.{queue}.msg"), json.dumps(message))

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - as kombu calls it
        """The oldest message; whoever renames it has it. Raises `Empty`."""
        folder = Path(self.data_folder_in)
        for file in sorted(folder.glob(f"*.{queue}.msg")):
            taken = folder / f".{_name()}.taken"
            with suppress(FileNotFoundError):  # another worker was quicker
                file.rename(taken)
                content = taken.read_text()
                taken.unlink()
                return json.loads(content)
        raise Empty

    def _table(self, exchange: str) -> Path:
        return Path(self.control_folder, f"{exchange}.exchange")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Files in a folder."""

    Channel = Channel


def _name() -> str:
    """A name that no other message has: those that were sent later come later."""
    return f"{time_ns():020d}_{os.getpid()}_{next(_numbers)}"


def _write(path: Path, content: str) -> None:
    """The whole file or nothing."""
    half = path.with_name(f".{_name()}.half")
    half.write_text(content)
    half.replace(path)


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
