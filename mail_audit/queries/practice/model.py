"""What is asked about practice messages, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.directory.coded import CodedAddresses

ActKind = Literal["sent", "arrived", "forwarded", "seen", "flagged", "filed", "deleted"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which messages: those to practice addresses with one of `codes`, and those with one of the Message-IDs `letters`.

    Lines from `since` to `until` (UTC) are looked at. `webmail`: addresses of webmail servers; the mail server's own
    address (127.0.0.1) is one anyway.
    """

    addresses: CodedAddresses
    codes: frozenset[str]
    letters: frozenset[str]
    since: datetime
    until: datetime
    webmail: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PracticeAct:
    """One thing that a server wrote about a practice message; `id` names the line or the journal's entry for ever.

    mailbox: of the log-in that did it, or that it arrived in; None where the server names no log-in of the directory.
    proved: whether the server itself says that this log-in did it.
    network, usual: the network of `client`, and the one the mailbox was mostly used from in the weeks before.
    server: done on the mail server or by webmail. station_of: the mailbox whose workplace `client` is, of another.
    stranger: it bears the Message-ID of a practice message that was sent from elsewhere.
    """

    id: str
    kind: ActKind
    at: datetime
    learned_at: datetime
    mailbox: str | None
    proved: bool = True
    automatic: bool = False
    codes: frozenset[str] = frozenset()
    letter: str | None = None
    client: str | None = None
    network: str | None = None
    usual: str | None = None
    server: bool = False
    station_of: str | None = None
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The acts in the order of time, and the newest moment that logs or journal tell of (None: they tell nothing)."""

    acts: tuple[PracticeAct, ...] = ()
    until: datetime | None = None
