"""Who is turned away at the door: what most connections to a mail server on the Internet are.

Senders of bulk mail on blocklists, guesses at addresses that nobody has, and machines that try to relay. None of it is
use, none of it reaches a mailbox; a log that is shared with nobody outside has none of it.
"""

from __future__ import annotations

import random

from mail_audit.sample.people import DOMAIN
from mail_audit.sample.postoffice import SECOND, PostOffice

_DAY = 24 * 3600 * SECOND
_BLOCKED, _UNKNOWN = 0.6, 0.9
"""Of a hundred visits sixty come from a blocklist, thirty ask for nobody, ten want to relay."""


class Strangers:
    """Writes their visits: who connects, why the server says no, and that they leave."""

    def __init__(self, office: PostOffice, seed: int) -> None:
        self.office = office
        self.chance = random.Random(f"strangers {seed}")

    def visits(self, count: int) -> None:
        """A day's visits, at any hour."""
        for _ in range(count):
            self._visit(self.chance.randrange(60 * SECOND, _DAY - 60 * SECOND))

    def _visit(self, at: int) -> None:
        chance, put = self.chance, self.office.note
        address = f"198.{chance.choice((18, 19))}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        name = f"may{chance.randrange(10_000)}.quang-cao-{chance.randrange(400)}.example"
        client = f"{name}[{address}]" if chance.random() < 0.5 else f"unknown[{address}]"
        process = f"postfix/smtpd[{2000 + chance.randrange(40)}]"
        answer, recipient = self._answer(address)
        sender = f"tin{chance.randrange(100_000)}@quang-cao-{chance.randrange(400)}.example"
        put(at, f"{process}: connect from {client}")
        put(
            at + 400_000,
            f"{process}: NOQUEUE: reject: RCPT from {client}: {answer}; from=<{sender}> to=<{recipient}> proto=ESMTP "
            f"helo=<{name}>",
        )
        put(at + 700_000, f"{process}: disconnect from {client} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")

    def _answer(self, address: str) -> tuple[str, str]:
        """Why the server says no, and whom the stranger asked for."""
        kind, number = self.chance.random(), self.chance.randrange(100_000)
        if kind < _BLOCKED:
            why = f"blocked using chan-thu-rac.example; https://chan-thu-rac.example/ip/{address}"
            return f"554 5.7.1 Service unavailable; Client host [{address}] {why}", f"lienhe{number % 90}@{DOMAIN}"
        nobody = f"khongco{number}@{DOMAIN}"
        if kind < _UNKNOWN:
            why = "Recipient address rejected: User unknown in virtual mailbox table"
            return f"550 5.1.1 <{nobody}>: {why}", nobody
        elsewhere = f"ai{number}@noi-khac.example"
        return f"554 5.7.1 <{elsewhere}>: Relay access denied", elsewhere
