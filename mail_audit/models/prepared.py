"""What pages need again and again, worked out once: a report's officials as columns, the lines of its units, and how
everybody used e-mail of late.

All of it follows from the stored figures and facts and may be thrown away and made anew at any time.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class OfficialColumns(Base):
    """The officials of a run by which lists are filtered and sorted: a packed table (`mail_audit.report.columns`)."""

    __tablename__ = "official_columns"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes]


class AuditLines(Base):
    """The days before a run's last one for which its units have lines, and of what these were made.

    `basis` is a digest of everything they follow from: where it is another one now, they are not to be used.
    """

    __tablename__ = "audit_lines"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    basis: Mapped[str]
    last: Mapped[date]
    """The last of the days; there are `mail_audit.usage.lines.DAYS` of them."""
    known: Mapped[list[str]] = mapped_column(JSON)
    """Days that have facts, from as far back as a window of the first day reaches."""
    covered: Mapped[list[str]] = mapped_column(JSON)
    """Those of them that are in the logs."""


class UnitLine(Base):
    """How many of a unit's people (with its sub-units) acted in the days up to each day; `is_city`: the sum of all."""

    __tablename__ = "unit_line"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    is_city: Mapped[bool] = mapped_column(primary_key=True)
    leaders_total: Mapped[int]
    staff_total: Mapped[int]
    data: Mapped[bytes]
    """Packed by `mail_audit.usage.lines`."""


class RunningUse(Base):
    """How every official used e-mail in the two running windows, judged of the facts that `basis` is a digest of.

    There is one row at most. It is kept up to date as long as somebody asked for it lately.
    """

    __tablename__ = "running_use"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("(basis IS NULL) = (data IS NULL)", name="whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked_on: Mapped[date]
    basis: Mapped[str | None]
    data: Mapped[bytes | None]
    """Packed by `mail_audit.queries.running`."""
