"""The SMTP or LMTP door: one recipient a message, answered when it is committed. aiosmtpd finds hooks by name."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller, UnixSocketController
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.db import bring_up_to_date
from core.errors import UnavailableError
from core.log import get_logger
from core.networks import is_within
from core.settings import Settings
from core.words import Text
from eoffice.inbound import answers
from eoffice.inbound.taking import take_message
from eoffice.replying.options import InboundOptions, place_of
from eoffice.replying.tokens import token_in

LONGEST_LINE = 1 << 17
READY_SECONDS = 30.0
BEYOND = 3
"""So many times the limit is read before the sending server is refused: up to there the official is told by mail."""
_log = get_logger("vanthu.inbound")


class Door:
    """What aiosmtpd asks: who may come in, for whom, and what becomes of a message."""

    def __init__(self, settings: Settings, options: InboundOptions) -> None:
        self.settings, self.options = settings, options
        self.open = 0
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="inbound")

    async def handle_MAIL(  # noqa: N802 - found by this name, as those below
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        """A sender, from a network of the settings; on a Unix socket its folder decides who comes in."""
        del server
        peer = session.peer
        if isinstance(peer, tuple) and peer and not is_within(str(peer[0]), self.options.networks):
            return answers.NOT_ALLOWED
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return answers.SENDER_OK

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """The reply address, with a token or without."""
        del server, session, rcpt_options
        if token_in(address, self.options.address, self.options.separator) is None:
            return answers.NO_SUCH_ADDRESS
        if envelope.rcpt_tos:
            return answers.TOO_MANY_RECIPIENTS
        envelope.rcpt_tos.append(address)
        return answers.RECIPIENT_OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A whole message, dealt with beside the event loop."""
        del server, session
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        work = partial(
            take_message, self.settings, raw, recipients=tuple(map(str, envelope.rcpt_tos)), door="smtp",
            envelope_sender=(envelope.mail_from or "").strip("<> "),
        )  # fmt: skip
        try:
            await asyncio.get_running_loop().run_in_executor(self._workers, work)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the sending server keeps the message
            _log.warning("answer put off", failure=type(failure).__name__)
            return answers.NOT_NOW
        return answers.TAKEN

    async def handle_exception(self, error: Exception) -> str:
        """A defect: the sending server keeps the message."""
        _log.warning("connection", failure=type(error).__name__)
        return answers.NOT_NOW

    def close(self) -> None:
        """Waits for what is under way."""
        self._workers.shutdown()


class _Connection(SMTP):
    line_length_limit = LONGEST_LINE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Lets a peer in as long as there is room."""
        door = cast("Door", self.event_handler)
        door.open += 1
        if door.open > door.options.connections:
            way = cast("asyncio.Transport", transport)
            way.write(answers.TOO_MANY_CONNECTIONS.encode() + b"\r\n")
            way.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The peer is gone."""
        cast("Door", self.event_handler).open -= 1
        if self.transport is not None:
            super().connection_lost(error)

    async def push(self, status: Any) -> None:
        """Gives an answer, always one of ours."""
        text = status if isinstance(status, str) else bytes(status).decode("ascii", "replace")
        await super().push(answers.ours(text))


class _LmtpConnection(_Connection, LMTP):
    """Greeted by LHLO; with one recipient a message, one answer is every recipient's (RFC 2033)."""


class Listener:
    """A listening door. `start` returns when messages are taken; `stop` when the last is answered."""

    def __init__(self, settings: Settings, options: InboundOptions) -> None:
        self.options = options
        self._settings = settings
        self._door = Door(settings, options)
        self._controller = _controller(self._door, options)

    def start(self) -> None:
        """Raises `UnavailableError` when the database or the address cannot be had."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # it would log every line that a peer sends
        bring_up_to_date(self._settings)
        try:
            _make_way(self.options)
            self._controller.start()
        except (OSError, TimeoutError) as refused:
            self._controller.loop.close()
            self._door.close()
            raise UnavailableError(
                Text(
                    f"Không mở được {self.options.listen} để nhận thư trả lời.",
                    f"Answers cannot be taken at {self.options.listen}.",
                ),
                detail=str(refused),
            ) from refused
        place = place_of(self.options)
        if isinstance(place, Path):
            place.chmod(0o660)
        _log.info("inbound started", listen=self.options.listen, protocol=self.options.protocol)

    def stop(self) -> None:
        """Takes no more, finishes what is under way, and ends."""
        self._controller.stop()
        self._door.close()
        place = place_of(self.options)
        if isinstance(place, Path):
            place.unlink(missing_ok=True)


class _Made:
    """What both controllers share: each connection is one of ours."""

    kind: type[_Connection]
    handler: Door
    loop: asyncio.AbstractEventLoop

    def factory(self) -> _Connection:
        """A connection."""
        options = self.handler.options
        return self.kind(
            self.handler, data_size_limit=BEYOND * options.size_limit, enable_SMTPUTF8=True, timeout=120,
            hostname=socket.gethostname(), ident="Vanthu answers", loop=self.loop,
        )  # fmt: skip


class _OnTcp(_Made, Controller):
    """On a TCP port."""


class _OnUnix(_Made, UnixSocketController):
    """On a Unix socket."""


def _controller(door: Door, options: InboundOptions) -> Controller | UnixSocketController:
    place = place_of(options)
    made: Any = _OnUnix if isinstance(place, Path) else _OnTcp
    where = {"unix_socket": place} if isinstance(place, Path) else {"hostname": place[0], "port": place[1]}
    controller = made(door, ready_timeout=READY_SECONDS, **where)
    controller.kind = _LmtpConnection if options.protocol == "lmtp" else _Connection
    return cast("Controller | UnixSocketController", controller)


def _make_way(options: InboundOptions) -> None:
    """Asks whether the port can be had, for the library would say so a minute later; removes a dead socket."""
    place = place_of(options)
    if isinstance(place, Path):
        if place.is_socket():
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(place)) == 0:
                    raise OSError("somebody listens there")
            place.unlink()
        return
    family, *_, address = socket.getaddrinfo(*place, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
