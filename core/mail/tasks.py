"""The jobs of mail: what waits is sent, the day's messages are made, the head of the trail goes out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from core.db import settings_of, unit_of_work, utc_now
from core.directory.services import links
from core.jobs import Run, job_task
from core.mail import digests, heads, sending
from core.mail.asking import ASK, forget_asked
from core.mail.options import MailOptions
from core.mail.outbox import SEND, wake


def sending_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether something waits: a first try whose job was lost, or a further one."""
    del last
    return {} if MailOptions.of(settings_of(session)).is_on and sending.is_due(session, now) else None


@job_task(SEND, due=sending_due)
def send_mail(run: Run) -> None:
    """Send what waits; a long queue is many jobs."""
    done = sending.send_waiting(run.settings, tell=run.progress)
    if done.more:
        with unit_of_work(run.settings) as session:
            wake(session)


@job_task(ASK)
def ask_log_in_link(run: Run, *, account: int) -> None:
    """Send somebody a new log-in link, or nobody anything: whoever asked is answered before this is known."""
    with unit_of_work(run.settings) as session:
        links.ask_again(session, account_id=account, now=utc_now())
        forget_asked(session, now=utc_now())
        run.confirm(session)


@job_task("core.make_digests", due=digests.digest_due)
def make_digests(run: Run, *, day: str) -> None:
    """Queue the messages of a day, and forget those that ended long ago."""
    digests.make_digests(run.settings, day=date.fromisoformat(day), now=utc_now())
    digests.forget_old(run.settings, now=utc_now())


@job_task("core.mail_trail_head", due=heads.heads_due)
def mail_trail_head(run: Run, *, day: str) -> None:
    """Queue the head of the trail for whoever keeps it outside."""
    heads.mail_head(run.settings, day=date.fromisoformat(day), now=utc_now())
