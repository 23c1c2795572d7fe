"""Tables of the directory: units, officials, posts, mailboxes, aliases; and the accounts that may log in.

What leaves the directory is marked with `gone_at`, not deleted: earlier audits still name it. Posts and aliases are
replaced as a whole, since nothing points at them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class UnitRow(Base):
    """A unit; `key` as in `core.directory.roster.Unit`."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("parent_id != id", name="not_below_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    gone_at: Mapped[datetime | None]


class OfficialRow(Base):
    """A person; `official_id` is the number the personnel office gave."""

    __tablename__ = "official"

    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    gone_at: Mapped[datetime | None]


class PostRow(Base):
    """A post an official holds; `position` keeps the order of the file, the first is the main one."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("rank IN ('leader', 'staff')", name="rank"),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="in_order"),
    )

    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str]
    rank: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]


class MailboxRow(Base):
    """An address; a personal mailbox has an owner."""

    __tablename__ = "mailbox"
    __table_args__ = (
        CheckConstraint("kind IN ('personal', 'shared', 'service')", name="kind"),
        CheckConstraint("kind != 'personal' OR owner IS NOT NULL", name="personal_has_owner"),
        CheckConstraint("address = lower(address)", name="lower_case"),
        Index("ix_mailbox_owner", "owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    unit: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    owner: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    gone_at: Mapped[datetime | None]


class AliasRow(Base):
    """Another address of a mailbox."""

    __tablename__ = "mailbox_alias"
    __table_args__ = (CheckConstraint("address = lower(address)", name="lower_case"),)

    address: Mapped[str] = mapped_column(primary_key=True)
    mailbox: Mapped[int] = mapped_column(ForeignKey("mailbox.id"), index=True)


class Account(Base):
    """Somebody who may log in; the password only as an Argon2 hash.

    An account of the role `official` is tied to the one `official` whose figures it may see; others to nobody.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'official')", name="role"),
        CheckConstraint("(role = 'official') = (official IS NOT NULL)", name="official_is_somebody"),
        CheckConstraint("failed >= 0 AND (failed = 0) = (failed_at IS NULL)", name="failed_when"),
        CheckConstraint("name = lower(name)", name="lower_case"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
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
