"""The officials of two reports side by side: counted in packed columns, read one by one only where they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.permissions import Reach
from core.words import Text
from mail_audit.comparison import DIRECTIONS, Direction, Group, Groups, Member, Moved, Pair
from mail_audit.comparison.judging import direction, why_moved
from mail_audit.models import Audit, OfficialFigure
from mail_audit.plain import from_plain
from mail_audit.queries.prepared import official_columns
from mail_audit.queries.remembered import Remembered
from mail_audit.report import columns
from mail_audit.report.model import CLASSES

_NEEDED = ("position", "official_id", "unit", "rank", "usage_class", "covered_working_days")
_MEMBER = (
    OfficialFigure.official_id, OfficialFigure.name, OfficialFigure.unit, OfficialFigure.rank,
    OfficialFigure.usage_class, OfficialFigure.active_working_days, OfficialFigure.covered_working_days,
    OfficialFigure.reasons,
)  # fmt: skip
"""In the order of `Member`'s fields."""
_DIRECTION = {f"{was} {now}": DIRECTIONS.index(direction(was, now)) for was in CLASSES for now in CLASSES}
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PeoplePart(Generic[Row]):
    """A part of some people, and how many there are."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Compared:
    """What comparing two reports comes to: places in them, and counts. It names nobody, so it may be remembered."""

    before: int
    after: int
    groups: Groups
    moved: pl.DataFrame
    """Those whose class is another one: places in both reports, and which way they went (`way`)."""
    only_before: list[int]
    only_after: list[int]


_COMPARED: Remembered[_Compared] = Remembered(16)


@dataclass(frozen=True, slots=True)
class People:
    """The officials in reach of two reports, in the order of names; who stands in one several times counts once."""

    session: Session
    earlier: int
    later: int
    found: _Compared

    @property
    def groups(self) -> Groups:
        """All of them counted."""
        return self.found.groups

    def directions(self) -> dict[Direction, int]:
        """How many went which way."""
        counts = dict(self.found.moved.group_by("way").len().rows())
        return {one: counts.get(place, 0) for place, one in enumerate(DIRECTIONS)}

    def moved_part(self, way: Direction | None = None, *, offset: int = 0, limit: int = 50) -> PeoplePart[Moved]:
        """Who went one way, with the reasons of both reports; those who use it less first where no way is given."""
        wanted = self.found.moved if way is None else self.found.moved.filter(pl.col("way") == DIRECTIONS.index(way))
        shown = wanted.slice(offset, limit)
        before = _members(self.session, self.earlier, shown["position_before"].to_list())
        after = _members(self.session, self.later, shown["position"].to_list())
        rows = (
            Moved(was, now, direction(was.usage_class, now.usage_class), why_moved(was, now))
            for was, now in zip(before, after, strict=True)
        )
        return PeoplePart(tuple(rows), wanted.height)

    def only_in(self, side: Literal["earlier", "later"], *, offset: int = 0, limit: int = 50) -> PeoplePart[Member]:
        """Who stands in one of the reports alone."""
        audit_id, alone = (
            (self.earlier, self.found.only_before) if side == "earlier" else (self.later, self.found.only_after)
        )
        return PeoplePart(tuple(_members(self.session, audit_id, alone[offset : offset + limit])), len(alone))


def people(session: Session, earlier: int, later: int, *, reach: Reach) -> People:
    """The officials in reach of two reports; one SQL query where they were compared before, else three."""
    stored = select(Audit.id, Audit.result_digest).where(Audit.id.in_((earlier, later)))
    digests = {row[0]: row[1] for row in session.execute(stored)}

    def work_out() -> _Compared:
        return _compared(*(_in_reach(official_columns(session, one), reach) for one in (earlier, later)))

    if None in digests.values():
        return People(session, earlier, later, work_out())
    key = (digests[earlier], digests[later], reach.units)
    return People(session, earlier, later, _COMPARED.get(key, work_out))


def _compared(before: pl.DataFrame, after: pl.DataFrame) -> _Compared:
    both = after.join(before, on="official_id", how="inner", suffix="_before", maintain_order="left")
    same = both.filter(pl.col("rank") == pl.col("rank_before"))
    keys = ["rank", "unit_before", "unit", "usage_class_before", "usage_class"]
    pairs = tuple(Pair(*row) for row in same.group_by(keys).len().sort(keys).rows())
    changed = both.filter(pl.col("usage_class") != pl.col("usage_class_before"))
    classes = pl.concat_str("usage_class_before", "usage_class", separator=" ")
    way = classes.replace_strict(_DIRECTION, return_dtype=pl.Int64)
    only_before, only_after = (
        here.join(there, on="official_id", how="anti", maintain_order="left")["position"].to_list()
        for here, there in ((before, after), (after, before))
    )
    return _Compared(
        before=before.height,
        after=after.height,
        groups=Groups(_grouped(before), _grouped(after), pairs),
        moved=changed.select("position", "position_before", way=way).sort("way", maintain_order=True),
        only_before=only_before,
        only_after=only_after,
    )


def _in_reach(packed: bytes, reach: Reach) -> pl.DataFrame:
    frame = columns.unpack(packed, _NEEDED)
    if reach.units is not None:
        frame = frame.filter(pl.col("unit").is_in(sorted(reach.units)))
    return frame.unique("official_id", keep="first", maintain_order=True)


def _grouped(frame: pl.DataFrame) -> tuple[Group, ...]:
    keys = ["unit", "rank", "usage_class"]
    counted = frame.group_by(keys).agg(pl.len(), pl.col("covered_working_days").sum()).sort(keys)
    return tuple(Group(*row) for row in counted.rows())


def members_of(session: Session, audit_id: int) -> dict[str, Member]:
    """Every official of a report by number, without the reasons, in the order of names; one SQL query."""
    wanted = select(*_MEMBER[:-1]).where(OfficialFigure.audit_id == audit_id)
    found: dict[str, Member] = {}
    for row in session.execute(wanted.order_by(OfficialFigure.name_order, OfficialFigure.position)):
        found.setdefault(row[0], Member(*cast("Any", row)))
    return found


def _members(session: Session, audit_id: int, places: Sequence[int]) -> list[Member]:
    wanted = select(OfficialFigure.position, *_MEMBER).where(
        OfficialFigure.audit_id == audit_id, OfficialFigure.position.in_(places)
    )
    found: dict[int, Member] = {}
    for place, *row, reasons in session.execute(wanted):
        found[place] = cast("Any", Member)(*row, from_plain(tuple[Text, ...], reasons))
    return [found[place] for place in places]
