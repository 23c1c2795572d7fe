"""Practice documents: drafts that are laid before a learner and mean nothing.

They go through the same services as any other, and are left out of every list of documents and of the figures of use.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class PracticeDraftRow(Base):
    """A draft that is practice; `official` is the learner it is for, `mark` what whoever asked for it knows it by."""

    __tablename__ = "practice_draft"

    draft: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    official: Mapped[int] = mapped_column(ForeignKey("official.id"), index=True)
    mark: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


def practice_drafts() -> Select[int]:
    """The keys of practice documents, to be left out: `column.not_in(practice_drafts())`."""
    return select(PracticeDraftRow.draft)
