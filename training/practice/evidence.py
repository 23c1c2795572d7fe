"""What a verdict is made of: the learner, the exercise, what the logs show, what the trail shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MailKind = Literal["sent", "arrived", "forwarded", "seen", "flagged", "filed", "deleted"]
"""Submitted to a practice address; our message stored in a mailbox, or sent on by a rule; marked as read, flagged,
moved to a folder, thrown away, each by a mail program."""
OfficeKind = Literal["remarked", "agreed", "returned", "opined", "asked", "revised", "named"]
"""What was done with a document of the e-office; `named`: a deputy."""


@dataclass(frozen=True, slots=True)
class Learner:
    """Who practises: the row of the official, and the own personal mailboxes (none that is shared or a service's)."""

    official: int
    mailboxes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exercise:
    """What was asked for: `code` and `second_code` stand in addresses, `letter` is the Message-ID of our message.

    `draft` is the practice document of this exercise. Times are UTC; what happened before `issued_at` or after
    `expires_at` does not count.
    """

    kind: str
    code: str
    issued_at: datetime
    expires_at: datetime
    second_code: str | None = None
    letter: str | None = None
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class MailAct:
    """One thing that a mail server wrote of one mailbox.

    id: names the line (or the journal's entry) for ever.
    at: by the server's clock; `learned_at`: by ours, when the line was collected.
    mailbox: of the log-in that did it, or that it arrived in; None where the server names no log-in of the directory.
    proved: whether the server itself says that this log-in did it.
    codes: codes of all practice addresses that a sent message went to.
    letter: the Message-ID it concerns.
    client: the address it was done from; `network` is that address's network, `usual` the one that the mailbox was
        mostly used from in the weeks before; `server` says that it was the mail server itself or the webmail.
    station_of: the mailbox of another official whose workplace that address is.
    stranger: of an arrival: the message did not come from us, though it bears the Message-ID of ours.
    """

    id: str
    kind: MailKind
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
class OfficeAct:
    """One thing that the trail or a table of the suite holds.

    by: the official who did it; `acting_for` names another in whose place it was. `draft` is the document, `words`
    whether anything was said with it, `clean` whether a saved text has no fault of form (None: not asked).
    """

    id: str
    kind: OfficeKind
    at: datetime
    by: int
    acting_for: int | None = None
    draft: int | None = None
    words: bool = False
    clean: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of an exercise; `used` are ids that proved another one, `until` the newest line known."""

    mail: tuple[MailAct, ...] = ()
    office: tuple[OfficeAct, ...] = ()
    used: frozenset[str] = frozenset()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it was done; `why` is a key of `words.REASONS`, `evidence` the ids that prove it."""

    passed: bool
    why: str
    evidence: tuple[str, ...] = ()
