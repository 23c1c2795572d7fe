"""Two audits side by side: what changed unit by unit, who moved, who came and went."""

from __future__ import annotations

from dataclasses import dataclass

from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.comparison import Direction, Member, Moved, Side, UnitChange
from mail_audit.queries import AuditPair
from mail_audit.queries.unit_lines import top_of
from mail_audit.report.model import Finding
from web import work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Flag, Id, Part, part_of
from web.guards import needs

section = Section("comparison", Text("So sánh hai kỳ", "Two periods compared"))


class PairAsked(Asked):
    """Which two; the order does not matter."""

    earlier: Id
    later: Id


class PeopleAsked(AskedPart):
    """Of which two, and which part of the list."""

    earlier: Id
    later: Id


class MovedAsked(PeopleAsked):
    """In one direction only, where it is given."""

    direction: Direction | None = None


class UnitsAsked(PeopleAsked):
    """The departments and districts, or (`all`) every office below them too."""

    all: Flag = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from `earlier` to `later`; `notes` are what a reader must know before any of it.

    `moved` counts officials whose class is another one, by direction, `joined` and `left` those of one audit alone:
    who they are is at `/comparison/moved`, `/comparison/joined` and `/comparison/left`. `units` are the departments and
    districts; the offices below them are at `/comparison/units`.
    """

    earlier_audit: int
    later_audit: int
    earlier: Side
    later: Side
    notes: tuple[Text, ...]
    city: UnitChange | None
    units: tuple[UnitChange, ...]
    moved: dict[Direction, int]
    joined: int
    left: int
    findings: tuple[Finding, ...]


@section.get("/comparison", Text("So sánh hai lần kiểm tra.", "Two audits compared."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def comparison(asked: PairAsked) -> Compared:
    """A difference is only called a rise or a fall where nothing but people's use explains it."""
    pair = _pair(asked)
    return Compared(
        pair.earlier.audit_id,
        pair.later.audit_id,
        pair.before,
        pair.after,
        pair.notes,
        pair.changes.city,
        tuple(_topmost(pair)),
        {way: number for way, number in pair.people.directions().items() if number},
        pair.people.only_in("later", limit=0).total,
        pair.people.only_in("earlier", limit=0).total,
        pair.changes.findings,
    )


@section.get("/comparison/units", Text("Thay đổi theo từng đơn vị.", "What changed unit by unit."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def changed_units(asked: UnitsAsked) -> Part[UnitChange]:
    """Units in the order of the later audit, then those that are gone."""
    pair = _pair(asked)
    return part_of(pair.changes.units if asked.all else _topmost(pair), asked)


@section.get(
    "/comparison/moved", Text("Những người thay đổi mức sử dụng.", "Officials whose class changed, with the reasons.")
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def moved_officials(asked: MovedAsked) -> Part[Moved]:
    """A part of them, with the reasons of both audits."""
    found = _pair(asked).people.moved_part(asked.direction, offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


@section.get("/comparison/joined", Text("Những người chỉ có ở kỳ sau.", "Officials of the later audit alone."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def joined_officials(asked: PeopleAsked) -> Part[Member]:
    """A part of them, by name."""
    found = _pair(asked).people.only_in("later", offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


@section.get("/comparison/left", Text("Những người chỉ có ở kỳ trước.", "Officials of the earlier audit alone."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def officials_left(asked: PeopleAsked) -> Part[Member]:
    """A part of them, by name."""
    found = _pair(asked).people.only_in("earlier", offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


def _topmost(pair: AuditPair) -> list[UnitChange]:
    """The units with none above them in the audits."""
    tops = set(top_of({unit.unit: unit.parent for unit in pair.changes.units}))
    return [unit for unit in pair.changes.units if unit.unit in tops]


def _pair(asked: PairAsked | PeopleAsked) -> AuditPair:
    return queries.comparison(work.session(), (asked.earlier, asked.later), reach=reach.figures())
