"""A new log-in link is asked for: the same work and the same answer whether there is such an account or not.

What may be sent, and whether, is decided by a job. So neither the answer nor its time tells who has an account.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from core.directory.models import Account, MailboxRow
from core.directory.services import throttling
from core.jobs import Job, JobState, queue
from core.mail.models import LogInLink

ASK = "core.ask_log_in_link"
NOBODY = 0
MOST_WAITING = 1000
"""Asks that wait at a time; further ones are dropped, for strangers may ask."""
KEPT = timedelta(days=1)


def ask_link(session: Session, *, name: str, digest: str, address: str | None, now: datetime) -> None:
    """Ask for a link by the name (or official address) that was typed, or by the digest of an earlier link's token.

    Counts as a try from the network `address` (`throttling`): who asks a hundred times is not heard for a while.
    """
    tries = throttling.origin(session, None, address=address, moment=now)
    heard = tries.waits_until(now) <= now
    if heard:
        tries.note_failure(now)
    typed = name.strip().lower()[:254]
    by_name = select(Account.id).outerjoin(MailboxRow, MailboxRow.owner == Account.official)
    by_name = by_name.where(or_(Account.name == typed, MailboxRow.address == typed)).order_by(Account.id).limit(1)
    by_link = select(LogInLink.account).where(LogInLink.token_digest == digest)
    account = session.scalar(by_link) or session.scalar(by_name) or NOBODY
    asked = select(func.count()).where(Job.task == ASK, Job.state == JobState.WAITING.value)
    if heard and (session.scalar(asked) or 0) < MOST_WAITING:
        queue(session, ASK, subject="mail", args={"account": account})


def forget_asked(session: Session, *, now: datetime) -> None:
    """Removes the jobs of asks that were answered long ago."""
    done = (Job.task == ASK, Job.state == JobState.DONE.value, Job.finished_at < now - KEPT)
    session.execute(delete(Job).where(*done))
