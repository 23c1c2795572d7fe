"""Readers of what an official asked and has been answered, but has not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mail_audit.models import Contest


@dataclass(frozen=True, slots=True)
class UnreadAnswer:
    """An answered contest that its official has not opened since; `about` is one of `models.contests.ABOUT`."""

    contest_id: int
    about: str
    day: date | None
    answered_by: str
    answered_at: datetime


def unread_answers(session: Session, official_id: str) -> tuple[UnreadAnswer, ...]:
    """The unread answers to an official, the oldest first. One SQL query."""
    wanted = (
        select(Contest)
        .where(Contest.official_id == official_id, Contest.state != "open", Contest.answer_seen_at.is_(None))
        .order_by(Contest.answered_at, Contest.id)
    )
    return tuple(
        UnreadAnswer(row.id, row.about, row.day, row.answered_by, row.answered_at)
        for row in session.scalars(wanted)
        if row.answered_by is not None and row.answered_at is not None
    )
