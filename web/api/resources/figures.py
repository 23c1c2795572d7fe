"""The figures of an audit: the city, its units, what the logs cover, who acted back from a day, day by day."""

from __future__ import annotations

from typing import Literal

from flask import abort

from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.queries import UnitPicture, UnitRow, UnitSort, windows
from mail_audit.queries.windows import RollingLine, Windows
from mail_audit.report.model import Coverage, Finding, UnassignedMailbox
from web import looks, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Day, Flag, Id, Key, Part, part_of
from web.guards import needs
from web.views.audits import summary_with_figures

section = Section("figures", Text("Số liệu của thành phố và các đơn vị", "Figures of the city and its units"))


class UnitsAsked(AskedPart):
    """The departments and districts, or (`all`) every office below them too."""

    all: Flag = False
    sort: UnitSort = "unit"
    descending: Flag = False


class RollingAsked(Asked):
    """Of which unit (without one: of the whole city), over how many days."""

    unit: Key | None = None
    days: Literal["30", "90", "180", "365"] = "90"


class WindowsAsked(AskedPart):
    """Back from which day (without one: from the audit's last), of which units: `all` of them, or the topmost."""

    day: Day | None = None
    all: Flag = False


@section.get("/audits/{audit_id}/city", Text("Bức tranh toàn thành phố.", "The picture of the whole city."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def city(audit_id: Id) -> UnitPicture:
    """What one audit found."""
    return _shown(queries.city(work.session(), audit_id, reach=reach.figures()))


@section.get("/audits/{audit_id}/units", Text("Các đơn vị.", "The units, leaders and staff side by side."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def units(audit_id: Id, asked: UnitsAsked) -> Part[UnitRow]:
    """Units, each with what lies below it."""
    found = queries.units(
        work.session(),
        audit_id,
        sort=asked.sort,
        descending=asked.descending,
        reach=reach.figures(),
        tops_only=not asked.all,
        offset=asked.offset,
        limit=asked.limit,
    )
    return part_of(found.rows, asked, found.every if asked.all else found.tops)


@section.get("/audits/{audit_id}/units/{unit_key}", Text("Một đơn vị.", "One unit with what lies below it."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def unit(audit_id: Id, unit_key: Key) -> UnitPicture:
    """One unit."""
    return _shown(queries.unit(work.session(), audit_id, unit_key, reach=reach.figures()))


@section.get("/audits/{audit_id}/findings", Text("Các nhận định.", "What is said of the city and its units in words."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def findings(audit_id: Id, asked: AskedPart) -> Part[Finding]:
    """The findings, worst and best first, each with its numbers."""
    return part_of(
        queries.city(work.session(), audit_id, reach=reach.figures()).findings,
        asked,
    )


@section.get("/audits/{audit_id}/coverage", Text("Độ phủ nhật ký.", "What the logs cover and what they cannot tell."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def coverage(audit_id: Id) -> Coverage:
    """Days, servers, files and broken lines."""
    found = queries.audit(work.session(), audit_id, reach=reach.figures()).coverage
    if found is None:
        abort(404)
    return found


@section.get(
    "/audits/{audit_id}/mailboxes",
    Text("Các hộp thư không của riêng ai.", "Mailboxes that belong to no official, the busiest first."),
)
@needs(Permission.MAIL_AUDIT_MAILBOX_READ)
def mailboxes(audit_id: Id, asked: AskedPart) -> Part[UnassignedMailbox]:
    """Shared, service and unlisted ones."""
    session = work.session()
    summary_with_figures(session, audit_id)
    found = queries.unassigned(session, audit_id, offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


@section.get(
    "/audits/{audit_id}/trends",
    Text("Tỷ lệ dùng trong 7 và 30 ngày, theo từng ngày.", "Who acted in the last 7 and 30 days, day by day."),
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def trends(audit_id: Id, asked: RollingAsked) -> RollingLine:
    """A line up to the audit's last day."""
    return windows.rolling(
        work.session(),
        audit_id,
        asked.unit,
        days=int(asked.days),
        reach=reach.figures(),
    )


@section.get(
    "/audits/{audit_id}/windows",
    Text("Ai dùng trong 7, 30, 90, 180 ngày.", "Who acted in the last 7, 30, 90 and 180 days, unit by unit."),
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def back_from_a_day(audit_id: Id, asked: WindowsAsked) -> Windows:
    """As Microsoft's reports count."""
    return windows.windows(
        work.session(),
        audit_id,
        asked.day,
        reach=reach.figures(),
        tops_only=not asked.all,
        offset=asked.offset,
        limit=asked.limit,
    )


def _shown(picture: UnitPicture) -> UnitPicture:
    """The picture; that it names people is noted."""
    if picture.officials:
        looks.at_officials(picture.summary.audit_id, None if picture.is_city else picture.figures.unit)
    return picture
