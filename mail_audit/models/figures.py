"""What a run said: of officials, of units, in findings, of mailboxes without an owner.

Every row keeps its `position` in the report, so that the report is rebuilt exactly. Unknown is NULL, never zero.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of
from mail_audit.report.model import CLASSES

RANKS = ("leader", "staff")
RUNGS = ("A", "B", "C", "D", "U")
COUNTS = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")


def _none_negative(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"({column} IS NULL OR {column} >= 0)" for column in columns)


class OfficialFigure(Base):
    """What is said of one official. `name_order` sorts names the Vietnamese way whatever the database's collation."""

    __tablename__ = "official_figure"
    __table_args__ = (
        CheckConstraint(one_of("rank", RANKS), name="rank"),
        CheckConstraint(one_of("usage_class", CLASSES), name="usage_class"),
        CheckConstraint(f"rung IS NULL OR {one_of('rung', RUNGS)}", name="rung"),
        CheckConstraint(_none_negative(COUNTS), name="counts"),
        CheckConstraint(
            "active_working_days >= 0 AND active_working_days <= active_days AND covered_working_days >= 0",
            name="days",
        ),
        UniqueConstraint("audit_id", "position"),
        Index("ix_official_figure_official_id", "official_id", "audit_id"),
        Index("ix_official_figure_name", "audit_id", "name_order", "id"),
        Index("ix_official_figure_unit", "audit_id", "unit", "rank", "name_order"),
        Index("ix_official_figure_class", "audit_id", "usage_class", "name_order"),
        Index("ix_official_figure_sent", "audit_id", "sent", "id"),
        Index("ix_official_figure_received", "audit_id", "received", "id"),
        Index("ix_official_figure_logins", "audit_id", "logins", "id"),
        Index("ix_official_figure_active_days", "audit_id", "active_days", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    position: Mapped[int]
    official_id: Mapped[str]
    name: Mapped[str]
    name_order: Mapped[str]
    search_text: Mapped[str]
    """Name and id in small letters without marks."""
    unit: Mapped[str]
    title: Mapped[str]
    rank: Mapped[str]
    mailboxes: Mapped[list[str]] = mapped_column(JSON)
    sent: Mapped[int | None]
    sent_recipients: Mapped[int | None]
    sent_external: Mapped[int | None]
    received: Mapped[int | None]
    logins: Mapped[int | None]
    failed_logins: Mapped[int | None]
    opened: Mapped[int | None]
    active_days: Mapped[int]
    active_working_days: Mapped[int]
    covered_working_days: Mapped[int]
    usage_class: Mapped[str]
    rung: Mapped[str | None]
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    active_last: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_post: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Spans of days that count, each with `first` and `last`; NULL for the whole period."""
    excused: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Spans of days of leave or sickness; NULL for none."""


class UnitFigure(Base):
    """What is said of one unit with its sub-units; the row with `is_city` is the sum over all."""

    __tablename__ = "unit_figure"
    __table_args__ = (
        CheckConstraint(
            "leaders_using >= 0 AND leaders_unknown >= 0 AND leaders_using + leaders_unknown <= leaders_total",
            name="leaders",
        ),
        CheckConstraint(
            "staff_using >= 0 AND staff_unknown >= 0 AND staff_using + staff_unknown <= staff_total", name="staff"
        ),
        CheckConstraint(
            "(leaders_rate IS NULL OR leaders_rate BETWEEN 0 AND 1)"
            " AND (staff_rate IS NULL OR staff_rate BETWEEN 0 AND 1)",
            name="rates",
        ),
        CheckConstraint("no_mailbox >= 0", name="no_mailbox"),
        UniqueConstraint("audit_id", "position"),
        UniqueConstraint("audit_id", "unit", "is_city"),
        Index("ix_unit_figure_parent", "audit_id", "parent"),
        Index("ix_unit_figure_city", "audit_id", "is_city"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    position: Mapped[int]
    unit: Mapped[str]
    unit_order: Mapped[str]
    parent: Mapped[str | None]
    is_city: Mapped[bool]
    leaders_total: Mapped[int]
    leaders_using: Mapped[int]
    leaders_unknown: Mapped[int]
    leaders_rate: Mapped[float | None] = mapped_column(Double)
    staff_total: Mapped[int]
    staff_using: Mapped[int]
    staff_unknown: Mapped[int]
    staff_rate: Mapped[float | None] = mapped_column(Double)
    classes: Mapped[dict[str, int]] = mapped_column(JSON)
    no_mailbox: Mapped[int]
    using_last: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditFinding(Base):
    """One sentence of the findings with its numbers; `unit` is NULL for the whole city."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        UniqueConstraint("audit_id", "position"),
        Index("ix_audit_finding_unit", "audit_id", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str]
    unit: Mapped[str | None]
    text_vi: Mapped[str]
    text_en: Mapped[str]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class UnassignedMailboxFigure(Base):
    """A mailbox of the directory's domains that no official owns. `traffic` is what it is sorted by."""

    __tablename__ = "unassigned_mailbox"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("unlisted", "shared", "service")), name="kind"),
        CheckConstraint(_none_negative(("sent", "received", "logins")), name="counts"),
        UniqueConstraint("audit_id", "position"),
        Index("ix_unassigned_mailbox_traffic", "audit_id", "traffic", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    position: Mapped[int]
    mailbox: Mapped[str]
    kind: Mapped[str]
    sent: Mapped[int | None]
    received: Mapped[int | None]
    logins: Mapped[int | None]
    traffic: Mapped[int] = mapped_column(BigInteger)
