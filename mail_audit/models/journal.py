"""Tables of the journal: messages known by envelope copies, whom they went to, who was heard when, the runs themselves.

No subject, no text, no message-id: a message is known by a fingerprint of its id and date.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

PROOFS = ("login", "nameless", "inside", "claimed", "outside")
AUTOMATIC = ("submitted", "precedence", "list", "empty_sender")
KINDS = ("envelope", "to", "cc", "bcc", "recipient")
REDIRECTED = ("expanded", "forwarded")


class JournalMessage(Base):
    """One message, however many copies of it came. `at` is when the first server that we believe took it."""

    __tablename__ = "journal_message"
    __table_args__ = (
        CheckConstraint(one_of("proof", PROOFS), name="proof"),
        CheckConstraint("(proof = 'login') = (log_in IS NOT NULL)", name="log_in_named"),
        CheckConstraint(f"automatic IS NULL OR {one_of('automatic', AUTOMATIC)}", name="automatic"),
        CheckConstraint("size >= 0", name="size"),
        Index("ix_journal_message_at", "at"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    dated_at: Mapped[datetime | None]
    """What the writer's program put into the letter; never evidence."""
    taken_at: Mapped[datetime]
    server: Mapped[str]
    sender: Mapped[str]
    """The envelope's sender; empty for a message that wants no answer."""
    log_in: Mapped[str | None]
    proof: Mapped[str]
    automatic: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigInteger)


class JournalRecipient(Base):
    """Somebody a message went to; `source` is the list or mailbox it was for before it was redirected."""

    __tablename__ = "journal_recipient"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(f"redirected IS NULL OR {one_of('redirected', REDIRECTED)}", name="redirected"),
        CheckConstraint("(redirected IS NULL) = (source IS NULL)", name="redirected_from"),
    )

    message: Mapped[str] = mapped_column(ForeignKey("journal_message.key", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    redirected: Mapped[str | None]
    source: Mapped[str | None]


class JournalHour(Base):
    """A server gave copies of messages of this hour (UTC): it was journaling then."""

    __tablename__ = "journal_hour"

    server: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)


class JournalRun(Base):
    """One run of the journal: `beat_at` is its last sign of life; what a kill leaves open has no `ended_at`."""

    __tablename__ = "journal_run"
    __table_args__ = (
        CheckConstraint("started_at <= beat_at", name="in_order"),
        CheckConstraint("ended_at IS NULL OR started_at <= ended_at", name="ended_after"),
        CheckConstraint("taken >= 0 AND refused >= 0", name="counts"),
        Index("ix_journal_run_beat_at", "beat_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listen: Mapped[str]
    protocol: Mapped[str]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(BigInteger, default=0)
    """Copies answered with 250 in this run, those that came twice included."""
    refused: Mapped[int] = mapped_column(BigInteger, default=0)
    """Copies answered with 4xx or 5xx."""
