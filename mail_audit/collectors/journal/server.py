"""The protocol: aiosmtpd's server with commands of our own, so that a copy streams by and is never held.

aiosmtpd finds commands by their names (`smtp_MAIL`). Its own DATA holds the whole message and refuses long lines; its
own MAIL and RCPT refuse the empty sender and parse addresses by a grammar that costs more than all else here.
"""

from __future__ import annotations

import asyncio
import collections
from datetime import UTC, datetime
from typing import Any, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from mail_audit.collectors.journal import answers
from mail_audit.collectors.journal.door import Door, address_of
from mail_audit.journaling.addresses import path_and_words, usable
from mail_audit.journaling.entry import Letter
from mail_audit.journaling.options import EVERYBODY

MOST_RECIPIENTS = 1_000
LONGEST_COMMAND = 2_048
"""A recipient that carries another address, its brackets and its words (RFC 5321 asks for 512 at least)."""
BUFFER = 1 << 16
"""Bytes that are read ahead of what is looked at; a peer that sends faster must wait."""
LONGEST_COPY_SECONDS = 3_600.0
"""A peer that sends a byte now and then must not keep its place for ever."""
ALL_THERE_IS = 1 << 30
"""More than is ever buffered: a read gives what is there and leaves nothing."""


class Hooks:
    """What aiosmtpd asks the owner of the server."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def handle_EHLO(  # noqa: N802 - found by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What the journal can do; said for LHLO too."""
        del envelope, responses
        session.host_name = hostname
        words = [
            self.door.host, f"SIZE {self.door.options.size_limit}", "8BITMIME", "SMTPUTF8", "PIPELINING",
            "ENHANCEDSTATUSCODES",
        ]  # fmt: skip
        if server.tls_context and not session.ssl:
            words.append("STARTTLS")
        return [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]

    async def handle_exception(self, error: Exception) -> str:
        """A defect: the sending server keeps the copy."""
        del error
        return answers.NOT_KEPT


class JournalSMTP(SMTP):
    """One connection."""

    line_length_limit = BUFFER

    def __init__(self, door: Door, **parameters: Any) -> None:
        super().__init__(
            Hooks(door),
            data_size_limit=door.options.size_limit,
            enable_SMTPUTF8=True,
            timeout=door.options.stall_seconds,
            hostname=door.host,
            ident="Vanthu journal",
            **parameters,
        )
        # An attribute of its own: the library's is shared by all connections, and grows with each greeting.
        self.command_size_limits = collections.defaultdict(lambda: LONGEST_COMMAND)
        self.command_size_limit = LONGEST_COMMAND
        self.is_taking = False
        self._door = door
        self._mail_from: str | None = None
        self._rcpt_to: list[str] = []

    # Coming and going

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Lets a peer in, or says why not."""
        if self not in self._door.open:
            reason = self._door.admits(transport.get_extra_info("peername"))
            if reason is not None:
                _turn_away(cast("asyncio.Transport", transport), reason)
                return
            self._door.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The peer is gone; a copy whose end was not heard is forgotten."""
        self._door.open.discard(self)
        super().connection_lost(error)

    def dismiss(self) -> None:
        """Says good-bye and closes."""
        if self.transport is not None:
            writer = cast("asyncio.Transport", self.transport)
            writer.write(answers.LEAVING.encode() + b"\r\n")
            writer.close()

    async def push(self, status: Any) -> None:
        """Gives an answer, always one of ours."""
        text = status if isinstance(status, str) else bytes(status).decode("ascii", "replace")
        if text.startswith("220 ") and "TLS" not in text:
            text = answers.GREETING.format(host=self._door.host)
        await super().push(answers.ours(text))

    # Commands

    def _set_post_data_state(self) -> None:
        self.envelope = self._create_envelope()
        self._mail_from, self._rcpt_to = None, []

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """The sender, which may be empty."""
        if await self.check_helo_needed():
            return
        if self._mail_from is not None:
            await self.push(answers.WRONG_ORDER)
            return
        path = _argument("FROM:", arg)
        sender = "" if path is None else path[0]
        if path is None or (sender and usable(sender) is None and "@" in sender):
            await self.push(answers.BAD_SENDER)
            return
        refusal = self._of_words(path[1])
        if refusal is None:
            self._mail_from = sender
        await self.push(refusal or answers.SENDER_OK)

    def _of_words(self, words: list[str]) -> str | None:
        """What is wrong with the words behind a sender; None when nothing is."""
        for word in words:
            name, _, value = word.upper().partition("=")
            if name == "SIZE" and value.isdecimal():
                if len(value) > 15 or int(value) > self._door.options.size_limit:
                    return answers.TOO_LARGE
            elif word.upper() not in {"BODY=7BIT", "BODY=8BITMIME", "SMTPUTF8"}:
                return answers.BAD_PARAMETER
        return None

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """One recipient: an address of the journal, which may carry another's."""
        await self.push(self._of_recipient(arg))

    def _of_recipient(self, arg: str | None) -> str:
        if self._mail_from is None:
            return answers.WRONG_ORDER
        path = _argument("TO:", arg)
        address = usable(path[0]) if path is not None else None
        if path is None or address is None:
            return answers.BAD_RECIPIENT
        if path[1]:
            return answers.BAD_PARAMETER
        own = self._door.options.own_domains
        if EVERYBODY not in own and address.rpartition("@")[2] not in own:
            return answers.NO_SUCH_ADDRESS
        if len(self._rcpt_to) >= MOST_RECIPIENTS:
            return answers.TOO_MANY_RECIPIENTS
        self._rcpt_to.append(address)
        return answers.RECIPIENT_OK

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """The copy itself: it streams by, and is answered when it is kept."""
        if self._mail_from is None:
            await self.push(answers.WRONG_ORDER)
        elif not self._rcpt_to:
            await self.push(answers.NO_RECIPIENTS)
        elif arg:
            await self.push(answers.BAD_WORDS)
        else:
            self.is_taking = True
            try:
                await self._take(self._mail_from, tuple(self._rcpt_to))
            finally:
                self.is_taking = False

    async def _take(self, sender: str, recipients: tuple[str, ...]) -> None:
        await self.push(answers.GO_AHEAD)
        peer = self.session.peer if self.session is not None else None
        reading = self._door.reading(peer)
        end = self.loop.time() + LONGEST_COPY_SECONDS
        while True:
            piece = await self._reader.read(ALL_THERE_IS)
            behind = reading.feed(piece)
            if behind is not None:
                break
            if not piece or self.loop.time() > end or reading.size > 2 * self._door.options.size_limit:
                await self._break_off()
                return
            self._reset_timeout()
        if behind:
            self._reader.feed_data(behind)  # nothing was left in the buffer, so what came behind is next again
        self._reset_timeout()
        if reading.size > self._door.options.size_limit:
            self._door.refused += 1
            answer = answers.TOO_LARGE
        else:
            letter = Letter(address_of(peer) or "unix", sender, recipients, reading, datetime.now(UTC))
            answer = await self._door.answer(letter)
        self._set_post_data_state()
        await self.push("\r\n".join([answer] * self._answers_to(recipients)))

    def _answers_to(self, recipients: tuple[str, ...]) -> int:
        del recipients
        return 1

    async def _break_off(self) -> None:
        self._door.refused += 1
        await self.push(answers.STALLED)
        if self.transport is not None:
            self.transport.close()

    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: N802
        """Nobody is told who has a mailbox."""
        del arg
        await self.push(answers.NOT_CHECKED)

    async def _not_here(self, arg: str | None) -> None:
        del arg
        await self.push(answers.NOT_HERE)

    smtp_AUTH = smtp_EXPN = smtp_HELP = _not_here  # noqa: N815

    async def smtp_NOOP(self, arg: str | None) -> None:  # noqa: N802
        """Nothing, gladly."""
        del arg
        await self.push(answers.OK)

    async def smtp_RSET(self, arg: str | None) -> None:  # noqa: N802
        """Forgets the envelope so far."""
        del arg
        self._set_post_data_state()
        await self.push(answers.OK)

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802
        """Ends the connection."""
        del arg
        await self.push(answers.BYE)
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        if self.transport is not None:
            self.transport.close()


class JournalLMTP(JournalSMTP, LMTP):
    """One connection that speaks LMTP: greeted by LHLO, and every recipient is answered by itself (RFC 2033)."""

    def _answers_to(self, recipients: tuple[str, ...]) -> int:
        return len(recipients)


def _argument(keyword: str, arg: str | None) -> tuple[str, list[str]] | None:
    if arg is None or arg[: len(keyword)].upper() != keyword:
        return None
    return path_and_words(arg[len(keyword) :])


class _Away(asyncio.Protocol):
    """Whoever is sent away: nothing they say is heard."""


def _turn_away(transport: asyncio.Transport, reason: str) -> None:
    transport.set_protocol(_Away())
    transport.write(reason.encode() + b"\r\n")
    transport.close()
