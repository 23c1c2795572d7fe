"""Queueing a message: a row in the transaction of what it tells, a job that sends it after the commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.jobs import Job, JobState, queue
from core.mail.kinds import MailKind
from core.mail.models import OutgoingMail
from core.mail.options import MailOptions
from core.words import Language

SEND = "core.send_mail"
"""The job that sends what waits."""


def post(
    session: Session,
    *,
    kind: MailKind,
    address: str,
    language: Language,
    now: datetime,
    account: int | None = None,
    facts: Mapping[str, Any] | None = None,
    digest_day: date | None = None,
) -> OutgoingMail:
    """Queue a message in the session's transaction; it is composed from `facts` (plain JSON) when it is sent.

    Mail must be on (`MailOptions.is_on`). Who posts records what it was for in the trail.
    """
    sender = MailOptions.of(settings_of(session)).sender
    mail = OutgoingMail(
        kind=kind.value,
        account=account,
        address=address,
        language=language,
        facts=dict(facts or {}),
        digest_day=digest_day,
        message_id=f"<vanthu.{uuid.uuid4().hex}@{sender.rpartition('@')[2]}>",
        created_at=now,
        due_at=now,
        attempts=0,
    )
    session.add(mail)
    session.flush()
    wake(session)
    return mail


def wake(session: Session) -> None:
    """Have a worker send what waits; nothing where one is asked for already: a thousand messages are one job."""
    if "mail_awake" in session.info:
        return
    session.info["mail_awake"] = True
    waiting = select(Job.id).where(Job.task == SEND, Job.state == JobState.WAITING.value, Job.subject == "mail")
    if session.scalar(waiting.limit(1)) is None:
        queue(session, SEND, subject="mail")
