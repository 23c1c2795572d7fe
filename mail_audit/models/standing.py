"""Standing facts: what is known of every mailbox and day from the event store, month by month, and reports made of it.

Facts of a month are replaced as a whole, in one transaction. Once retention has taken the events of a month away
(`closed_at`) they stay as they are.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class StandingMonth(Base):
    """One calendar month of facts: what they were made of, and what they hold.

    `inputs` is the SHA-256 of everything the facts depend on, so that a month is measured again only when one of these
    has changed; `facts` that of the facts themselves, which also names the files with their places in the lines.
    """

    __tablename__ = "standing_month"
    __table_args__ = (
        CheckConstraint("mailbox_days >= 0", name="counts"),
        CheckConstraint("length(inputs) = 64 AND length(facts) = 64", name="digests"),
    )

    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    timezone: Mapped[str]
    inputs: Mapped[str]
    facts: Mapped[str]
    tells: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the month's events can tell (`mail_audit.standing.Tells`)."""
    days: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Day (ISO) -> SHA-256 of its facts, so that it is known which days a new measurement changed. NULL: not known."""
    mailbox_days: Mapped[int] = mapped_column(BigInteger)
    measured_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class StandingDay(Base):
    """What is known of one mailbox on one day: `mail_audit.standing.SCHEMA`, counts of rules in `more`."""

    __tablename__ = "standing_day"
    __table_args__ = (
        CheckConstraint(
            "sent >= 0 AND sent_recipients >= 0 AND sent_external >= 0 AND received >= 0 AND logins >= 0"
            " AND failed_logins >= 0 AND (opened IS NULL OR opened >= 0)",
            name="counts",
        ),
        CheckConstraint(
            "acts_a >= 0 AND acts_b >= 0 AND acts_c >= 0 AND acts_d >= 0"
            " AND uncounted >= 0 AND delegated >= 0 AND forwards >= 0 AND outside >= 0",
            name="acts",
        ),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    sent: Mapped[int]
    sent_recipients: Mapped[int]
    sent_external: Mapped[int]
    received: Mapped[int]
    logins: Mapped[int]
    failed_logins: Mapped[int]
    opened: Mapped[int | None]
    acts_a: Mapped[int]
    acts_b: Mapped[int]
    acts_c: Mapped[int]
    acts_d: Mapped[int]
    uncounted: Mapped[int]
    delegated: Mapped[int]
    forwards: Mapped[int]
    outside: Mapped[int]
    """Messages received from outside the directory's domains."""
    blind: Mapped[bool]
    """A session was on a server that writes no flag changes."""
    scheduled: Mapped[bool]
    hosts: Mapped[str | None]
    """Servers that speak of the mailbox, each on a line of its own; so are the next three."""
    delegates: Mapped[str | None]
    targets: Mapped[str | None]
    more: Mapped[str | None]
    """Further counts that are not zero, as `name=count`."""


class StandingReport(Base):
    """A report that was made of standing facts: which run it is, and from what it can be made again."""

    __tablename__ = "standing_report"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="digest"),)

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime]
    scheduled: Mapped[bool]
    """Made by the scheduler in the morning, not asked for by a person."""
    sha256: Mapped[str]
    """Of the manifest as it was written."""
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
