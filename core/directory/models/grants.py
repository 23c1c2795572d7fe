"""Tables of what accounts may do: roles that are granted for a unit or the whole city, and deputies of officials.

Neither is ever deleted: the trail and what was done under them go on naming them. Days are whole and inclusive, on the
offices' clock.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class GrantRow(Base):
    """A role that an account has: for a unit and all below it, or (`unit` None) for the whole city."""

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'auditor', 'clerk', 'hr', 'inspector', 'leader')", name="role"),
        CheckConstraint("until IS NULL OR since <= until", name="in_order"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    unit: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    """The last day; None: until it is withdrawn."""
    given_at: Mapped[datetime]
    given_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class DeputyRow(Base):
    """`deputy` acts for `official` from `first_day` to `last_day`, in what `scope` says."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("scope IN ('everything', 'opinions', 'decisions')", name="scope"),
        CheckConstraint("official != deputy", name="somebody_else"),
        CheckConstraint("first_day <= last_day", name="in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"), index=True)
    deputy: Mapped[int] = mapped_column(ForeignKey("official.id"), index=True)
    scope: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    named_at: Mapped[datetime]
    named_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
