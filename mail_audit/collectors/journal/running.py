"""Starts and stops a journal: the writer, and aiosmtpd's controller on a TCP port or a Unix socket."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller, UnixSocketController

from core.db import bring_up_to_date
from core.errors import ConflictError, InputError, UnavailableError
from core.log import get_logger
from core.settings import Settings, SettingsError
from core.words import Text
from mail_audit.collectors.journal.door import Door
from mail_audit.collectors.journal.server import JournalLMTP, JournalSMTP
from mail_audit.collectors.journal.writer import BEAT_SECONDS, Writer
from mail_audit.journaling.options import JournalOptions

UNIX = "unix:"
SOCKET_MODE = 0o660
"""Whoever owns the socket's folder decides by its group who may deliver copies."""
READY_SECONDS = 60.0
GRACE_SECONDS = 30.0
"""So long a copy that is under way may take when the journal is stopped; then its sender is told to come again."""
_log = get_logger("vanthu.journal")


class Journal:
    """One journal. `start` returns when copies are taken; `stop` when the last one is answered."""

    def __init__(self, settings: Settings, options: JournalOptions, *, beat_seconds: float = BEAT_SECONDS) -> None:
        self.options = options
        self._settings = settings
        self._writer = Writer(settings, options, beat_seconds=beat_seconds)
        self._door = Door(options, self._writer.keep)
        self._controller = _controller(options, self._door)

    def start(self) -> None:
        """Raises `UnavailableError` when the database or the address cannot be had."""
        _silence_the_library()
        bring_up_to_date(self._settings)
        try:
            _make_way(self.options.listen)
            self._controller.start()
        except (OSError, TimeoutError) as refused:
            self._controller.loop.close()
            raise UnavailableError(
                Text(
                    f"Không mở được {self.options.listen} để nhận bản sao.",
                    f"Copies cannot be taken at {self.options.listen}.",
                ),
                detail=str(refused),
            ) from refused
        try:
            self._writer.begin()
        except BaseException:
            self._controller.stop()
            raise
        if self.options.listen.startswith(UNIX):
            Path(self.options.listen.removeprefix(UNIX)).chmod(SOCKET_MODE)
        _log.info("journal started", listen=self.options.listen, protocol=self.options.protocol)

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no more, finishes what is under way, keeps it, and ends."""
        loop = self._controller.loop
        asyncio.run_coroutine_threadsafe(self._close(seconds), loop).result(seconds + READY_SECONDS)
        self._writer.finish(self._door.refused)
        self._controller.stop()
        if self.options.listen.startswith(UNIX):
            Path(self.options.listen.removeprefix(UNIX)).unlink(missing_ok=True)
        _log.info("journal ended", taken=self._writer.taken, refused=self._writer.refused)

    @property
    def taken(self) -> int:
        """Copies answered with 250 so far."""
        return self._writer.taken

    async def _close(self, seconds: float) -> None:
        server = self._controller.server
        if server is not None:
            server.close()
        await self._door.close(seconds)


def chosen(options: JournalOptions, listen: str | None, protocol: str | None) -> JournalOptions:
    """The options with what the command line says; raises `InputError` for an address that is none."""
    options = replace(options, listen=listen or options.listen, protocol=protocol or options.protocol)
    _place(options.listen)
    return options


def _place(listen: str) -> tuple[str, int] | Path:
    if listen.startswith(UNIX) and len(listen) > len(UNIX):
        return Path(listen.removeprefix(UNIX))
    host, colon, port = listen.rpartition(":")
    if colon and port.isdecimal() and 0 < int(port) < 65_536:
        return host.strip("[]"), int(port)
    raise InputError(
        Text(
            f"“{listen}” không phải là nơi để lắng nghe; hãy ghi MÁY:CỔNG hoặc unix:ĐƯỜNG-DẪN.",
            f"“{listen}” is no place to listen at; write HOST:PORT or unix:PATH.",
        )
    )


def _controller(options: JournalOptions, door: Door) -> Controller | UnixSocketController:
    kind = JournalLMTP if options.protocol == "lmtp" else JournalSMTP
    place = _place(options.listen)
    made: Any = _OnUnix if isinstance(place, Path) else _OnTcp
    where = {"unix_socket": place} if isinstance(place, Path) else {"hostname": place[0], "port": place[1]}
    encryption = _encryption(options)
    controller = made(door, ready_timeout=READY_SECONDS, **where)
    controller.kind, controller.encryption = kind, encryption
    return cast("Controller | UnixSocketController", controller)


def _encryption(options: JournalOptions) -> ssl.SSLContext | None:
    """What STARTTLS needs; None where no certificate is given. Raises `SettingsError` for files that will not do."""
    if not options.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options.certificate, options.key or None)
    except OSError as refused:  # an error of the certificate is one too
        raise SettingsError(
            Text(
                f"Không dùng được chứng thư {options.certificate} hoặc khóa của nó.",
                f"The certificate {options.certificate} or its key cannot be used.",
            ),
            detail=type(refused).__name__,
        ) from refused
    return context


class _Made:
    """What both controllers share: each connection is one of ours."""

    kind: type[JournalSMTP]
    encryption: ssl.SSLContext | None
    handler: Door
    loop: asyncio.AbstractEventLoop

    def factory(self) -> JournalSMTP:
        """A connection."""
        self.loop.set_exception_handler(_told)
        return self.kind(self.handler, loop=self.loop, tls_context=self.encryption)


class _OnTcp(_Made, Controller):
    """On a TCP port."""


class _OnUnix(_Made, UnixSocketController):
    """On a Unix socket."""


def _told(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A connection that broke off is no event; anything else is told by its kind, never by its text."""
    failure = context.get("exception")
    if not isinstance(failure, ConnectionError | asyncio.CancelledError):
        _log.warning("connection", failure=type(failure).__name__)


def _silence_the_library() -> None:
    """The library logs every line that a peer sends, and a peer that lost its place sends lines of a letter."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)


def _make_way(listen: str) -> None:
    """Removes the socket of a journal that was killed; raises `ConflictError` when one answers there.

    Of a TCP port it is only asked whether it can be had: the library would say so no sooner than after a minute.
    """
    place = _place(listen)
    if isinstance(place, tuple):
        family, *_, address = socket.getaddrinfo(*place, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        return
    if not place.exists():
        return
    if not stat.S_ISSOCK(place.stat().st_mode):
        raise ConflictError(
            Text(f"{place} không phải là ổ cắm Unix.", f"{place} is there already and is no Unix socket.")
        )
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        if probe.connect_ex(str(place)) == 0:
            raise ConflictError(Text(f"Đã có nhật ký bản sao ở {place}.", f"A journal runs at {place} already."))
    place.unlink()
