"""Two audits side by side: what changed unit by unit, who moved, who came and went."""

from __future__ import annotations

from dataclasses import dataclass

from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.comparison import Direction, Member, Moved, Side, UnitChange
from mail_audit.queries import AuditPair, comparing
from mail_audit.report.model import Finding
from web import work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Id, Part, part_of
from web.guards import needs

section = Section("comparison", Text("So sánh hai kỳ", "Two periods compared"))


class PairAsked(Asked):
    """Which two; the order does not matter."""

    earlier: Id
    later: Id


class MovedAsked(AskedPart):
    """Of which two, and in one direction only."""

    earlier: Id
    later: Id
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from `earlier` to `later`; `notes` are what a reader must know before any of it.

    `moved` counts officials whose class is another one, by direction; who they are is at `/comparison/moved`.
    """

    earlier_audit: int
    later_audit: int
    earlier: Side
    later: Side
    notes: tuple[Text, ...]
    city: UnitChange | None
    units: tuple[UnitChange, ...]
    moved: dict[Direction, int]
    joined: tuple[Member, ...]
    left: tuple[Member, ...]
    findings: tuple[Finding, ...]


@section.get("/comparison", Text("So sánh hai lần kiểm tra.", "Two audits compared."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def comparison(asked: PairAsked) -> Compared:
    """A difference is only called a rise or a fall where nothing but people's use explains it."""
    pair = _pair(asked.earlier, asked.later)
    found = pair.comparison
    counts: dict[Direction, int] = {}
    for one in found.moved:
        counts[one.direction] = counts.get(one.direction, 0) + 1
    return Compared(
        pair.earlier.audit_id,
        pair.later.audit_id,
        found.earlier,
        found.later,
        found.notes,
        found.city,
        found.units,
        counts,
        found.joined,
        found.left,
        found.findings,
    )


@section.get(
    "/comparison/moved", Text("Những người thay đổi mức sử dụng.", "Officials whose class changed, with the reasons.")
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def moved_officials(asked: MovedAsked) -> Part[Moved]:
    """A part of them, with the reasons of both audits."""
    pair = _pair(asked.earlier, asked.later)
    chosen = [one for one in pair.comparison.moved if asked.direction in {None, one.direction}]
    part = part_of(chosen, asked)
    return Part(tuple(comparing.with_reasons(work.session(), pair, part.rows)), part.total, part.offset, part.limit)


def _pair(earlier: int, later: int) -> AuditPair:
    return queries.comparison(work.session(), (earlier, later), reach=reach.figures())
