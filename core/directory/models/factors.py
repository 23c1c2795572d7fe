"""Tables of second factors: authenticator app, passkeys, recovery codes; and what a recovered account must renew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class OneTimeDevice(Base):
    """The authenticator app of an account: its secret, sealed (`factors.sealing`), and the last code that was used.

    A secret is *offered* first, with the QR code; it holds when a code of it was typed. The one before holds till then.
    """

    __tablename__ = "one_time_device"
    __table_args__ = (
        CheckConstraint("(secret IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
        CheckConstraint("(secret IS NULL) = (used_step IS NULL)", name="used_whole"),
        CheckConstraint("(offered_secret IS NULL) = (offered_at IS NULL)", name="offered_whole"),
    )

    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    used_step: Mapped[int | None] = mapped_column(BigInteger)
    """The step of the last code that was taken; no code of it or before it is taken again."""
    used_at: Mapped[datetime | None]
    offered_secret: Mapped[str | None]
    offered_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey (WebAuthn credential) of an account."""

    __tablename__ = "passkey"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="counted"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    """Base64url."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """COSE."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """As the authenticator told last; one that goes back is a copy. Passkeys of a cloud always say 0."""
    user_handle: Mapped[str]
    """Random, the same for all passkeys of an account: what the authenticator knows of whose it is. Base64url."""
    site: Mapped[str]
    """The host name (relying party) that it was made for."""
    name: Mapped[str]
    """What its owner calls it."""
    transports: Mapped[str]
    """How browsers reach it, with spaces between; a hint for them."""
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A recovery code that may be used once, or was; hashed (`factors.recovery_codes`)."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Renewal(Base):
    """What an account that an administrator recovered must still do before it has a session; gone when all is done."""

    __tablename__ = "account_renewal"
    __table_args__ = (CheckConstraint("password_due OR factor_due", name="something_due"),)

    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    password_due: Mapped[bool]
    """The password is one that was handed over; it lets in to choose another, until `ends_at`."""
    factor_due: Mapped[bool]
    ends_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge that a passkey signed and that was taken: it is not taken again."""

    __tablename__ = "spent_challenge"
    __table_args__ = (Index("ix_spent_challenge_ends_at", "ends_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    """After that the challenge is too old anyway, and this row may go."""
