"""Tickets to the files of a package: signed, short-lived, and good for one learner, one step, one package, one log-in.

The second origin knows no cookie of ours. What it is asked for carries a ticket in its path, which our own page was
given; it says whose lesson it is, and holds as long as that person's session does, a few hours at most.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256

from training.services.scorm.reporting import Sitting

PURPOSE = b"vanthu: ticket to a package"
MICROSECONDS = 1_000_000
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket is good for. `opened` is when, in microseconds since 1970: it names the sitting.

    `session` is the row of the learner's log-in, `site` the origin of the page that may show the package.
    """

    assignment_id: int
    key: str
    package: int
    item: str
    session: int
    opened: int
    site: str
    language: str

    @property
    def sitting(self) -> Sitting:
        """The sitting that the ticket was made for."""
        return Sitting(self.assignment_id, self.key, self.package, self.item, self.opened)


def written(ticket: Ticket, secret: str) -> str:
    """The ticket as it stands in an address."""
    content = json.dumps(astuple(ticket), ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_base64(content)}.{_base64(_mark(content, secret))}"


def read(text: str, secret: str, *, hours: int, now: datetime) -> Ticket | None:
    """The ticket; None where it is none of ours, or older than `hours`."""
    content, _dot, mark = text.partition(".")
    try:
        told, given = _bytes(content), _bytes(mark)
    except (ValueError, binascii.Error):
        return None
    if len(text) > LONGEST or not hmac.compare_digest(_mark(told, secret), given):
        return None
    found = _ticket(told)
    if found is None:
        return None
    age = timedelta(microseconds=microseconds(now) - found.opened)
    return found if timedelta(0) <= age <= timedelta(hours=hours) else None


def microseconds(moment: datetime) -> int:
    """A moment as a whole number."""
    return int(moment.timestamp() * MICROSECONDS)


def _ticket(content: bytes) -> Ticket | None:
    """The ticket that was written; None where its fields are others: an earlier or a later version signed it."""
    try:
        given = json.loads(content)
    except ValueError:
        return None
    if not isinstance(given, list) or [type(one).__name__ for one in given] != [one.type for one in fields(Ticket)]:
        return None
    return Ticket(*given)


def _mark(content: bytes, secret: str) -> bytes:
    """HMAC-SHA-256 under a key for this purpose only."""
    key = hmac.digest(secret.encode(), PURPOSE, sha256)
    return hmac.digest(key, content, sha256)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
