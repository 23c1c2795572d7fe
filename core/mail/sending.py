"""Giving what waits to the server: one worker a message, waits that grow, an end that is written down.

A worker takes a message by moving on when it is due (`LEASE`), commits that, and only then talks to the server. Killed
while it talks, the message is due again when the lease is over. Killed after the server's "250" and before the mark, it
is sent a second time: SMTP cannot tell whether the first arrived. Both have the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.log import get_logger
from core.mail import smtp
from core.mail.letters import StaleLetterError, compose
from core.mail.models import MailState, OutgoingMail
from core.mail.options import MailOptions
from core.mail.queries import is_somebodys
from core.mail.rendering import as_email
from core.settings import Settings

AT_ONCE = 100
"""Messages of one job and one connection."""
LEASE = timedelta(minutes=5)
"""So long a worker may take for one message; longer than `smtp.WHOLE_SECONDS` twice."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""How long is waited after the first, second … try that was put off; the last one again and again."""
GIVEN_UP = timedelta(days=4)
"""So long after it was queued a message is tried."""
_log = get_logger("vanthu.mail")


@dataclass(slots=True)
class Sent:
    """What one run came to, in messages; `more` says whether others are due already."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    stale: int = 0
    more: bool = False
    away: str = ""
    """What the server said or did, where it takes nothing at all."""


def send_waiting(
    settings: Settings, *, most: int = AT_ONCE, clock: Callable[[], datetime] = utc_now, tell: Callable[[int], None]
) -> Sent:
    """Send what is due, oldest first, at most `most` messages over one connection; `tell` is called with the count.

    Where the server takes nothing at all, everything that waits is put off, and no message is blamed. Nothing is sent
    with an official's own mailbox: it would be counted as that official's use.
    """
    options = MailOptions.of(settings)
    done = Sent()
    if not options.is_on:
        return done
    with unit_of_work(settings) as session:
        owned = is_somebodys(session, options)
    if owned is not None:
        done.away = f"{owned} is an official's own mailbox"
        _log.error("mail is not sent in an official's name", mailbox=owned)
        return done
    with ExitStack() as stack:
        line: smtp.Line | None = None
        for number in range(most):
            taken = _take(settings, clock())
            if taken is None:
                return done
            tell(number)
            composed = _composed(settings, taken, options, clock())
            if composed is None:
                done.stale += 1
                continue
            try:
                if line is None:
                    line = stack.enter_context(smtp.opened(options, settings.mail_password))
                _give(settings, taken, line, composed, clock, done)
            except smtp.ServerError as away:
                _put_off(settings, taken, away.detail, clock(), others=True)
                done.away = away.detail
                return done
    with unit_of_work(settings) as session:
        done.more = is_due(session, clock())
    return done


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that this worker holds: its row and which try this is."""

    id: int
    attempts: int
    created_at: datetime


def is_due(session: Session, now: datetime) -> bool:
    """Whether a message waits to be sent now."""
    return session.scalar(select(OutgoingMail.id).where(_is_due(now)).limit(1)) is not None


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(OutgoingMail.state == MailState.WAITING.value, OutgoingMail.due_at <= now)


def _take(settings: Settings, now: datetime) -> _Taken | None:
    """The oldest message that is due, held for `LEASE` by this worker alone; None where there is none."""
    with unit_of_work(settings) as session:
        wanted = select(OutgoingMail).where(_is_due(now)).order_by(OutgoingMail.due_at, OutgoingMail.id).limit(1)
        mail = session.scalars(wanted.with_for_update(skip_locked=True)).first()
        if mail is None:
            return None
        mail.due_at, mail.attempts = now + LEASE, mail.attempts + 1
        return _Taken(mail.id, mail.attempts, mail.created_at)


def _composed(settings: Settings, taken: _Taken, options: MailOptions, now: datetime) -> EmailMessage | None:
    """The message as bytes to be; None where there is nothing to say any more, which is written down."""
    with unit_of_work(settings) as session:
        mail = session.get_one(OutgoingMail, taken.id)
        try:
            letter = compose(session, mail, now=now)
        except StaleLetterError as stale:
            _end(session, taken.id, MailState.GIVEN_UP, str(stale), now)
            _log.info("stale", mail=taken.id, kind=mail.kind, why=str(stale))
            return None
        return as_email(
            letter,
            kind=mail.kind,
            sender=letter.sender or options.sender,
            address=mail.address,
            message_id=mail.message_id,
            at=mail.created_at,
            site=options.site,
        )


def _give(
    settings: Settings,
    taken: _Taken,
    line: smtp.Line,
    message: EmailMessage,
    clock: Callable[[], datetime],
    done: Sent,
) -> None:
    """Hands the message over, writes down what became of it, and counts it."""
    try:
        sender = message["From"].addresses[0].addr_spec
        answer = line.give(message, sender=sender, address=str(message["To"]))
    except smtp.RefusedError as never:
        with unit_of_work(settings) as session:
            _end(session, taken.id, MailState.REFUSED, str(never), clock())
        _log.warning("refused", mail=taken.id, answer=str(never))
        done.refused += 1
        return
    except smtp.LaterError as later:
        _put_off(settings, taken, str(later), clock())
        done.put_off += 1
        return
    with unit_of_work(settings) as session:
        _end(session, taken.id, MailState.SENT, answer, clock())
    done.sent += 1
    _log.info("sent", mail=taken.id, attempts=taken.attempts)


def _put_off(settings: Settings, taken: _Taken, answer: str, now: datetime, *, others: bool = False) -> None:
    """Try again later, or never when it was tried for too long; with `others`, none of what waits is tried sooner."""
    wait = WAITS[min(taken.attempts, len(WAITS)) - 1]
    with unit_of_work(settings) as session:
        if now + wait - taken.created_at > GIVEN_UP:
            _end(session, taken.id, MailState.GIVEN_UP, answer, now)
        else:
            waiting = (OutgoingMail.id == taken.id, OutgoingMail.state == MailState.WAITING.value)
            session.execute(update(OutgoingMail).where(*waiting).values(due_at=now + wait, answer=answer))
        if others:
            session.execute(update(OutgoingMail).where(_is_due(now)).values(due_at=now + wait))
    _log.warning("put off", mail=taken.id, attempts=taken.attempts, answer=answer)


def _end(session: Session, mail_id: int, state: MailState, answer: str, now: datetime) -> None:
    """Writes the end of a message that has none yet."""
    waiting = (OutgoingMail.id == mail_id, OutgoingMail.state == MailState.WAITING.value)
    session.execute(update(OutgoingMail).where(*waiting).values(state=state.value, answer=answer, ended_at=now))
