"""What the journal knows of practice messages: who logged in to send them, and to which codes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mail_audit.models import JournalMessage, JournalRecipient
from mail_audit.queries.practice.model import Asked, PracticeAct
from mail_audit.trace.addresses import AddressBook


def acts_in_journal(session: Session, asked: Asked, book: AddressBook) -> list[PracticeAct]:
    """Messages to the codes asked for. Proved is only what a server that we believe says of a log-in. One query."""
    begins = func.substr(JournalRecipient.address, 1, len(asked.addresses.before)) == asked.addresses.before
    wanted = (
        select(JournalMessage, JournalRecipient.address, JournalRecipient.source)
        .join(JournalRecipient, JournalRecipient.message == JournalMessage.key)
        .where(JournalMessage.at.between(asked.since, asked.until), begins)
        .order_by(JournalMessage.key)
    )
    messages: dict[str, JournalMessage] = {}
    codes: dict[str, set[str]] = {}
    for message, address, source in session.execute(wanted):
        messages[message.key] = message
        found = {asked.addresses.code_in(one) for one in (address, source) if one}
        codes.setdefault(message.key, set()).update(code for code in found if code)
    return [
        PracticeAct(
            id=f"journal:{key}",
            kind="sent",
            at=message.at,
            learned_at=message.taken_at,
            mailbox=book.mailbox(message.log_in or "") if message.proof == "login" else None,
            proved=message.proof == "login",
            automatic=message.automatic is not None,
            codes=frozenset(codes[key]),
        )
        for key, message in messages.items()
        if codes[key] & asked.codes
    ]
