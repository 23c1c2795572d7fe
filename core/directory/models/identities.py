"""The table of identities: under what names a person's account is known at providers that the installation trusts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Identity(Base):
    """One person at one provider, and the account that is theirs here.

    A provider's name for a person never changes and is never given to another; addresses and log-in names may be. So
    the first log-in finds the account by what the settings allow, and from then on only this row counts.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("provider", "subject"),
        # An address that was given to somebody else must not open the account of who had it before.
        UniqueConstraint("provider", "account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    """An issuer's address, or `ldap:` and the directory's key in the settings."""
    subject: Mapped[str]
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    linked_at: Mapped[datetime]
    linked_by: Mapped[str]
    """The account itself, or who tied it by hand."""
    used_at: Mapped[datetime | None]
