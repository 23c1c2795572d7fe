"""One change of units, officials, posts and mailboxes at a time: each looks at what the one before left."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.directory.models import UnitRow

DIRECTORY_LOCK = 6_121_024
"""Number of the PostgreSQL advisory lock that whoever changes the directory holds until the transaction ends."""


def take_turn(session: Session) -> None:
    """Wait until nobody else changes the directory. To be called before anything of it is looked at."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": DIRECTORY_LOCK})
    else:  # SQLite: FOR UPDATE takes the one writer's place
        session.execute(select(UnitRow.id).limit(1).with_for_update())
    session.flush()
    session.expire_all()
