"""The audit trail: who did what to what, append-only and chained.

Every entry holds the hash of the one before it, so that an entry cannot be changed, removed or slipped in without
breaking the chain (`core.audit.verifying`); the database itself refuses UPDATE and DELETE by triggers. The chain alone
cannot show that its newest entries were cut off, nor that all of it was written anew: for that its *head* (the number
and hash of the last entry) is noted outside (`core.audit.heads`).

`facts` hold names and numbers, never a password, a subject or a body.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, utc_now

FIRST = "0" * 64
"""Stands where the first entry would have the hash of the one before it."""
CHAIN_LOCK = 6_121_022
"""Number of the PostgreSQL advisory lock that lets one transaction at a time append."""


class TrailAction(StrEnum):
    """What the trail says of itself."""

    EXPORTED = "core:trail:export"


class AuditEntry(Base):
    """One thing done. `id` counts without gaps from 1."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("id >= 1", name="counted"),
        Index("ix_audit_entry_at", "at", "id"),
        *(
            Index(f"ix_audit_entry_{name}", name, "id", postgresql_ops={name: "text_pattern_ops"})
            for name in ("subject", "actor", "action")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(unique=True)
    """Unique: two entries cannot follow the same one."""
    hash: Mapped[str] = mapped_column(unique=True)


def record(
    session: Session, *, actor: str, action: StrEnum, subject: str, facts: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Appends an entry in the session's transaction; `facts` are plain JSON values.

    Other transactions that append wait until this one ends, so do it last. Raises `ValueError` or `TypeError` for
    facts that are not JSON.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    # FOR UPDATE: on SQLite this takes the writer's place before looking, so that the last entry stays the last.
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1).with_for_update()).first()
    entry = AuditEntry(
        id=1 if last is None else last.id + 1,
        at=utc_now(),
        actor=actor,
        action=str(action),
        subject=subject,
        facts=json.loads(_canonical(dict(facts or {}))),
        previous_hash=FIRST if last is None else last.hash,
    )
    entry.hash = hash_of(entry.id, entry.at, entry.actor, entry.action, entry.subject, entry.facts, entry.previous_hash)
    session.add(entry)
    session.flush()
    return entry


def hash_of(
    number: int, at: datetime, actor: str, action: str, subject: str, facts: Mapping[str, Any], previous_hash: str
) -> str:
    """The hash of an entry that says this. Raises `TypeError` or `ValueError` for what no entry can hold."""
    told = [number, at.isoformat(), actor, action, subject, facts, previous_hash]
    return hashlib.sha256(_canonical(told).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
