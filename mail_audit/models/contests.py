"""What officials say of their figures, what they are answered, and what an office put on record about them.

Nothing here is ever deleted: a contest outlives the report it speaks of (and keeps the period and the figure it was
about), an exception that was wrong is withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

CONTEST_STATES = ("open", "accepted", "explained")
FIGURES = (
    "sent", "sent_recipients", "sent_external", "received", "opened", "logins", "failed_logins", "active_days",
    "delegated", "forwards",
)  # fmt: skip
"""The figures of an official that open into lines, by the names they have in a report."""
ABOUT = ("usage_class", "day", *FIGURES)
"""What a contest may be about: what is said on the whole, one day, one figure."""
EXCEPTION_KINDS = ("leave", "sickness", "shared_station", "agreed_delegate")


class Contest(Base):
    """An official (or somebody for them) says that a figure is not right; it waits until it is answered.

    `value` is what the figure was then (None: not known, or no number), `official_id` the personnel office's number.
    """

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint(one_of("state", CONTEST_STATES), name="state"),
        CheckConstraint(one_of("about", ABOUT), name="about"),
        CheckConstraint("(about = 'day') = (day IS NOT NULL)", name="which_day"),
        CheckConstraint("first_day <= last_day", name="period_order"),
        CheckConstraint(
            "(state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answered_by IS NULL)"
            " AND (state = 'open') = (answer IS NULL)",
            name="answered_whole",
        ),
        Index("ix_contest_state", "state", "asked_at", "id"),
        Index("ix_contest_audit", "audit_id", "official_id"),
        Index("ix_contest_official", "official_id", "id"),
        Index("ix_contest_answered", "answered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id", ondelete="SET NULL"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    official_id: Mapped[str]
    about: Mapped[str]
    day: Mapped[date | None]
    value: Mapped[int | None]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    answer_seen_at: Mapped[datetime | None]
    """When the official first opened the answer; nothing waits for them here from then on."""


class UsageException(Base):
    """Something known of an official that no log says, from `first_day` to `last_day` (None: until it is ended).

    `official` and `delegate` are rows of the directory. Ended: somebody set the last day; withdrawn: it was wrong and
    no report made from then on takes it into account.
    """

    __tablename__ = "usage_exception"
    __table_args__ = (
        CheckConstraint(one_of("kind", EXCEPTION_KINDS), name="kind"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="in_order"),
        CheckConstraint("(kind = 'shared_station') = (address IS NOT NULL)", name="which_station"),
        CheckConstraint("(kind = 'agreed_delegate') = (delegate IS NOT NULL)", name="which_delegate"),
        CheckConstraint("delegate IS NULL OR delegate != official", name="somebody_else"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL OR last_day IS NOT NULL)", name="ended_whole"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_why IS NULL)",
            name="withdrawn_whole",
        ),
        Index("ix_usage_exception_official", "official", "first_day"),
        Index("ix_usage_exception_days", "first_day", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    note: Mapped[str]
    address: Mapped[str | None]
    delegate: Mapped[int | None] = mapped_column(ForeignKey("official.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]
