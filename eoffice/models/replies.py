"""Answers by e-mail: the tokens that letters carry, and what became of each message that came in.

A token is not kept: it is made anew from `nonce` and the installation's key when the letter is sent, and known again by
its digest. Of a message that came in nothing is kept but its fingerprint and what was done about it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, one_of


class ReplyOutcome(StrEnum):
    """What became of a message. Only the first three changed anything."""

    AGREED = "agreed"
    RETURNED = "returned"
    OPINION = "opinion"
    AUTOMATIC = "automatic"
    BROKEN = "broken"
    EMPTY = "empty"
    ENDED = "ended"
    FILE_REFUSED = "file_refused"
    FOREIGN = "foreign"
    FORGED = "forged"
    LATE = "late"
    NO_TOKEN = "no_token"  # noqa: S105 - a name, no secret
    REFUSED = "refused"
    SECRET = "secret"  # noqa: S105 - a name, no secret
    STALE = "stale"
    TOO_LARGE = "too_large"
    UNCLEAR = "unclear"
    USED = "used"


class ReplyToken(Base):
    """The right of one person to answer one turn of one draft in one revision by e-mail, once.

    `account` is whose mailbox the answer must come from, `official` whose turn it is: two people where a deputy acts.

    `round` and `position` name the step as the tables of routes do; they are no keys, for a round that began by a
    decision which is taken back goes away.
    """

    __tablename__ = "reply_token"
    __table_args__ = (
        CheckConstraint("made_at < ends_at", name="in_order"),
        CheckConstraint("told >= 0", name="counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    token_digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256, hexadecimal."""
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    official: Mapped[int] = mapped_column(ForeignKey("official.id"))
    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    round: Mapped[int]
    """The number of the round."""
    position: Mapped[int]
    revision: Mapped[int]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)
    """How many messages about it were answered; there is an end to that."""


class ReplyMail(Base):
    """A message that came in: by `key` it is known when it is delivered again."""

    __tablename__ = "reply_mail"
    __table_args__ = (
        CheckConstraint(one_of("outcome", tuple(one.value for one in ReplyOutcome)), name="outcome"),
        CheckConstraint(one_of("door", ("smtp", "imap")), name="door"),
        CheckConstraint("(said_vi IS NULL) = (said_en IS NULL)", name="said_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    door: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    token: Mapped[int | None] = mapped_column(ForeignKey("reply_token.id"), index=True)
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who is told what happened; none where nobody is."""
    said_vi: Mapped[str | None]
    said_en: Mapped[str | None]
    """Why a service refused it, in its words."""
    files: Mapped[int] = mapped_column(default=0)
    """Files that were attached by it."""
