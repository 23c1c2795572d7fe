"""Targets: what share of a unit's leaders or staff is to use official e-mail by a day.

A target that is taken back is deleted; who set and took back what stands in the audit trail.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Double, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class TargetRow(Base):
    """One target; `unit` is a unit's key with all below it, empty for the whole city. A unit may have several days."""

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint("rank IN ('leader', 'staff')", name="rank"),
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        UniqueConstraint("unit", "rank", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    rank: Mapped[str]
    share: Mapped[float] = mapped_column(Double)
    due: Mapped[date]
    set_at: Mapped[datetime]
    set_by: Mapped[str]
