"""Two reports of a small city, told by who is in which class: the shortest way to a comparison's story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from mail_audit.comparison import Member, Snapshot, UnitSeen
from mail_audit.report.model import USING, Period, Rank, RankFigures, UsageClass

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30), "Asia/Ho_Chi_Minh", 20)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "Asia/Ho_Chi_Minh", 22)
BUILDING, PERMITS, HEALTH = "Sở Xây dựng", "Phòng Cấp phép", "Sở Y tế"
PARENTS: Mapping[str, str | None] = {BUILDING: None, PERMITS: BUILDING, HEALTH: None}


def member(
    number: int, usage_class: UsageClass, *, unit: str = BUILDING, rank: Rank = "leader", days: int = 20
) -> Member:
    known = usage_class != "unknown"
    active = {"regular": days, "occasional": 1}.get(usage_class, 0)
    return Member(f"CB{number}", f"Người {number}", unit, rank, usage_class, active, days if known else 0)


def leaders(*classes: UsageClass, unit: str = BUILDING, days: int = 20, first: int = 1) -> tuple[Member, ...]:
    """Leaders CB1, CB2 … of a unit, one for each class."""
    return tuple(member(number, one, unit=unit, days=days) for number, one in enumerate(classes, start=first))


def snapshot(period: Period, *members: Member, covered: int | None = None) -> Snapshot:
    """The city with these people; its units' figures follow from them."""
    days = (period.last - period.first).days + 1
    return Snapshot(
        period=period,
        covered_days=days if covered is None else covered,
        city=UnitSeen("", None, _figures(members, "leader"), _figures(members, "staff")),
        units=tuple(
            UnitSeen(unit, parent, *(_figures(_within(members, unit), rank) for rank in ("leader", "staff")))
            for unit, parent in PARENTS.items()
        ),
        members={one.official_id: one for one in members},
    )


def _within(members: tuple[Member, ...], unit: str) -> tuple[Member, ...]:
    return tuple(one for one in members if unit in {one.unit, PARENTS[one.unit]})


def _figures(members: tuple[Member, ...], rank: str) -> RankFigures:
    own = [one for one in members if one.rank == rank]
    unknown = sum(one.usage_class == "unknown" for one in own)
    using = sum(one.usage_class in USING for one in own)
    judged = len(own) - unknown
    return RankFigures(len(own), using, unknown, using / judged if judged else None)


def later(period: Period, days: int) -> Period:
    """The same period moved on by some days."""
    return Period(period.first + timedelta(days), period.last + timedelta(days), period.timezone, period.working_days)
