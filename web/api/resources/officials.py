"""Officials: the list behind every number, one person's calendar, and the log lines of a day or behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from flask import abort
from pydantic import Field

from core.directory import queries as directory
from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.errors import LostObjectError
from mail_audit.permissions import can_read_contest_of, can_read_exception_of
from mail_audit.queries import CalendarDay, EvidenceLine, OfficialPage, OfficialRow, OfficialSort, census, contests
from mail_audit.queries import exceptions as recorded
from mail_audit.queries.census.latest import MailboxCensus
from mail_audit.queries.contests import ContestedFigure
from mail_audit.queries.exceptions import RecordedException
from mail_audit.queries.lines import figure_lines
from mail_audit.report.model import Rank, UsageClass
from mail_audit.services.looking import look
from web import auth, looks, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import AskedPart, Day, Flag, Id, Key, Line, Part, part_of
from web.guards import needs
from web.views.audits import summary_with_figures
from web.views.exceptions import today
from web.views.officials import EVIDENCE_LIMIT, days_without_lines, has_evidence

section = Section("officials", Text("Cán bộ và bằng chứng", "Officials and evidence"))
Figure = Literal[
    "active_days",
    "delegated",
    "failed_logins",
    "forwards",
    "logins",
    "opened",
    "received",
    "sent",
    "sent_external",
    "sent_recipients",
]
"""The figures that open into lines; a test holds that they are those of `mail_audit.figure_lines`."""


class OfficialsAsked(AskedPart):
    """Of a unit and those below it, of a class, of a rank, or whose name or number holds `text`."""

    unit: Key | None = None
    usage_class: UsageClass | None = None
    rank: Rank | None = None
    text: Annotated[Line, Field(max_length=100)] = ""
    sort: OfficialSort = "name"
    descending: Flag = False


@dataclass(frozen=True, slots=True)
class OfficialWhole:
    """What is said of one official, what was asked about it, what is on record, what the mailboxes' census says.

    `contests` and `exceptions` are empty for whoever may not see them.
    """

    page: OfficialPage
    contests: tuple[ContestedFigure, ...]
    exceptions: tuple[RecordedException, ...]
    census: tuple[MailboxCensus, ...]


@dataclass(frozen=True, slots=True)
class DayWhole:
    """One day of one official: what is said of it, and the lines behind it (`more`: there are more than are shown)."""

    square: CalendarDay
    lines: tuple[EvidenceLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FigureWhole:
    """A figure, and a part of the lines that add up to it.

    `kept` is False where the lines are not there any more. `elsewhere` are days on which another witness than a log
    told of it.
    """

    value: int | None
    sum: int
    kept: bool
    elsewhere: tuple[date, ...]
    lines: Part[EvidenceLine]


@section.get("/audits/{audit_id}/officials", Text("Danh sách cán bộ.", "Officials, with their figures."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def officials(audit_id: Id, asked: OfficialsAsked) -> Part[OfficialRow]:
    """A part of the list."""
    session = work.session()
    summary_with_figures(session, audit_id)
    found = queries.officials(
        session,
        audit_id,
        unit_key=asked.unit,
        sub_units=True,
        usage_class=asked.usage_class,
        rank=asked.rank,
        text=asked.text.strip(),
        sort=asked.sort,
        descending=asked.descending,
        offset=asked.offset,
        limit=asked.limit,
        reach=reach.figures(),
    )
    if found.rows:
        looks.at_officials(audit_id, asked.unit)
    return part_of(found.rows, asked, found.total)


@section.get(
    "/audits/{audit_id}/officials/{official_id}",
    Text(
        "Một cán bộ, từng ngày. Việc xem được ghi vào nhật ký kiểm toán.",
        "One official, day by day. The look is in the trail.",
    ),
)
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official(audit_id: Id, official_id: Key) -> OfficialWhole:
    """What is said of one official; what was contested and what is on record, to whoever may see that besides."""
    session, actor = work.session(), auth.required()
    look(session, actor, audit_id=audit_id, official_id=official_id)
    page = queries.official(session, audit_id, official_id)
    units = directory.units_of_official(session, official_id)
    may_contests = can_read_contest_of(actor, official_id, units)
    may_exceptions = can_read_exception_of(actor, official_id, units)
    return OfficialWhole(
        page,
        contests.contests_about(session, audit_id, official_id) if may_contests else (),
        recorded.exceptions_of(session, audit_id, official_id, today=today()) if may_exceptions else (),
        tuple(census.mailbox_census(session, page.figures.mailboxes)),
    )


@section.get(
    "/audits/{audit_id}/days/{day}/{official_id}",
    Text("Bằng chứng của một ngày.", "The evidence of one official on one day. The look is in the trail."),
)
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official_day(audit_id: Id, day: Day, official_id: Key) -> DayWhole:
    """In words and as log lines."""
    session = work.session()
    look(session, auth.required(), audit_id=audit_id, official_id=official_id, day=day)
    page = queries.official(session, audit_id, official_id)
    square = next((one for one in page.days if one.day == day), None)
    if square is None:
        abort(404)
    store = work.settings().store
    try:
        lines = queries.evidence(session, audit_id, official_id, day, store=store, limit=EVIDENCE_LIMIT + 1)
    except LostObjectError:
        if has_evidence(square):
            raise
        lines = []
    return DayWhole(square, tuple(lines[:EVIDENCE_LIMIT]), len(lines) > EVIDENCE_LIMIT)


@section.get(
    "/audits/{audit_id}/figures/{figure}/{official_id}",
    Text(
        "Các dòng nhật ký làm nên một con số.", "The lines behind one figure of an official. The look is in the trail."
    ),
)
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def lines_of_figure(audit_id: Id, figure: Figure, official_id: Key, asked: AskedPart) -> FigureWhole:
    """Over the whole period, in order of time."""
    session = work.session()
    look(session, auth.required(), audit_id=audit_id, official_id=official_id, figure=figure)
    page = queries.official(session, audit_id, official_id)
    found = figure_lines(
        session,
        audit_id,
        official_id,
        figure,
        store=work.settings().store,
        offset=asked.offset,
        limit=asked.limit,
    )
    return FigureWhole(
        page.values[figure],
        found.sum,
        found.kept,
        days_without_lines(page.days, found, figure),
        part_of(found.rows, asked, found.total),
    )
