"""The runs of the audit: what was asked, which logs, how far, which files came out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

STATES = ("waiting", "collecting", "rolling_up", "rendering", "finished", "failed", "cancelled")
STATES_WITH_FIGURES = ("rendering", "finished")
RUNNING_STATES = ("waiting", "collecting", "rolling_up", "rendering")
SOURCES = ("folder", "upload")
FILE_STATES = ("waiting", "reading", "read", "removed")


class Audit(Base):
    """One run: asked by whom for which days, its state, and (once rolled up) period and coverage.

    `measured` names the folder of the collect step's result below the audit's own folder in the store; the step that
    commits it first wins, so that a job run twice leaves one result.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("asked_first IS NULL OR asked_last IS NULL OR asked_first <= asked_last", name="asked_order"),
        CheckConstraint("first_day IS NULL OR first_day <= last_day", name="period_order"),
        CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL) AND (first_day IS NULL) = (working_days IS NULL)"
            " AND (first_day IS NULL) = (stored_at IS NULL)",
            name="period_whole",
        ),
        CheckConstraint(f"first_day IS NOT NULL OR NOT ({one_of('state', STATES_WITH_FIGURES)})", name="figures"),
        CheckConstraint(
            "(state IN ('finished', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="finished_when"
        ),
        CheckConstraint(
            "(state = 'failed') = (error_vi IS NOT NULL) AND (state = 'failed') = (error_en IS NOT NULL)",
            name="failed_why",
        ),
        CheckConstraint(
            "lines >= 0 AND events >= 0 AND not_of_interest >= 0 AND broken >= 0"
            " AND covered_days >= 0 AND missing_days >= 0 AND officials >= 0",
            name="counts",
        ),
        Index("ix_audit_last_day", "last_day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    asked_first: Mapped[date | None]
    asked_last: Mapped[date | None]
    timezone: Mapped[str]
    asked_paths: Mapped[list[str]] = mapped_column(JSON)
    """Files and folders to read, as given by the administrator; uploads stand in `uploaded_log`."""
    reading_since: Mapped[datetime | None]
    progress_at: Mapped[datetime | None]
    bytes_read: Mapped[int] = mapped_column(BigInteger, default=0)
    bytes_total: Mapped[int] = mapped_column(BigInteger, default=0)
    measured: Mapped[str | None]
    stored_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error_vi: Mapped[str | None]
    error_en: Mapped[str | None]

    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    working_days: Mapped[int | None]
    lines: Mapped[int] = mapped_column(BigInteger, default=0)
    events: Mapped[int] = mapped_column(BigInteger, default=0)
    not_of_interest: Mapped[int] = mapped_column(BigInteger, default=0)
    broken: Mapped[int] = mapped_column(BigInteger, default=0)
    covered_days: Mapped[int] = mapped_column(default=0)
    missing_days: Mapped[int] = mapped_column(default=0)
    officials: Mapped[int] = mapped_column(default=0)
    report_version: Mapped[int] = mapped_column(default=1)
    coverage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    without_mailbox: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    result_digest: Mapped[str | None]
    """SHA-256 of the stored result: storing the same once more changes nothing."""


class AuditFile(Base):
    """One log of a run: how much of it is read, and what was in it (NULL where not known)."""

    __tablename__ = "audit_file"
    __table_args__ = (
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("state", FILE_STATES), name="state"),
        CheckConstraint("size >= 0 AND bytes_read >= 0", name="sizes"),
        CheckConstraint(
            "(lines IS NULL OR lines >= 0) AND (events IS NULL OR events >= 0)"
            " AND (not_of_interest IS NULL OR not_of_interest >= 0) AND (broken IS NULL OR broken >= 0)",
            name="counts",
        ),
        UniqueConstraint("audit_id", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    path: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    size: Mapped[int] = mapped_column(BigInteger)
    bytes_read: Mapped[int] = mapped_column(BigInteger, default=0)
    lines: Mapped[int | None] = mapped_column(BigInteger)
    events: Mapped[int | None] = mapped_column(BigInteger)
    not_of_interest: Mapped[int | None] = mapped_column(BigInteger)
    broken: Mapped[int | None] = mapped_column(BigInteger)
    same_as: Mapped[str | None]
    """The `path` of the log of this run that it is a copy of: its lines are counted there."""


class UploadedLog(Base):
    """A log sent by the browser, waiting for a run or taken by one. Its text is removed after the evidence is stored.

    `path` is below the store folder and never made of the name that the client gave.
    """

    __tablename__ = "uploaded_log"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("removed_at IS NULL OR audit_id IS NOT NULL", name="removed_after_use"),
        UniqueConstraint("path"),
        Index("ix_uploaded_log_audit_id", "audit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    path: Mapped[str]
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    removed_at: Mapped[datetime | None]


class AuditReport(Base):
    """A rendered report: a file below the audit's folder in the store, or why it could not be made."""

    __tablename__ = "audit_report"
    __table_args__ = (
        CheckConstraint("language IN ('vi', 'en')", name="language"),
        CheckConstraint(
            "(path IS NULL) = (size IS NULL) AND (path IS NULL) = (error_vi IS NOT NULL)"
            " AND (path IS NULL) = (error_en IS NOT NULL)",
            name="made_or_why_not",
        ),
        UniqueConstraint("audit_id", "language", "ending"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id", ondelete="CASCADE"))
    language: Mapped[str]
    ending: Mapped[str]
    path: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    error_vi: Mapped[str | None]
    error_en: Mapped[str | None]
