"""What pages need of the use of the e-office again and again, counted once: a row a period that is over.

All of it follows from turns, acts and the directory, and may be thrown away and counted anew at any time.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class KeptUseRow(Base):
    """The figures of the days from `first` to `last` on the clocks of `zone`; none yet where `basis` is None.

    `basis` says what they were counted from: where that is another now, they are not to be used. The tables are packed
    by `eoffice.queries.use.kept`.
    """

    __tablename__ = "kept_use"

    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(primary_key=True)
    asked_on: Mapped[date]
    """The last day on which somebody wanted the period."""
    basis: Mapped[str | None]
    since: Mapped[date | None]
    """The day of the first document; None where there was none before the period's end."""
    people: Mapped[bytes | None]
    units: Mapped[bytes | None]
    cells: Mapped[bytes | None]
    """People counted by unit (without those below), rank and class."""
    waits: Mapped[bytes | None]
    """How long each answered turn waited, and in which unit."""
