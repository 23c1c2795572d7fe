"""From two snapshots to the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.words import Text
from mail_audit import findings
from mail_audit.comparison.cells import WHOLE, Cell, Cells, Counted, Groups, cells, groups
from mail_audit.comparison.judging import direction, rank_change, why_moved
from mail_audit.comparison.model import (
    DIRECTIONS,
    Comparison,
    Moved,
    RankChange,
    Side,
    Snapshot,
    UnitChange,
    UnitChanges,
    UnitSeen,
)
from mail_audit.comparison.snapshots import snapshot
from mail_audit.report.model import Finding, Rank, Report
from mail_audit.report.numbers import percent


def compare_reports(earlier: Report, later: Report) -> Comparison:
    """What changed from one report to the other; the caller says which is the earlier."""
    return compare(snapshot(earlier), snapshot(later))


def compare(earlier: Snapshot, later: Snapshot) -> Comparison:
    """What changed from `earlier` to `later`: units in the order of `later`, then those that are gone."""
    changed = unit_changes(earlier.city, earlier.units, later.city, later.units, groups(earlier, later))
    joined = tuple(one for key, one in later.members.items() if key not in earlier.members)
    left = tuple(one for key, one in earlier.members.items() if key not in later.members)
    return Comparison(
        earlier=_side(earlier),
        later=_side(later),
        notes=tuple(notes(_side(earlier), _side(later))),
        city=changed.city,
        units=changed.units,
        moved=tuple(_moved(earlier, later)),
        joined=joined,
        left=left,
        findings=changed.findings,
    )


def unit_changes(
    city_before: UnitSeen | None,
    before: Sequence[UnitSeen],
    city_after: UnitSeen | None,
    after: Sequence[UnitSeen],
    counted: Groups,
) -> UnitChanges:
    """What changed by unit alone, from figures and counts: what a page needs that names nobody."""
    behind = cells(before, after, counted)
    units = tuple(_units(before, after, behind))
    city = None
    if city_before is not None and city_after is not None:
        city = _unit(city_before, city_after, WHOLE, behind)
    return UnitChanges(city, units, (*_of_city(city), *_of_units(units, before, after)))


def _side(one: Snapshot) -> Side:
    return Side(one.period, one.covered_days, len(one.members))


def _units(earlier: Sequence[UnitSeen], later: Sequence[UnitSeen], behind: Cells) -> Iterator[UnitChange]:
    before = {unit.unit: unit for unit in earlier}
    now = {unit.unit for unit in later}
    for unit in later:
        yield _unit(before.get(unit.unit), unit, unit.unit, behind)
    for unit in earlier:
        if unit.unit not in now:
            yield _unit(unit, None, unit.unit, behind)


def _unit(before: UnitSeen | None, after: UnitSeen | None, key: str | None, behind: Cells) -> UnitChange:
    seen = after or before
    if seen is None:
        raise ValueError("a unit of neither report")
    return UnitChange(
        unit=seen.unit,
        parent=seen.parent,
        presence="new" if before is None else "gone" if after is None else "both",
        leaders=_rank(before, after, key, "leader", behind),
        staff=_rank(before, after, key, "staff", behind),
    )


def _rank(before: UnitSeen | None, after: UnitSeen | None, key: str | None, rank: Rank, behind: Cells) -> RankChange:
    cell = behind.get((key, rank)) or Cell(Counted(), Counted())
    was, now = ((one.leaders if rank == "leader" else one.staff) if one else None for one in (before, after))
    return rank_change(was, now, cell)


def _moved(earlier: Snapshot, later: Snapshot) -> list[Moved]:
    """Who is in another class, those who use it less first; within that in the order of the later report."""
    found = []
    for official_id, now in later.members.items():
        was = earlier.members.get(official_id)
        if was is not None and was.usage_class != now.usage_class:
            found.append(Moved(was, now, direction(was.usage_class, now.usage_class), why_moved(was, now)))
    return sorted(found, key=lambda one: DIRECTIONS.index(one.direction))


def notes(earlier: Side, later: Side) -> Iterator[Text]:
    """What a reader must know before any figure."""
    before, after = earlier.period, later.period
    shared = (min(before.last, after.last) - max(before.first, after.first)).days + 1
    if shared > 0:
        yield Text(
            f"Hai kỳ trùng nhau {shared} ngày: những gì cả hai cùng có che bớt thay đổi.",
            f"The periods share {shared} day{'s' if shared > 1 else ''}: what both hold hides a part of the change.",
        )
    if before.timezone != after.timezone:
        yield Text(
            f"Ngày của hai kỳ được tính theo múi giờ khác nhau ({before.timezone} và {after.timezone}).",
            f"The days of the two are those of different time zones ({before.timezone} and {after.timezone}).",
        )
    for one, vi, en in ((earlier, "Kỳ trước", "The earlier period"), (later, "Kỳ sau", "The later period")):
        days = (one.period.last - one.period.first).days + 1
        if one.covered_days < days:
            yield Text(
                f"{vi} có nhật ký của {one.covered_days}/{days} ngày.",
                f"{en} is covered on {one.covered_days} of {days} days.",
            )


def _of_city(city: UnitChange | None) -> Iterator[Finding]:
    """How the whole city's ranks changed, where that can be said."""
    if city is None:
        return
    for change, vi, en in ((city.leaders, "lãnh đạo", "leaders"), (city.staff, "chuyên viên, nhân viên", "staff")):
        was, now = change.before, change.after
        if change.verdict not in {"rose", "fell"} or was is None or now is None:
            continue
        up = change.verdict == "rose"
        yield Finding(
            kind="better_than_before" if up else "worse_than_before",
            unit=None,
            text=Text(
                f"Toàn thành phố: tỷ lệ {vi} dùng thư {'tăng' if up else 'giảm'} từ {percent(was.rate, 'vi')} "
                f"{'lên' if up else 'xuống'} {percent(now.rate, 'vi')} so với kỳ trước.",
                f"The whole city: the share of {en} who use e-mail {'rose' if up else 'fell'} from "
                f"{percent(was.rate, 'en')} to {percent(now.rate, 'en')} since last period.",
            ),
            figures={"before": was.rate, "rate": now.rate, "change": change.difference},
        )


def _of_units(
    units: tuple[UnitChange, ...], earlier: Sequence[UnitSeen], later: Sequence[UnitSeen]
) -> tuple[Finding, ...]:
    """The units whose leaders moved most, of those that compare and are not too small to be compared with others."""
    fair = {
        unit.unit
        for unit in units
        if unit.leaders.verdict in {"rose", "fell"} and _known(unit.leaders) >= findings.SMALLEST_UNIT
    }
    return findings.compare(
        [unit for unit in earlier if unit.unit in fair], [unit for unit in later if unit.unit in fair]
    )


def _known(change: RankChange) -> int:
    sides = [side.total - side.unknown for side in (change.before, change.after) if side is not None]
    return min(sides, default=0)
