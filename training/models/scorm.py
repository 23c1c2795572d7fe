"""SCORM packages that were taken in, and what a package kept and said of each learner.

A package is never changed: another zip is another package. Its files lie in the store under their digests
(`core.objects`). A report is the package's own word, from the learner's browser.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of

REPORTED = ("passed", "completed", "failed", "incomplete", "browsed", "not attempted")


class ScormPackageRow(Base):
    """A package: `digest` is its zip's SHA-256, `items` its lessons as `training.scorm.reporting` writes them."""

    __tablename__ = "scorm_package"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    taken_at: Mapped[datetime]
    taken_by: Mapped[str]


class ScormFileRow(Base):
    """A file of a package; `folded` is its path without regard to capitals, by which it is asked for."""

    __tablename__ = "scorm_file"

    package: Mapped[int] = mapped_column(ForeignKey("scorm_package.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    digest: Mapped[str]


class ScormReportRow(Base):
    """What the package of a step said of an assignment, last of all.

    `sitting` is the moment the lesson was opened, in microseconds: of two windows the later one counts. `serial` counts
    what that sitting sent; what comes late is older and is left out. `score` is 0 to 100; `before` and `spent` are the
    hundredths of a second of the sittings before, and of this one.
    """

    __tablename__ = "scorm_report"
    __table_args__ = (
        CheckConstraint(one_of("status", REPORTED), name="status"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("serial >= 1 AND before >= 0 AND spent >= 0", name="counted"),
    )

    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    package: Mapped[int] = mapped_column(ForeignKey("scorm_package.id"))
    item: Mapped[str]
    status: Mapped[str]
    score: Mapped[float | None]
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    sitting: Mapped[int] = mapped_column(BigInteger)
    serial: Mapped[int]
    finished: Mapped[bool]
    before: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
