"""What was really done: the exact counts of every mailbox, kept while the play is played, never read from a log."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.servers.mail_settings import ALIASES, DOMAIN, GONE, PEOPLE

COUNTS = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
REDIRECTS = {
    "gt.gd": ("giam.doc.gt@gmail.test", False),
    "yt.gd": ("giam.doc.yt@gmail.test", True),
    "pccc.cv1": (f"pccc.cv2@{DOMAIN}", False),
}
"""Mailbox -> where its standing rule sends everything, and whether it keeps a copy."""


def mailboxes_of(address: str) -> set[str]:
    """The local parts of the mailboxes that a message to `address` reaches, before their standing rules."""
    local, _, domain = address.lower().rpartition("@")
    if domain != DOMAIN:
        return set()
    local = local.partition("+")[0]
    if local in ALIASES:
        return {box for target in ALIASES[local] for box in mailboxes_of(target)}
    return {local} if local in PEOPLE else set()


@dataclass
class PlayedTruth:
    """Counts by mailbox (local part); `verbose` says whether Dovecot names the user of every refused attempt."""

    verbose: bool = True
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _lock: Lock = field(default_factory=Lock)

    def of(self, person: str) -> dict[str, int]:
        """Every count of one mailbox, zeros included."""
        return {name: self.counts[person][name] for name in COUNTS}

    def add(self, person: str, name: str, number: int = 1) -> None:
        """`number` more of one thing done by, or to, a mailbox."""
        assert name in COUNTS, name
        assert person in {*PEOPLE, GONE}, person
        with self._lock:
            self.counts[person][name] += number

    def arrived(self, recipients: Iterable[str]) -> None:
        """One message was accepted for these addresses; standing rules inside the city pass it on."""
        reached = {box for address in recipients for box in mailboxes_of(address)}
        for box in reached:
            self.add(box, "received")
            target = REDIRECTS.get(box, ("", False))[0]
            passed_on = mailboxes_of(target)
            assert not passed_on & reached, "the same message twice by two ways is no exact case"
            for further in passed_on:
                self.add(further, "received")

    def submitted(self, person: str, recipients: Iterable[str]) -> None:
        """One message was taken from this log-in for these addresses, as the sender wrote them."""
        distinct = {address.lower() for address in recipients}
        self.add(person, "sent")
        self.add(person, "sent_recipients", len(distinct))
        self.add(person, "sent_external", sum(not address.endswith("@" + DOMAIN) for address in distinct))
        self.arrived(distinct)

    def refused(self, tried: Iterable[str], *, then_in: bool = False) -> None:
        """Attempts of one IMAP or POP3 connection were refused, one name after the other.

        Without `auth_verbose` Dovecot tells the number of attempts and the last name, and tells nothing at all when
        a log-in succeeded in the end: that is then what a log can prove.
        """
        names = list(tried)
        if not self.verbose:
            names = [] if then_in else [names[-1]] * len(names)
        for name in names:
            self.tried(name)

    def tried(self, name: str) -> None:
        """One refused attempt; it is of a mailbox only when the whole name is its address.

        Dovecot reads a name up to its first NUL.
        """
        local, _, domain = name.partition("\0")[0].lower().rpartition("@")
        if domain == DOMAIN and local in PEOPLE:
            self.add(local, "failed_logins")

    def as_json(self) -> dict[str, Any]:
        """Plain values, for another process."""
        return {person: self.of(person) for person in (*PEOPLE, GONE)}
