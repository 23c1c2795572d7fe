"""A trial message, sent at once past the queue: whether the settings are right."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from core.db import settings_of
from core.errors import ConflictError, InputError, UnavailableError
from core.mail import smtp
from core.mail.addresses import is_address
from core.mail.kinds import MailKind
from core.mail.letters import tried
from core.mail.options import MailOptions
from core.mail.queries import is_somebodys
from core.mail.rendering import as_email
from core.settings import Settings
from core.words import Text


def check(session: Session, *, address: str) -> None:
    """Raises `UnavailableError` while mail is off, `InputError` for no address, `ConflictError` where the settings have
    mail sent in an official's name: its submissions would count as that official's use.
    """
    options = MailOptions.of(settings_of(session))
    if not options.is_on:
        raise UnavailableError(Text("Chưa bật gửi thư ([mail] server).", "Mail is off ([mail] server)."))
    if not is_address(address):
        raise InputError(Text("Địa chỉ thư chưa đúng.", "That is no address of a mailbox."))
    owned = is_somebodys(session, options)
    if owned is not None:
        raise ConflictError(
            Text(
                f"{owned} là hộp thư riêng của một cán bộ: mỗi lá thư gửi đi sẽ bị tính là người đó dùng thư. Hãy dùng"
                " một hộp thư dịch vụ.",
                f"{owned} is an official's own mailbox: every message sent would count as that person's use. Please use"
                " a service mailbox.",
            )
        )


def send(settings: Settings, *, address: str, now: datetime) -> str:
    """Sends a trial message to `address`; the server's answer. Raises `UnavailableError` with what it said."""
    options = MailOptions.of(settings)
    message = as_email(
        tried(settings.language),
        kind=MailKind.CORE_MAIL_TRIED.value,
        sender=options.sender,
        address=address,
        message_id=f"<vanthu.{uuid.uuid4().hex}@{options.sender.rpartition('@')[2]}>",
        at=now,
        site=options.site,
    )
    try:
        with smtp.opened(options, settings.mail_password) as line:
            return line.give(message, sender=options.sender, address=address)
    except (smtp.RefusedError, smtp.LaterError) as answered:
        raise _said(str(answered)) from answered
    except smtp.ServerError as away:
        raise _said(away.detail) from away


def _said(answer: str) -> UnavailableError:
    return UnavailableError(
        Text(f"Máy chủ thư không nhận: {answer}", f"The mail server did not take it: {answer}"), detail=answer
    )
