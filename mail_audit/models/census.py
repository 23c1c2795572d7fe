"""Tables of the mailbox census: the runs, and what one run counted in each mailbox.

Of a mailbox there are numbers and moments, and nothing else: no subject, no address of a letter, no name of a folder.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

CENSUS_STATES = ("running", "finished", "stopped")
MAILBOX_STATES = ("waiting", "counted", "unknown")
SENT_STATES = ("found", "empty", "missing", "unknown")
"""Of the folder of sent messages: it has one, it is empty, there is no such folder, it could not be asked."""
REASONS = ("no_mailbox", "refused", "timeout", "protocol", "unreachable", "not_asked")
"""Why a mailbox is unknown."""


class Census(Base):
    """One run over the mailboxes of the directory; `selection` says which (server, account's way in, mailboxes)."""

    __tablename__ = "census"
    __table_args__ = (
        CheckConstraint(one_of("state", CENSUS_STATES), name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished_when"),
        Index("ix_census_state_selection", "state", "selection"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    finished_at: Mapped[datetime | None]
    server: Mapped[str]
    """Host and port, as they were asked."""
    selection: Mapped[str]
    """Fingerprint of server, way in and mailboxes asked for: a killed run is taken up by one that asks the same."""
    totals: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Once ended: `counted` and each reason -> mailboxes."""


class CensusMailbox(Base):
    """What one run counted in one mailbox; NULL is *not known*, never zero."""

    __tablename__ = "census_mailbox"
    __table_args__ = (
        CheckConstraint(one_of("state", MAILBOX_STATES), name="state"),
        CheckConstraint(f"reason IS NULL OR {one_of('reason', REASONS)}", name="reason"),
        CheckConstraint(f"sent_state IS NULL OR {one_of('sent_state', SENT_STATES)}", name="sent_state"),
        CheckConstraint("(state = 'unknown') = (reason IS NOT NULL)", name="unknown_why"),
        CheckConstraint("(state = 'waiting') = (asked_at IS NULL)", name="asked_when"),
        CheckConstraint(
            "(state = 'counted') = (messages IS NOT NULL) AND (state = 'counted') = (unseen IS NOT NULL)"
            " AND (state = 'counted') = (answered IS NOT NULL) AND (state = 'counted') = (uid_validity IS NOT NULL)"
            " AND (state = 'counted') = (sent_state IS NOT NULL)",
            name="counted_whole",
        ),
        CheckConstraint(
            "messages >= 0 AND unseen >= 0 AND answered >= 0 AND unseen <= messages AND answered <= messages",
            name="counts",
        ),
        CheckConstraint("oldest_unseen_at IS NULL OR unseen > 0", name="oldest_of_some"),
        CheckConstraint("last_sent_at IS NULL OR sent_state = 'found'", name="sent_found"),
        Index("ix_census_mailbox_mailbox_asked_at", "mailbox", "asked_at"),
        Index("ix_census_mailbox_asked_at", "asked_at"),
    )

    census_id: Mapped[int] = mapped_column(ForeignKey("census.id", ondelete="CASCADE"), primary_key=True)
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    messages: Mapped[int | None] = mapped_column(BigInteger)
    unseen: Mapped[int | None] = mapped_column(BigInteger)
    answered: Mapped[int | None] = mapped_column(BigInteger)
    oldest_unseen_at: Mapped[datetime | None]
    """When the oldest unseen message of the inbox arrived (INTERNALDATE)."""
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    """Counts of two runs can be compared only where this is the same."""
    uid_next: Mapped[int | None] = mapped_column(BigInteger)
    sent_state: Mapped[str | None]
    last_sent_at: Mapped[datetime | None]
    """When the last message of the folder of sent messages was saved (INTERNALDATE)."""
