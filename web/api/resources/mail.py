"""Outgoing mail: what waits, what was refused and why, and another try."""

from __future__ import annotations

from dataclasses import dataclass

from core.db import utc_now
from core.mail import queries
from core.mail.models import MailState
from core.mail.queries import MailCounts, MailRow
from core.mail.retrying import retry
from core.permissions import Permission
from core.words import Text
from web import auth, work
from web.api.operations import Section
from web.api.parameters import AskedPart
from web.guards import needs

section = Section("mail", Text("Thư gửi đi", "Outgoing mail"))


class MailAsked(AskedPart):
    """Of one state."""

    state: MailState | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """How much there is of each state, and a part of the messages, without their texts, which nobody keeps."""

    counts: MailCounts
    rows: tuple[MailRow, ...]


@dataclass(frozen=True, slots=True)
class Retried:
    """How many messages are tried again."""

    messages: int


@section.get("/mail", Text("Thư gửi đi, mới nhất trước.", "Outgoing mail, the newest first."))
@needs(Permission.CORE_MAIL_READ)
def outgoing_mail(asked: MailAsked) -> Outbox:
    """The newest messages."""
    session = work.session()
    rows = queries.messages(session, state=asked.state, offset=asked.offset, limit=asked.limit)
    return Outbox(queries.counts(session), tuple(rows))


@section.post("/mail/retry", Text("Gửi lại thư bị từ chối.", "Try again what was refused or given up."), status=202)
@needs(Permission.CORE_MAIL_RETRY)
def retry_mail() -> Retried:
    """Everything that was refused or given up."""
    return Retried(retry(work.session(), auth.required(), now=utc_now()))
