"""What a reader may be shown: units and officials in their reach, and sums of those alone.

A report says of each unit what it found there with all below it, as the units lay then. So the sum of what somebody
reaches is that of the topmost units in reach; those below them are in it already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.permissions import Reach
from mail_audit.models import OfficialFigure, UnitFigure
from mail_audit.report.model import RankFigures, UnitFigures


def in_reach(column: InstrumentedAttribute[Any], reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """The condition that a column of unit keys is in reach; none where everything is."""
    return () if reach.units is None else (column.in_(reach.units),)


def officials_in_reach(reach: Reach) -> Select[str]:
    """The numbers of the officials who have a post now in one of the units in reach (which is not the whole)."""
    posts = select(OfficialRow.official_id).join(PostRow, PostRow.official == OfficialRow.id)
    return posts.join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units or ()))


def units_of_official(session: Session, audit_id: int, official_id: str) -> list[str]:
    """The units in which a report counts an official; none where it says nothing of them."""
    found = select(OfficialFigure.unit).where(
        OfficialFigure.audit_id == audit_id, OfficialFigure.official_id == official_id
    )
    return list(session.scalars(found))


def topmost(rows: Sequence[UnitFigure]) -> list[UnitFigure]:
    """The units of a report without another of `rows` above them."""
    known = {row.unit for row in rows}
    return [row for row in rows if row.parent is None or row.parent not in known]


def ranks_together(several: Iterable[RankFigures]) -> RankFigures:
    """The figures of units that have nobody in common, as one."""
    total, using, unknown = 0, 0, 0
    for one in several:
        total, using, unknown = total + one.total, using + one.using, unknown + one.unknown
    return RankFigures(total, using, unknown, using / (total - unknown) if total > unknown else None)


def together(units: Sequence[UnitFigures]) -> UnitFigures:
    """Units that have nobody in common, as one without a name; what is not known of one is not known of all."""
    lengths: Collection[int] = set.intersection(*(set(one.using_last) for one in units)) if units else ()
    last = {back: [one.using_last[back] for one in units] for back in sorted(lengths)}
    return UnitFigures(
        unit="",
        parent=None,
        leaders=ranks_together(one.leaders for one in units),
        staff=ranks_together(one.staff for one in units),
        classes={key: sum(one.classes.get(key, 0) for one in units) for one in units for key in one.classes},
        no_mailbox=sum(one.no_mailbox for one in units),
        using_last={
            back: None if any(one is None for one in counts) else sum(cast("list[int]", counts))
            for back, counts in last.items()
        },
    )


def totals(session: Session, audit_ids: Collection[int], reach: Reach) -> dict[int, tuple[RankFigures, RankFigures]]:
    """Audit -> leaders and staff of all units in reach (which is not the whole), each counted once. One SQL query."""
    above = aliased(UnitFigure)
    higher = exists().where(
        above.audit_id == UnitFigure.audit_id,
        above.unit == UnitFigure.parent,
        above.unit.in_(reach.units or ()),
        above.is_city.is_(other=False),
    )
    columns = [
        getattr(UnitFigure, f"{rank}_{what}") for rank in ("leaders", "staff") for what in ("total", "using", "unknown")
    ]
    wanted = (
        select(UnitFigure.audit_id, *(func.sum(column) for column in columns))
        .where(
            UnitFigure.audit_id.in_(audit_ids),
            UnitFigure.is_city.is_(other=False),
            UnitFigure.unit.in_(reach.units or ()),
            ~higher,
        )
        .group_by(UnitFigure.audit_id)
    )
    return {row[0]: (_ranks(row[1:4]), _ranks(row[4:7])) for row in session.execute(wanted)}


def _ranks(counts: Sequence[int]) -> RankFigures:
    total, using, unknown = (int(one) for one in counts)
    return ranks_together([RankFigures(total, using, unknown, None)])
