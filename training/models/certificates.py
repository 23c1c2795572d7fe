"""Certificates: what somebody finished, as it was then, under a code that nobody can guess.

Name and title are kept as they were on the day: a certificate does not change when a person or a course is renamed.
`digest` is over all that it says; the public page holds what it shows against it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no sign of it is taken for another."""
CODE_LENGTH = 20
_STANDS = text("revoked_at IS NULL")


class CertificateRow(Base):
    """A certificate; of those of an assignment that was completed one stands at most."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("expires_on IS NULL OR expires_on > earned_on", name="in_order"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_why IS NULL)",
            name="revoked_whole",
        ),
        Index("ix_certificate_official", "official", "course_key"),
        Index("ix_certificate_expires_on", "expires_on"),
        Index("uq_certificate_standing", "assignment", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """`CODE_LENGTH` signs of `CODE_ALPHABET`: 100 bits by chance."""
    assignment: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    course_key: Mapped[str]
    version: Mapped[int]
    """The edition of the course."""
    name: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    earned_at: Mapped[datetime]
    earned_on: Mapped[date]
    """The day it was at the office."""
    expires_on: Mapped[date | None]
    """The first day on which it is not valid any more."""
    digest: Mapped[str]
    """SHA-256, hexadecimal."""
    renewal: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    """The assignment that renews it, once there is one."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    revoked_why: Mapped[str | None]

    def computed_digest(self) -> str:
        """SHA-256 over all that it says: whose, of what, when, until when, under which code."""
        told = [
            self.code, self.assignment, self.official, self.course_key, self.version, self.name, self.title_vi,
            self.title_en, self.earned_on.isoformat(), self.expires_on.isoformat() if self.expires_on else None,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
