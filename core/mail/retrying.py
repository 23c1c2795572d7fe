"""Having a message tried again that was refused or given up, because somebody put right what was wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.mail.models import MailState, OutgoingMail
from core.mail.outbox import wake
from core.mail.preferences import MailAction
from core.permissions import Actor, Permission, require


def retry(session: Session, actor: Actor, *, now: datetime, mail_id: int | None = None) -> int:
    """Have one message, or all that were refused or given up, tried again; how many. Raises `ForbiddenError`.

    One that has become pointless (a link that has ended) is given up again when it is composed.
    """
    require(actor, Permission.CORE_MAIL_RETRY)
    wanted = select(OutgoingMail).where(OutgoingMail.state.in_([MailState.REFUSED.value, MailState.GIVEN_UP.value]))
    if mail_id is not None:
        wanted = wanted.where(OutgoingMail.id == mail_id)
    found = session.scalars(wanted.with_for_update()).all()
    for mail in found:
        mail.state, mail.ended_at, mail.due_at, mail.attempts, mail.created_at = (
            MailState.WAITING.value, None, now, 0, now,
        )  # fmt: skip
    session.flush()
    if found:
        wake(session)
        facts = {"messages": [mail.id for mail in found][:100], "count": len(found)}
        audit.record(session, actor=actor.in_trail, action=MailAction.RETRIED, subject="mail", facts=facts)
    return len(found)
