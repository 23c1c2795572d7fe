"""The table of tokens: each the key of a program to the API, for an account or for a service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class ApiToken(Base):
    """A token: known by its digest, of limited scope, with an end.

    With an `account` it stands for that account (and may never more); without one it is a service's, named `name`.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("created_at < ends_at", name="has_an_end"),
        CheckConstraint("counted >= 0 AND (counted = 0) = (counted_since IS NULL)", name="counted_when"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256, hexadecimal."""
    start: Mapped[str]
    """The first signs of the token in plain, to tell it from others."""
    name: Mapped[str]
    """What it is for, or the name of the service."""
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Names of groups (`core.directory.scopes`)."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    ends_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    counted: Mapped[int] = mapped_column(default=0)
    """Requests since `counted_since`, the begin of a minute."""
    counted_since: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
