"""Looks at lists of people are in the trail once a day: one entry an actor, list and day, not one a row or a page.

A mark remembers that the entry of the day was made. It is no part of the trail, names nobody (a digest), and is removed
once its day is over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.audit import record
from core.db import Base

KEPT = timedelta(days=2)
"""So long marks are kept: clocks of several machines, and offices, need not agree on when a day begins."""


class LookMark(Base):
    """That somebody's look at a list on a day is in the trail."""

    __tablename__ = "audit_look"

    mark: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of actor, list and day, hexadecimal."""
    day: Mapped[date] = mapped_column(index=True)


def record_look(
    session: Session, *, actor: str, action: StrEnum, subject: str, day: date, facts: Mapping[str, Any] | None = None
) -> bool:
    """Appends an entry unless this actor's look at this list (`subject` and `facts`) has one for that day already.

    Whether it did. Two at once make one entry: the mark has its place once. One query where there is nothing to do.
    """
    told = json.dumps([actor, action, subject, dict(facts or {}), day.isoformat()], ensure_ascii=False, sort_keys=True)
    mark = hashlib.sha256(told.encode()).hexdigest()
    if session.scalar(select(LookMark.mark).where(LookMark.mark == mark)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(LookMark(mark=mark, day=day))
    except IntegrityError:  # another page of the same list was first
        return False
    session.execute(delete(LookMark).where(LookMark.day < day - KEPT))
    record(session, actor=actor, action=action, subject=subject, facts=facts)
    return True
