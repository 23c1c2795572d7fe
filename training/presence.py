"""Being there: the code on the teacher's screen, the ticket a phone gets for it, and when either counts. Pure.

The code changes every half minute, and is made from the installation's key, the class, its time, and the half minute:
a code of one class says nothing about another, nor about the same class at another time. Whoever shows a code that is
on the screen was in the room a moment ago. If they still have to log in, the phone gets a *ticket*, which keeps for ten
minutes what the code proved, for that class and time only. It is kept where no page and no address shows it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=15)
"""So long before its beginning and after its end a class can be checked in to."""
STEP = timedelta(seconds=30)
"""So long a code is on the screen."""
STEPS_GOOD = 3
"""A code is taken while it is on the screen, and two more half minutes for whoever is slow."""
TICKET_GOOD = timedelta(minutes=10)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
"""Signs of 5 bits: to be typed where a camera does not work. Who guesses is logged in, and has a minute and a half."""
_LOOKALIKES = str.maketrans("ILO", "110")
_TICKET = re.compile(r"(?P<at>\d{9,11})\.(?P<mark>[0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """A class as far as being there is concerned: `uid` names it for ever."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False

    @property
    def opens_at(self) -> datetime:
        """The first moment at which one can check in."""
        return self.starts_at - BEFORE

    @property
    def closes_at(self) -> datetime:
        """The moment from which one cannot any more."""
        return self.ends_at + AFTER

    def is_open(self, now: datetime) -> bool:
        """Whether one can check in now."""
        return not self.cancelled and self.opens_at <= now < self.closes_at


def code(secret_key: str, session: Session, now: datetime) -> str | None:
    """The code that the screen shows now; None while nobody can check in."""
    return _code(secret_key, session, _step(now)) if session.is_open(now) else None


def changes_at(now: datetime) -> datetime:
    """When the next code takes the place of this one."""
    return datetime.fromtimestamp((_step(now) + 1) * STEP.total_seconds(), UTC)


def is_good(secret_key: str, session: Session, given: str, now: datetime) -> bool:
    """Whether `given` is a code that the screen of this class shows, or showed up to a minute ago, while it is open."""
    typed = tidied(given)
    if not session.is_open(now) or len(typed) != CODE_LENGTH:
        return False
    steps = (step for back in range(STEPS_GOOD) if _is_of(session, step := _step(now) - back))
    return any(hmac.compare_digest(typed, _code(secret_key, session, step)) for step in steps)


def tidied(given: str) -> str:
    """A code as somebody typed it, in the signs that codes are made of; empty for what cannot be one."""
    typed = re.sub(r"[\s-]", "", given[:40]).upper().translate(_LOOKALIKES)
    return typed if all(sign in ALPHABET for sign in typed) else ""


def ticket(secret_key: str, session: Session, now: datetime) -> str:
    """What a browser that showed a good code gets, for the log-in that comes first."""
    at = int(now.timestamp())
    return f"{at}.{_mark(secret_key, session, at)}"


def is_good_ticket(secret_key: str, session: Session, given: str, now: datetime) -> bool:
    """Whether the ticket was given for this class, at this time of it, in the last ten minutes."""
    found = _TICKET.fullmatch(given)
    if found is None or not session.is_open(now):
        return False
    at = int(found["at"])
    fresh = timedelta(seconds=-1) <= now - datetime.fromtimestamp(at, UTC) <= TICKET_GOOD
    return fresh and hmac.compare_digest(found["mark"], _mark(secret_key, session, at))


def _step(now: datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def _is_of(session: Session, step: int) -> bool:
    """Whether a half minute lies in the time in which the screen shows codes."""
    ends = datetime.fromtimestamp((step + 1) * STEP.total_seconds(), UTC)
    return ends > session.opens_at


def _code(secret_key: str, session: Session, step: int) -> str:
    made = _hmac(secret_key, f"class code {_when(session)} {step}")
    number = int.from_bytes(made[:8], "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(CODE_LENGTH))


def _mark(secret_key: str, session: Session, at: int) -> str:
    return _hmac(secret_key, f"class ticket {_when(session)} {at}").hex()


def _when(session: Session) -> str:
    """The class and its time: when it is moved, codes and tickets of the old time are worth nothing."""
    return f"{session.uid} {session.starts_at.timestamp():.0f} {session.ends_at.timestamp():.0f}"


def _hmac(secret_key: str, told: str) -> bytes:
    return hmac.new(secret_key.encode(), told.encode(), hashlib.sha256).digest()
