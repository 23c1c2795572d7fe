"""The other ends of a mail server: the outside world that takes or refuses its mail, and a content filter.

Both are aiosmtpd controllers on a loopback port. The filter takes a message as amavis does, hands it back to another
port of the same Postfix, and answers with the queue id it got there.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 2.0.0 Ok: queued as {}"
REFUSED = "550 5.1.1 <{}>: Recipient address rejected: User unknown"
GREYLISTED = "451 4.7.1 <{}>: Recipient address rejected: Greylisted, see http://postgrey.test/help"
FILTERED = "250 2.0.0 from MTA(smtp:[127.0.0.1]:{}): {}"


@dataclass
class Outside:
    """Takes every message but those to `refuse*` (never) and `later*` (not the first time).

    `replies` maps a recipient to the text answered after the message, for remote servers that lie; `{first}` in it is
    the queue id that the first server gave the message, which every receiver can read in its head.
    """

    replies: Mapping[str, str] = field(default_factory=dict)
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    _put_off: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 aiosmtpd finds it by this name, as all the others
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Refuse, put off or take one recipient."""
        if address.startswith("refuse"):
            return REFUSED.format(address)
        if address.startswith("later") and address not in self._put_off:
            self._put_off.add(address)
            return GREYLISTED.format(address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message and answer with a queue id of our own, or with the lie prepared for its recipient."""
        recipients = [str(address) for address in envelope.rcpt_tos]
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken.append((envelope.mail_from or "", recipients, content))
        reply = self.replies.get(recipients[0], ACCEPTED.format(f"{len(self.taken):08X}"))
        hops = re.findall(rb"^\s+by \S+ \(Postfix\) with \w+ id (\w+)", content, re.MULTILINE)
        return reply.replace("{first}", hops[-1].decode() if hops else "")


class _Forwarding(SMTP):
    """An SMTP server that understands XFORWARD, as a content filter behind Postfix does."""

    async def smtp_XFORWARD(self, argument: str) -> None:  # noqa: N802
        """Keep the attributes for the way back."""
        self.session.forwarded = [*getattr(self.session, "forwarded", []), argument]  # type: ignore[union-attr]
        await self.push("250 2.0.0 Ok")


@dataclass
class Filter:
    """Hands every message back to `port` and answers what Postfix answered there."""

    port: int
    xforward: bool = True
    passed: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer XFORWARD before the last line."""
        session.host_name = hostname
        offer = ["250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"] if self.xforward else []
        return [*responses[:-1], *offer, responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Send the message on and repeat the answer."""
        return await asyncio.get_running_loop().run_in_executor(None, self._pass_on, session, envelope)

    def _pass_on(self, session: Session, envelope: Envelope) -> str:
        with smtplib.SMTP("127.0.0.1", self.port, "filter.tp.example.gov.vn") as way_back:
            way_back.ehlo()
            for attributes in getattr(session, "forwarded", []):
                way_back.docmd("XFORWARD", attributes)
            way_back.mail(envelope.mail_from or "")
            refusals = [reply for reply in map(way_back.rcpt, map(str, envelope.rcpt_tos)) if reply[0] >= 400]
            if refusals:
                return f"{refusals[0][0]} {refusals[0][1].decode()}"
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            code, text = way_back.data(content)
        self.passed += 1
        return FILTERED.format(self.port, f"{code} {text.decode()}")


class _FilterController(Controller):
    def factory(self) -> SMTP:
        return _Forwarding(self.handler, **self.SMTP_kwargs)


@contextmanager
def outside_world(port: int, replies: Mapping[str, str]) -> Iterator[Outside]:
    """The outside world on a loopback port."""
    world = Outside(replies)
    controller = Controller(world, hostname="127.0.0.1", port=port, server_hostname="mx.outside.test")
    controller.start()
    try:
        yield world
    finally:
        controller.stop()


@contextmanager
def content_filter(port: int, reinject: int, *, xforward: bool) -> Iterator[Filter]:
    """The content filter on a loopback port, handing back to the port `reinject`."""
    handler = Filter(reinject, xforward)
    controller = _FilterController(handler, hostname="127.0.0.1", port=port, server_hostname="filter.tp.example.gov.vn")
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
