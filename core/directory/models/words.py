"""Tables of the words by which units and officials are found (`core.directory.spelling`).

They repeat what stands in names, numbers and addresses; `services.wording` keeps them true.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

BYTES = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared byte by byte, as SQLite does anyway: what begins alike lies side by side."""


class UnitWord(Base):
    """A word of a unit's name: without its marks, and as it is written."""

    __tablename__ = "unit_word"
    __table_args__ = (Index("ix_unit_word_bare", "bare", "marked", "unit"),)

    unit: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    bare: Mapped[str] = mapped_column(BYTES, primary_key=True)
    marked: Mapped[str] = mapped_column(BYTES, primary_key=True)


class OfficialWord(Base):
    """A word of an official's name, number or mailbox: without its marks, and as it is written."""

    __tablename__ = "official_word"
    __table_args__ = (Index("ix_official_word_bare", "bare", "marked", "official"),)

    official: Mapped[int] = mapped_column(ForeignKey("official.id"), primary_key=True)
    bare: Mapped[str] = mapped_column(BYTES, primary_key=True)
    marked: Mapped[str] = mapped_column(BYTES, primary_key=True)
