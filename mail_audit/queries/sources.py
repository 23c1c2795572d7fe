"""Readers of sources: how far each is, what it waits for, where it has gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mail_audit.models import LogPiece, LogStream


def newest_line(session: Session, source_id: int) -> datetime | None:
    """The time of the newest line that was ever collected of a source."""
    newest = select(func.max(LogPiece.newest_at)).join(LogStream, LogStream.id == LogPiece.stream_id)
    return session.scalar(newest.where(LogStream.source_id == source_id))
