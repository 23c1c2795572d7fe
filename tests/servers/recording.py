"""A recorder between a client and a server: every byte that the client sends is kept, as it went over the wire."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Recorder:
    """Passes connections on to `port`."""

    port: int
    sent: list[bytes] = field(default_factory=list)
    """What each connection sent, in the order they were made."""
    _listener: socket.socket = field(default_factory=socket.socket)

    @property
    def own_port(self) -> int:
        return int(self._listener.getsockname()[1])

    def lines(self) -> list[str]:
        """Every line that went to the server."""
        return [line for sent in self.sent for line in sent.decode().split("\r\n") if line]

    def listen(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            number = len(self.sent)
            self.sent.append(b"")
            for pair, record in (((client, server), number), ((server, client), None)):
                threading.Thread(target=self._pass, args=(*pair, record), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, number: int | None) -> None:
        with suppress(OSError):
            while chunk := source.recv(65_536):
                if number is not None:
                    self.sent[number] += chunk
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()


@contextmanager
def recording(port: int) -> Iterator[Recorder]:
    """A recorder in front of that port of loopback."""
    recorder = Recorder(port)
    recorder.listen()
    try:
        yield recorder
    finally:
        recorder.close()
