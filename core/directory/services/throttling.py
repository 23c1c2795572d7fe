"""Guessing passwords and codes is slowed: by the address it comes from, by the account, and by both together.

What cannot happen: that an official is locked out by somebody else's guessing. Every wait grows and has an end; a try
during a wait neither counts nor lengthens it; and where an account was logged in with before, only its own wrong
passwords *from there* make it wait. The wait for tries on one account from elsewhere ends after a minute.

A whole office may share one address with whoever guesses, and a telephone's address changes by the hour. So *there* is
first of all the browser: one in which all steps of a log-in were taken keeps a random token, and a try that brings it
is counted with that browser's own tries for the account, wherever it comes from and whoever guesses beside it ("device
cookies", OWASP). A token that no log-in stands behind is worth nothing: then the address is what counts.

Codes of an authenticator app are counted apart, so that a right password does not wipe their counts out. Who guesses
them has the password already, and a code is short: the wait from elsewhere grows to two hours. Passkeys and recovery
codes, which cannot be guessed, are always there for the owner.

Addresses are kept as keyed digests (HMAC-SHA-256 under the installation's key), one IPv4 address or 64 bits of IPv6.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory import origins
from core.directory.models import Account, LogInOrigin

SHORTEST_WAIT = timedelta(seconds=30)
FORGOTTEN = timedelta(hours=24)
"""So long after the last wrong password those before count no more."""
KNOWN_FOR = timedelta(days=90)
"""So long after a log-in an account is known where it came from; rows unused for longer are removed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """So many wrong passwords cost nothing; each further one doubles the wait, up to the longest."""

    free: int
    longest: timedelta

    def wait(self, failed: int) -> timedelta:
        """The wait after that many wrong passwords."""
        if failed < self.free:
            return timedelta(0)
        return min(SHORTEST_WAIT * (1 << min(failed - self.free, 16)), self.longest)


OF_BOTH = Rule(5, timedelta(minutes=30))
"""One account from one address."""
OF_ADDRESS = Rule(50, timedelta(minutes=30))
"""Any accounts from one address: an office behind one address has many who mistype."""
OF_ACCOUNT = Rule(20, timedelta(minutes=1))
"""One account from anywhere: short, for its owner may be on the way with a new address."""
CODES_OF_ACCOUNT = Rule(10, timedelta(hours=2))
"""Codes of one account from anywhere: twelve tries a day find a code of six digits, three of which are good at any
moment, with a chance of about one in 76 a year, and each of them is in the trail."""


class Guessed(StrEnum):
    """What is guessed; each is counted by itself."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind
    CODE = "code"
    RECOVERY_CODE = "recovery code"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of tries for one account (None: a name nobody bears) from one address."""

    account: Account | LogInOrigin | None
    both: LogInOrigin | None
    anybody: LogInOrigin
    of_account: Rule = OF_ACCOUNT

    def waits_until(self, moment: datetime) -> datetime:
        """When the next try counts; `moment` where it need not wait."""
        ends = [moment]
        if self.both is not None:
            ends.append(_end(OF_BOTH, self.both.failed, self.both.failed_at, moment))
        if not self.is_known(moment):
            ends.append(_end(OF_ADDRESS, self.anybody.failed, self.anybody.failed_at, moment))
            if self.account is not None:
                ends.append(_end(self.of_account, self.account.failed, self.account.failed_at, moment))
        return max(ends)

    def is_known(self, moment: datetime) -> bool:
        """Whether the account was logged in with from here, not too long ago."""
        return self.both is not None and _is_known(self.both, moment)

    def note_failure(self, moment: datetime) -> int:
        """Count a wrong password; how many there were for this account from this address."""
        known = self.is_known(moment)
        for row in (self.both, None if known else self.anybody, None if known else self.account):
            if row is not None:
                row.failed = _counting(row.failed, row.failed_at, moment) + 1
                row.failed_at = moment
            if isinstance(row, LogInOrigin):
                row.used_at = moment
        if self.both is None:
            return self.anybody.failed
        self.anybody.used_at = moment
        return self.both.failed

    def note_begun(self, moment: datetime) -> None:
        """Count a try before its answer is known, which somebody else gives: many at once must not be free."""
        for row in (self.both, None if self.is_known(moment) else self.account):
            if row is not None:
                row.failed, row.failed_at = _counting(row.failed, row.failed_at, moment) + 1, moment
            if isinstance(row, LogInOrigin):
                row.used_at = moment

    def note_unanswered(self, moment: datetime) -> None:
        """Nobody could say whether the try that was begun was right, so it was none."""
        for row in (self.both, None if self.is_known(moment) else self.account):
            if row is not None and row.failed:
                row.failed -= 1
                row.failed_at = row.failed_at if row.failed else None

    def note_wrong(self, moment: datetime) -> None:
        """The try that was begun was wrong: it counts for its address too."""
        if not self.is_known(moment):
            self.anybody.failed = _counting(self.anybody.failed, self.anybody.failed_at, moment) + 1
            self.anybody.failed_at = self.anybody.used_at = moment

    def note_success(self, moment: datetime) -> None:
        """The right password: the account is known here, and what went wrong for it is forgotten.

        What was guessed at other accounts from this address is not: an own account must not wipe it out.
        """
        for row in (self.both, self.account):
            if row is not None:
                row.failed, row.failed_at = 0, None
        if self.both is not None:
            self.both.succeeded_at = self.both.used_at = moment


def origin(
    session: Session,
    account: Account | None,
    *,
    address: str | None,
    moment: datetime,
    guessed: Guessed = Guessed.PASSWORD,
    device: str | None = None,
) -> Origin:
    """What is known of tries for `account` from `address`; its rows are locked, the account's by the caller.

    `device` is the token of a browser (`know`), where it brings one.
    """
    key, network = settings_of(session).secret_key.encode(), origins.network(address)
    anyone = _mark(key, f"{_whose(guessed, '*')} {network}")
    if account is None:
        return Origin(None, None, _row(session, anyone, moment))
    whose = _whose(guessed, account.id)
    both, anybody = _here(session, key, whose, device, network, moment), _row(session, anyone, moment)
    if guessed is Guessed.PASSWORD:
        return Origin(account, both, anybody)
    anywhere = _row(session, _mark(key, f"{whose} from anywhere"), moment)
    return Origin(anywhere, both, anybody, CODES_OF_ACCOUNT if guessed is Guessed.CODE else OF_ACCOUNT)


def origin_at_door(
    session: Session,
    *,
    door: str,
    name: str | None,
    address: str | None,
    moment: datetime,
    device: str | None = None,
) -> Origin:
    """What is known of tries for a name at another door, whose account is not known before it answers.

    Without a name (at a provider that asks for it itself) only the address counts.
    """
    key, network = settings_of(session).secret_key.encode(), origins.network(address)
    anybody = _row(session, _mark(key, f"* {network}"), moment)
    if name is None:
        return Origin(None, None, anybody)
    whose = f"door {door} {_alike(name)}"
    both = _here(session, key, whose, device, network, moment)
    return Origin(_row(session, _mark(key, f"{whose} from anywhere"), moment), both, anybody)


def know(session: Session, account: Account, *, device: str, factor: bool, moment: datetime) -> None:
    """The browser with that token is one of the account's: all steps of a log-in were taken there, `factor` or not."""
    key = settings_of(session).secret_key.encode()
    for guessed in Guessed if factor else (Guessed.PASSWORD,):
        _make_known(session, _of_device(key, _whose(guessed, account.id), device), moment)


def know_at_door(session: Session, *, door: str, name: str, device: str, moment: datetime) -> None:
    """The same of a name that another door let in."""
    key = settings_of(session).secret_key.encode()
    _make_known(session, _of_device(key, f"door {door} {_alike(name)}", device), moment)


def forget_unused(session: Session, moment: datetime) -> None:
    """Remove what was not used for so long that nothing follows from it."""
    session.execute(delete(LogInOrigin).where(LogInOrigin.used_at < moment - KNOWN_FOR))


def _row(session: Session, mark: str, moment: datetime) -> LogInOrigin:
    """The row of that mark, made where there is none; two that try at once get the same."""
    found = session.get(LogInOrigin, mark, with_for_update=True, populate_existing=True)
    if found is None:
        try:
            with session.begin_nested():
                session.add(LogInOrigin(mark=mark, failed=0, used_at=moment))
        except IntegrityError:  # another try was first
            pass
        found = session.get_one(LogInOrigin, mark, with_for_update=True, populate_existing=True)
    return found


def _here(session: Session, key: bytes, whose: str, device: str | None, network: str, moment: datetime) -> LogInOrigin:
    """The row of tries in the browser with that token where a log-in stands behind it, else of those from the network.

    None is made for a token: they can be invented.
    """
    mark = _of_device(key, whose, device)
    found = None if mark is None else session.get(LogInOrigin, mark, with_for_update=True, populate_existing=True)
    if found is not None and _is_known(found, moment):
        return found
    return _row(session, _mark(key, f"{whose} {network}"), moment)


def _is_known(row: LogInOrigin, moment: datetime) -> bool:
    """Whether somebody was logged in there, not too long ago."""
    return row.succeeded_at is not None and moment - row.succeeded_at < KNOWN_FOR


def _make_known(session: Session, mark: str | None, moment: datetime) -> None:
    if mark is not None:
        row = _row(session, mark, moment)
        row.failed, row.failed_at = 0, None
        row.succeeded_at = row.used_at = moment


def _whose(guessed: Guessed, account: int | str) -> str:
    """Whose tries, in a mark; those of passwords bear no kind, as in the days when there were no others."""
    return f"{account}" if guessed is Guessed.PASSWORD else f"{guessed} {account}"


def _of_device(key: bytes, whose: str, device: str | None) -> str | None:
    return _mark(key, f"{whose} device {device}") if device else None


def _mark(key: bytes, text: str) -> str:
    return hmac.new(key, f"log-in origin {text}".encode(), hashlib.sha256).hexdigest()


def _alike(name: str) -> str:
    """A name without what a directory server overlooks: case, width, marks, spaces. Else each spelling counts anew."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())


def _counting(failed: int, failed_at: datetime | None, moment: datetime) -> int:
    return 0 if failed_at is None or moment - failed_at > FORGOTTEN else failed


def _end(rule: Rule, failed: int, failed_at: datetime | None, moment: datetime) -> datetime:
    counting = _counting(failed, failed_at, moment)
    return moment if failed_at is None else max(moment, failed_at + rule.wait(counting))
