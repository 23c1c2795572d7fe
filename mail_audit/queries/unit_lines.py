"""Readers of the lines that were counted once for every unit of a report (`mail_audit.services.unit_lines`).

They are used as long as nothing changed of what they were counted from; until they are counted anew, whoever wants them
counts in the facts themselves, which comes to the same and takes a city seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import AS_BYTES
from core.permissions import WHOLE, Reach
from mail_audit.models import AuditLines, UnitFigure, UnitLine
from mail_audit.queries.remembered import Remembered, remembered_of
from mail_audit.queries.spans import KnownDays, Span, places
from mail_audit.report.model import Rank
from mail_audit.usage.lines import BACK, DAYS, RANKS, SPAN, Counts, total, unpack


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's line up to the day `last`; `totals` are its people by rank."""

    last: date
    totals: dict[Rank, int]
    counts: Counts

    def using(self, rank: Rank, back: int, day: date) -> int:
        """Who acted in the window of `back` days that ends on the day."""
        return int(self.counts[RANKS.index(rank), BACK.index(back), DAYS - 1 - (self.last - day).days])


class KeptLines:
    """The lines of a report as far as they are in reach; `tops` are the units that together are all of it."""

    def __init__(self, session: Session, row: AuditLines, tops: Sequence[str] | None) -> None:
        self._session, self._row, self._tops = session, row, tops

    def holds(self, day: date) -> bool:
        """Whether the lines go so far back, and no further than that."""
        return self._row.last - timedelta(DAYS) < day <= self._row.last

    def known(self, first: date, last: date) -> KnownDays:
        """The days from `first` to `last` that have facts (where these stand is not told), and are in the logs."""
        days = [date.fromisoformat(day) for day in self._row.known]
        covered = frozenset(date.fromisoformat(day) for day in self._row.covered)
        inside = [day for day in days if first <= day <= last]
        spans = (Span(self._row.audit_id, inside[0], inside[-1]),) if inside else ()
        return KnownDays(spans, covered)

    def lines(self, units: Sequence[str | None]) -> dict[str | None, Line]:
        """The lines of these units; None stands for all in reach. One SQL query."""
        everything = None in units and self._tops is None
        wanted = {unit for unit in units if unit is not None}
        if None in units and self._tops is not None:
            wanted.update(self._tops)
        named = UnitLine.unit.in_(wanted) & UnitLine.is_city.is_(other=False)
        asked = select(UnitLine).where(UnitLine.audit_id == self._row.audit_id, named | (UnitLine.is_city & everything))
        rows = list(self._session.scalars(asked, execution_options=AS_BYTES))
        found: dict[str | None, Line] = {None if row.is_city else row.unit: self._line([row]) for row in rows}
        if None in units and self._tops is not None:
            found[None] = self._line([row for row in rows if row.unit in self._tops])
        return found

    def _line(self, rows: Sequence[UnitLine]) -> Line:
        totals: dict[Rank, int] = {
            "leader": sum(row.leaders_total for row in rows),
            "staff": sum(row.staff_total for row in rows),
        }
        return Line(self._row.last, totals, total([unpack(row.data) for row in rows]))


def kept_lines(
    session: Session, audit_id: int, last: date, units: dict[str, str | None], *, reach: Reach
) -> KeptLines | None:
    """The lines of a report whose last day is `last`, and whose `units` in reach have these above them.

    None where there are none, where they are of other facts than there are now, or where a unit in reach has one below
    it that is not: then the lines, which count those below too, are not the reader's. Five SQL queries at most.
    """
    row = session.get(AuditLines, audit_id)
    if row is None or row.last != last or row.basis != basis_of(session, audit_id, last):
        return None
    if reach.whole:
        return KeptLines(session, row, None)
    if not _closed_below(units, units_of(session, audit_id, reach=WHOLE)):
        return None
    return KeptLines(session, row, [unit for unit, parent in units.items() if parent not in units])


def basis_of(session: Session, audit_id: int, last: date) -> str:
    """The digest of all facts that the lines of a report are counted from."""
    return places(session, last - timedelta(SPAN - 1), last, audit_id=audit_id).basis


_UNITS: Remembered[dict[str, str | None]] = Remembered(16)


def units_of(session: Session, audit_id: int, *, reach: Reach) -> dict[str, str | None]:
    """Units in reach with the one above each, by name. Two SQL queries at most: read once for a stored result."""

    def read() -> dict[str, str | None]:
        found = select(UnitFigure.unit, UnitFigure.parent).where(
            UnitFigure.audit_id == audit_id, UnitFigure.is_city.is_(other=False)
        )
        rows = session.execute(found.order_by(UnitFigure.unit_order, UnitFigure.id))
        return {unit: parent for unit, parent in rows}  # noqa: C416 - rows are no pairs to the type checker

    every = remembered_of(session, audit_id, _UNITS, read)
    return {unit: parent for unit, parent in every.items() if reach.holds(unit)}


def top_of(parents: dict[str, str | None]) -> list[str]:
    """The units without one above among them; where that is a single one, those right below it."""
    tops = [unit for unit, parent in parents.items() if parent not in parents]
    if len(tops) != 1:
        return tops
    return [unit for unit, parent in parents.items() if parent == tops[0]] or tops


def _closed_below(units: Collection[str], every: dict[str, str | None]) -> bool:
    """Whether everything right below one of the units is one of them."""
    return not any(parent in units and unit not in units for unit, parent in every.items())
