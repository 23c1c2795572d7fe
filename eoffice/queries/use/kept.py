"""Figures of use that were counted once for a period that is over (`eoffice.services.keeping_use`), as columns.

What is done today changes nothing of such a period, with three exceptions that all stand in the trail: the directory,
whose posts and units say who is counted where; a turn that is handed over, which is nobody's then; and a decision that
is taken back, within a minute, for which counting waits an hour. So the newest entries of these kinds are the *basis*.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import AS_BYTES
from core.permissions import Reach
from eoffice.actions import EofficeAction
from eoffice.models import KeptUseRow
from eoffice.queries.use import counting
from eoffice.queries.use.model import RankUse, Turns, UnitUse, UseClass, UseCoverage
from eoffice.queries.use.rules import CLASSES, UsePeriod

FORM = 1
"""Counted up when figures are defined or packed in another way."""
SETTLED = timedelta(hours=1)
"""So long after a period its last decisions may be taken back, or be on their way into the database."""
CHANGING = (
    "core:directory:import", "core:official:put", "core:official:remove", "core:official:leave", "core:unit:put",
    "core:unit:remove", str(EofficeAction.TASK_HANDED_OVER),
)  # fmt: skip
"""Entries of the trail after which a period that is over may say something else."""
_TEXTS = ("official_id", "name", "unit_key", "title", "rank", "usage_class")
_COUNTS = (*counting.FATES, "agreed", "returned", "opinions", "remarks", "revisions", "for_others")
_PEOPLE: dict[str, Any] = (
    dict.fromkeys(_TEXTS, pl.String) | dict.fromkeys(_COUNTS, pl.Int64) | {"median": pl.Float64, "waiting": pl.Int64}
)
_RANKS = [f"{rank}_{name}" for rank in ("leaders", "staff") for name in ("total", "using", "unknown")]
_UNITS: dict[str, Any] = (
    {"unit": pl.String, "parent": pl.String}
    | dict.fromkeys([*_RANKS, *CLASSES, *counting.FATES], pl.Int64)
    | {"median_hours": pl.Float64}
)


def is_over(period: UsePeriod, now: datetime) -> bool:
    """Whether the period's last day is over at `now`."""
    return now >= datetime.combine(period.last + timedelta(days=1), time(), ZoneInfo(period.zone))


def basis_of(session: Session) -> str:
    """What figures of any period that is over are counted from. One SQL query, an index look-up a kind of entry."""
    newest = [select(func.max(AuditEntry.id)).where(AuditEntry.action == one).scalar_subquery() for one in CHANGING]
    return f"{FORM}:" + ",".join(str(number or 0) for number in session.execute(select(*newest)).one())


def packed(session: Session, period: UsePeriod, reach: Reach) -> dict[str, bytes]:
    """All that is kept of a period, counted now; `reach` is the whole city."""
    rows, _ = counting.some(session, period, reach=reach, unit_key=None, sort="name", offset=0, limit=None)
    plain = [tuple(_plain(getattr(row, name)) for name in _PEOPLE) for row in rows]
    people = pl.DataFrame(plain, schema=_PEOPLE, orient="row")
    cells = people.group_by("unit_key", "rank", "usage_class").agg(
        pl.len().cast(pl.Int64).alias("number"), *(pl.col(name).sum() for name in counting.FATES)
    )
    every = [counting.whole(session, period, reach=reach), *counting.units(session, period, reach=reach)]
    units = pl.DataFrame([_unit_row(one) for one in every], schema=_UNITS, orient="row")
    seconds = [(row.unit_key, int(row.seconds)) for row in counting.waits(session, period)]
    waits = pl.DataFrame(seconds, schema={"unit_key": pl.String, "seconds": pl.Int64}, orient="row")
    frames = {"people": people, "units": units, "cells": cells, "waits": waits}
    return {name: _bytes(frame) for name, frame in frames.items()}


class Kept:
    """The kept figures of a period; each part is read when it is asked for."""

    def __init__(self, session: Session, period: UsePeriod, coverage: UseCoverage | None) -> None:
        self._session, self._period, self.coverage = session, period, coverage

    def one(self, official_id: str) -> Any | None:
        """The row of one official."""
        found = self._frame(KeptUseRow.people).filter(pl.col("official_id") == official_id)
        return next(_rows(found), None)

    def some(
        self, *, reach: Reach, below: Collection[str] | None, sort: str, offset: int, limit: int | None
    ) -> tuple[list[Any], int]:
        """A part of the officials in reach, those of the units `below` alone; and how many there are."""
        data = self._data(KeptUseRow.people)
        frame = _read(data, ["unit_key", "usage_class", "left", "median"]).with_row_index("place")
        for units in (reach.units, below):
            if units is not None:
                frame = frame.filter(pl.col("unit_key").is_in(sorted(units)))
        if sort == "class":
            frame = frame.sort("usage_class", maintain_order=True)
        elif sort == "left":
            known = (pl.col("usage_class") == "unknown").alias("unknown")
            frame = frame.with_columns(known).sort("left", "unknown", descending=[True, False], maintain_order=True)
        elif sort == "median":
            frame = frame.sort("median", descending=True, nulls_last=True, maintain_order=True)
        shown = frame.slice(offset, limit)["place"]
        return list(_rows(_read(data)[shown])), frame.height

    def classes(self, *, reach: Reach) -> dict[str, UseClass]:
        """official_id -> class."""
        frame = _within(_read(self._data(KeptUseRow.people), ["official_id", "unit_key", "usage_class"]), reach)
        return dict(zip(frame["official_id"], frame["usage_class"], strict=True))

    def units(
        self,
        *,
        reach: Reach,
        unit_key: str | None = None,
        told: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> tuple[list[UnitUse], int]:
        """A part of the units in reach, by name, and how many there are; `told`: those of which anything is known."""
        frame = self._frame(KeptUseRow.units).filter(pl.col("unit").is_not_null())
        frame = _within(frame, reach, "unit")
        if unit_key is not None:
            frame = frame.filter(pl.col("unit") == unit_key)
        if told:
            known = [pl.col(f"{rank}_total") > pl.col(f"{rank}_unknown") for rank in ("leaders", "staff")]
            frame = frame.filter(pl.any_horizontal(*known, *(pl.col(fate) > 0 for fate in counting.FATES)))
        return [_unit_use(row) for row in _rows(frame.slice(offset, limit))], frame.height

    def whole(self, *, reach: Reach) -> UnitUse:
        """The sum over all in reach."""
        if reach.units is None:
            return _unit_use(next(_rows(self._frame(KeptUseRow.units).filter(pl.col("unit").is_null()))))
        sums = (pl.col(name).sum() for name in ("number", *counting.FATES))
        cells = _within(self._frame(KeptUseRow.cells), reach).group_by("rank", "usage_class").agg(*sums)
        middle = _within(self._frame(KeptUseRow.waits), reach)["seconds"].median()
        return counting.unit_of(None, None, list(_rows(cells.with_columns(median=pl.lit(middle)))))

    def _data(self, part: Any) -> bytes:
        kept = select(part).where(*where(self._period))
        return bytes(self._session.execute(kept, execution_options=AS_BYTES).scalar_one())

    def _frame(self, part: Any) -> pl.DataFrame:
        return _read(self._data(part))


def kept(session: Session, period: UsePeriod) -> Kept | None:
    """The kept figures of a period; None where it is not over, or nothing is kept of the facts as they are."""
    if not is_over(period, period.now):
        return None
    row = session.execute(select(KeptUseRow.basis, KeptUseRow.since).where(*where(period))).first()
    if row is None or row.basis is None or row.basis != basis_of(session):
        return None
    since = row.since
    return Kept(session, period, since and UseCoverage(since, period.covered(since), period.working))


def where(period: UsePeriod) -> tuple[Any, ...]:
    """The conditions that name a period's row."""
    return (KeptUseRow.first == period.first, KeptUseRow.last == period.last, KeptUseRow.zone == period.zone)


def _plain(value: Any) -> Any:
    """Databases' own numbers as plain ones: a median may be a half, and PostgreSQL's sums are decimal."""
    return value if value is None or isinstance(value, (str, int)) else float(value) if value % 1 else int(value)


def _bytes(frame: pl.DataFrame) -> bytes:
    into = io.BytesIO()
    frame.write_parquet(into, compression="zstd")
    return into.getvalue()


def _read(data: bytes, columns: Sequence[str] | None = None) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(data), columns=None if columns is None else list(columns))


def _within(frame: pl.DataFrame, reach: Reach, column: str = "unit_key") -> pl.DataFrame:
    return frame if reach.units is None else frame.filter(pl.col(column).is_in(sorted(reach.units)))


def _rows(frame: pl.DataFrame) -> Iterator[Any]:
    return (SimpleNamespace(**row) for row in frame.iter_rows(named=True))


def _unit_row(one: UnitUse) -> tuple[Any, ...]:
    ranks = [number for rank in (one.leaders, one.staff) for number in (rank.total, rank.using, rank.unknown)]
    fates = [getattr(one.turns, fate) for fate in counting.FATES]
    return (one.unit, one.parent, *ranks, *one.classes.values(), *fates, one.median_hours)


def _unit_use(row: Any) -> UnitUse:
    leaders, staff = (
        RankUse(*(getattr(row, f"{rank}_{name}") for name in ("total", "using", "unknown")))
        for rank in ("leaders", "staff")
    )
    turns = Turns(*(getattr(row, fate) for fate in counting.FATES))
    classes: Any = {name: getattr(row, name) for name in CLASSES}
    return UnitUse(row.unit, row.parent, leaders, staff, classes, turns, row.median_hours)
