"""Who may come in, and how a copy is handed to the writer: what all connections of the server share."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.networks import is_within
from mail_audit.collectors.journal import answers
from mail_audit.journaling.entry import Letter, is_report_peer
from mail_audit.journaling.options import JournalOptions
from mail_audit.journaling.reading import Reading


class Connection(Protocol):
    """What the door asks of an open connection."""

    @property
    def is_taking(self) -> bool:
        """Whether a copy is under way: its text is being sent, or it waits for its answer."""

    def dismiss(self) -> None:
        """Says good-bye and closes."""


Keep = Callable[[Letter, "asyncio.Future[str]"], bool]
"""Takes a copy and the future of its answer; False when there is no room for another."""


@dataclass(slots=True)
class Door:
    """One for a server; used only by its event loop."""

    options: JournalOptions
    keep: Keep
    host: str = field(default_factory=socket.gethostname)
    is_closing: bool = False
    refused: int = 0
    open: set[Connection] = field(default_factory=set)

    def admits(self, peer: object) -> str | None:
        """None when a peer may come in, else why not. A peer on a Unix socket was admitted by the folder's owner."""
        if self.is_closing:
            return answers.LEAVING
        if len(self.open) >= self.options.connections:
            return answers.TOO_MANY_CONNECTIONS
        address = address_of(peer)
        return None if not address or is_within(address, self.options.networks) else answers.NOT_ALLOWED

    def reading(self, peer: object) -> Reading:
        """A fresh copy from a peer."""
        believed = is_report_peer(address_of(peer), self.options)
        return Reading(header_limit=self.options.header_limit, may_report=believed)

    async def answer(self, letter: Letter) -> str:
        """The answer to a whole copy, once it is committed or cannot be."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        if not self.keep(letter, future):
            self.refused += 1
            return answers.BUSY
        return await future

    async def close(self, seconds: float) -> None:
        """Lets copies that are under way come to their end, for at most `seconds`; everybody else is sent away."""
        self.is_closing = True
        end = asyncio.get_running_loop().time() + seconds
        while self.open:
            late = asyncio.get_running_loop().time() > end
            for connection in list(self.open):
                if late or not connection.is_taking:
                    connection.dismiss()
                    self.open.discard(connection)
            await asyncio.sleep(0.02)


def address_of(peer: object) -> str:
    """The IP address of a peer as asyncio names it; empty for a Unix socket."""
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
