"""Tables of outgoing mail: what accounts were told, the messages that wait or went, what each account wants."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class MailState(StrEnum):
    """Where a message is. `refused`: the server said never; `given_up`: it was not taken for too long, or is stale."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class Every(StrEnum):
    """How often an account is written to about what it was told."""

    DAY = "day"
    ONCE = "once"
    NEVER = "never"


class OutgoingMail(Base):
    """A message, without its text: `facts` and what it is about are enough to compose it."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'refused', 'given_up')", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("attempts >= 0", name="counts"),
        CheckConstraint("digest_day IS NULL OR account IS NOT NULL", name="digest_of_somebody"),
        UniqueConstraint("account", "digest_day", name="uq_outgoing_mail_one_a_day"),
        Index("ix_outgoing_mail_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Whom it is for; none for an address of the settings."""
    address: Mapped[str]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest_day: Mapped[date | None]
    """The day whose one message it is; the database allows one a day and account."""
    message_id: Mapped[str] = mapped_column(unique=True)
    """The same at every try."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Not tried before; a worker that takes it moves this on, so that it is tried again should the worker die."""
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None]
    """What the server said last, cut short and without control characters."""
    state: Mapped[str] = mapped_column(default=MailState.WAITING.value)
    ended_at: Mapped[datetime | None]


class MailNotice(Base):
    """One thing an account is told, in both languages: a line of a message, told once for each thing."""

    __tablename__ = "mail_notice"
    __table_args__ = (
        UniqueConstraint("account", "kind", "thing", name="uq_mail_notice_once"),
        Index("ix_mail_notice_mail", "mail"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    thing: Mapped[str]
    """What it is about, as `<thing>:<id>`: the pages know where that is."""
    said_vi: Mapped[str]
    said_en: Mapped[str]
    told_at: Mapped[datetime]
    mail: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mail.id"))
    """The message it is a line of; none while it waits for the day's."""


class MailPreference(Base):
    """What an account chose; without a row: once a day, everything, in the installation's language."""

    __tablename__ = "mail_preference"
    __table_args__ = (
        CheckConstraint("every IN ('day', 'once', 'never')", name="every"),
        CheckConstraint("language IS NULL OR language IN ('vi', 'en')", name="language"),
    )

    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    every: Mapped[str] = mapped_column(default=Every.DAY.value)
    language: Mapped[str | None]
    unwanted: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds that are switched off."""
    address: Mapped[str | None]
    """Of an account that is tied to no official; officials are written to at their official mailbox only."""


class LogInLink(Base):
    """A link that lets somebody choose the password of an account, once and for a time.

    The token is not kept: it is made anew from `nonce` and the installation's key when the message is sent, and known
    again by its digest. Who reads this table alone cannot log in with it.
    """

    __tablename__ = "log_in_link"
    __table_args__ = (
        CheckConstraint("created_at < ends_at", name="in_order"),
        CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="one_end"),
        Index("ix_log_in_link_account", "account", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    nonce: Mapped[str]
    token_digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256, hexadecimal."""
    invited: Mapped[bool]
    """Whether the account had no password of its own yet."""
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    """A later link took its place, or a password was chosen by another."""
