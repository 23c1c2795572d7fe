"""Tables of what feeds the directory besides files: runs of the sync with a directory server, and programs by SCIM."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class SyncState(StrEnum):
    """How a run of the sync ended."""

    DONE = "done"
    REFUSED = "refused"
    """The answer was whole, but it may not be done as it stands; nothing was changed."""
    FAILED = "failed"
    """There was no whole answer; nothing was changed."""


class SyncRun(Base):
    """One run of the sync with one directory server, also one that changed nothing."""

    __tablename__ = "sync_run"
    __table_args__ = (
        CheckConstraint("state IN ('done', 'refused', 'failed')", name="state"),
        CheckConstraint("(state = 'done') = (error_vi IS NULL)", name="refused_why"),
        CheckConstraint("(error_vi IS NULL) = (error_en IS NULL)", name="in_both_languages"),
        CheckConstraint("begun_at <= ended_at", name="in_order"),
        Index("ix_sync_run_source_id", "source", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    """The key of the table `[sync.KEY]`."""
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    state: Mapped[str]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    """`core.directory.feeds.counting.Tally` by name."""
    changes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """The first changes in words, `{"vi": …, "en": …}`; of a refused run what would have changed."""
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """The first entries that could not be used and why, in words."""
    error_vi: Mapped[str | None]
    error_en: Mapped[str | None]


class FedOfficial(Base):
    """An official whom a directory server named: only such a one leaves when that server names them no more."""

    __tablename__ = "fed_official"

    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    """The entry's unchanging id there: known again when its number is missing or another; empty where it has none."""


class ProvisionedOfficial(Base):
    """What a program said of an official by SCIM, and what it calls them."""

    __tablename__ = "provisioned_official"
    __table_args__ = (CheckConstraint("created_at <= changed_at", name="in_order"),)

    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    user_name: Mapped[str]
    user_name_key: Mapped[str] = mapped_column(unique=True)
    """`user_name` in small letters: names are compared without regard to capitals (RFC 7643, 4.1.1)."""
    external_id: Mapped[str | None] = mapped_column(index=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Unit, title, rank and addresses as they were last: an official who comes back gets them again."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class ProvisionedUnit(Base):
    """What a program calls a unit."""

    __tablename__ = "provisioned_unit"

    unit: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(index=True)
