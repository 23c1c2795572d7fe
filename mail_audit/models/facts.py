"""Facts below the figures: counts per mailbox and day, and who acted in each week, unit by unit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class MailboxDay(Base):
    """What the logs show of one mailbox on one day; `opened` is NULL where they cannot tell.

    `acts_a` to `acts_d` are acts of the owner by rung, `delegated` those from another official's station or log-in.
    """

    __tablename__ = "mailbox_day"
    __table_args__ = (
        CheckConstraint(
            "sent >= 0 AND sent_recipients >= 0 AND sent_external >= 0 AND received >= 0 AND logins >= 0"
            " AND failed_logins >= 0 AND (opened IS NULL OR opened >= 0)",
            name="counts",
        ),
        CheckConstraint(
            "acts_a >= 0 AND acts_b >= 0 AND acts_c >= 0 AND acts_d >= 0"
            " AND uncounted >= 0 AND delegated >= 0 AND forwards >= 0",
            name="acts",
        ),
    )

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
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
    """Sessions that end without counters: whether a person read in them is not known."""
    delegated: Mapped[int]
    forwards: Mapped[int]


class UnitWeek(Base):
    """Officials of a unit (with its sub-units) who acted in a week; `is_city` for the sum over all.

    Counted when the result is stored, because doing it on every page would read all days of all mailboxes.
    """

    __tablename__ = "unit_week"
    __table_args__ = (CheckConstraint("leaders_using >= 0 AND staff_using >= 0", name="counts"),)

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    is_city: Mapped[bool] = mapped_column(primary_key=True)
    start: Mapped[date] = mapped_column(primary_key=True)
    leaders_using: Mapped[int]
    staff_using: Mapped[int]
