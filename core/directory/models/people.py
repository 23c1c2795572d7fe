"""Tables of the directory: units, officials, posts, mailboxes, aliases.

What leaves the directory is marked with `gone_at`, not deleted: earlier audits still name it. Posts and aliases are
replaced as a whole, since nothing points at them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.db import Base
from core.directory.name_order import person_order

_GONE = "gone_at IS NOT NULL"


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
    __table_args__ = (
        Index("ix_official_gone", "id", sqlite_where=text(_GONE), postgresql_where=text(_GONE)),  # few of many
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_order: Mapped[str]
    """Sorts names the Vietnamese way whatever the database's collation; follows `name` by itself."""
    gone_at: Mapped[datetime | None]

    @validates("name")
    def _ordered(self, _attribute: str, name: str) -> str:
        self.name_order = person_order(name)
        return name


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
