"""Tables of the accounts that may log in, their sessions, and what is known of wrong passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Account(Base):
    """Somebody who may log in; the password only as an Argon2 hash.

    What it may do stands in its grants (`models.grants`). One that is tied to an `official` may besides see and do what
    the role `official` holds, for that person's own things.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name="failed_when"),
        CheckConstraint("name = lower(name)", name="lower_case"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        Index("ix_account_name_begins", "name", postgresql_ops={"name": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    """Empty where there is none, and the account is entered by another door only."""
    official: Mapped[int | None] = mapped_column(ForeignKey("official.id"), unique=True)
    """At most one account an official: what one person is told must not be known to two."""
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]
    failed: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since the last right one, from addresses that the account was never logged in from."""
    failed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """Nobody logs in with a closed account; it keeps its name, its trail and its password."""
    closed_by: Mapped[str | None]


class AccountSession(Base):
    """A log-in that goes on: known by the digest of the token in the browser's signed cookie.

    It is open until it is ended, or one of the time-outs passes (settings of the pages).
    """

    __tablename__ = "account_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_whole"),
        CheckConstraint("created_at <= seen_at", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256, hexadecimal."""
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Last sign of life, true to a minute."""
    address: Mapped[str]
    """Shortened (`core.directory.origins`); empty where none was known."""
    browser: Mapped[str]
    """In plain words; empty where it did not say."""
    factor: Mapped[str | None]
    """What proved the log-in besides the password (`queries.factors.Factor`); None for the password alone."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    """The account, or the system account of the command line, that ended it."""


class LogInOrigin(Base):
    """Wrong passwords from one address, for one account or for any: what `services.throttling` counts."""

    __tablename__ = "log_in_origin"
    __table_args__ = (
        CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name="failed_when"),
        Index("ix_log_in_origin_used_at", "used_at"),
    )

    mark: Mapped[str] = mapped_column(primary_key=True)
    """A keyed digest of account and address: neither can be read from it."""
    failed: Mapped[int]
    failed_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    """The last log-in of the account from there."""
    used_at: Mapped[datetime]
