"""Officials: the list behind every number, one person's calendar, and the log lines of one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.directory import queries as directory
from core.permissions import Permission
from core.words import Text
from mail_audit import queries
from mail_audit.errors import UnreadableObjectError
from mail_audit.figure_lines import FIGURES
from mail_audit.permissions import (
    can_ask_contest_of,
    can_read_contest_of,
    can_read_exception_of,
    can_record_exception_of,
)
from mail_audit.queries import CalendarDay, OfficialSort, census, contests, exceptions
from mail_audit.queries.lines import figure_lines
from mail_audit.queries.pages import FigureLines, OfficialList
from mail_audit.report import charts, terms
from mail_audit.report.model import CLASSES
from mail_audit.services.looking import look
from web import auth, looks, work
from web.guards import needs
from web.language import language
from web.views.asked import flag, offset, one_of, optional
from web.views.audits import summary_with_figures
from web.views.contests import about_words, state_words
from web.views.exceptions import kind_words, today
from web.views.use import of_official

pages = Blueprint("officials", __name__)
LIMIT = 50
LONGEST_TEXT = 100
EVIDENCE_LIMIT = 500
LINES_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of the list that the address asks for."""

    unit_key: str | None
    usage_class: str | None
    rank: str | None
    text: str


@pages.get("/audits/<int:audit_id>/officials")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def officials(audit_id: int) -> str:
    """Officials of one unit, class or rank, or whose name or ID holds a piece of text."""
    given = request.args
    asked = Asked(
        given.get("unit") or None,
        optional(given.get("class"), CLASSES),
        optional(given.get("rank"), terms.RANK_WORDS),
        (given.get("text") or "").strip()[:LONGEST_TEXT],
    )
    sort = cast("OfficialSort", one_of(given.get("sort"), get_args(OfficialSort), "name"))
    descending, first = flag(given.get("descending")), offset(given.get("offset"))

    def address(**changed: Any) -> str:
        kept: dict[str, Any] = {
            "unit": asked.unit_key,
            "class": asked.usage_class,
            "rank": asked.rank,
            "text": asked.text or None,
        }
        kept |= {"sort": sort, "descending": int(descending)}
        return url_for("officials.officials", audit_id=audit_id, **(kept | changed))

    return render_template(
        "officials.html",
        summary=summary_with_figures(work.session(), audit_id),
        officials=_found(audit_id, asked, sort=sort, descending=descending, offset=first),
        asked=asked,
        sort=sort,
        descending=descending,
        offset=first,
        limit=LIMIT,
        address=address,
        rank_choices=_choices(terms.RANK_WORDS),
        class_choices=_choices(terms.CLASS_WORDS),
    )


def _found(audit_id: int, asked: Asked, *, sort: OfficialSort, descending: bool, offset: int) -> OfficialList:
    """The part that was asked for; that people are shown by name is noted."""
    found = queries.officials(
        work.session(),
        audit_id,
        unit_key=asked.unit_key,
        sub_units=True,
        usage_class=asked.usage_class,
        rank=asked.rank,
        text=asked.text,
        sort=sort,
        descending=descending,
        offset=offset,
        limit=LIMIT,
        reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ),
    )
    if found.rows:
        looks.at_officials(audit_id, asked.unit_key)
    return found


@pages.get("/audits/<int:audit_id>/officials/<path:official_id>")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official(audit_id: int, official_id: str) -> str:
    """What is said of one official, with a calendar of the period, to whoever reaches them.

    What was contested and what is on record (who is ill, who is away) is told to whoever may see that besides.
    """
    session, actor = work.session(), auth.required()
    look(session, actor, audit_id=audit_id, official_id=official_id)
    units = directory.units_of_official(session, official_id)
    page = queries.official(session, audit_id, official_id)
    by_day = {one.day: one for one in page.days}

    def link(day: date) -> str | None:
        if not has_evidence(by_day[day]):
            return None
        return url_for("officials.official_day", audit_id=audit_id, day=day.isoformat(), official_id=official_id)

    return render_template(
        "official.html",
        page=page,
        summary=page.summary,
        calendar=charts.calendar(page.days, language(), link=link),
        legend=charts.legend(language()),
        figures_in_words=FIGURES,
        own=actor.official_id == official_id,
        contests=contests.contests_about(session, audit_id, official_id)
        if can_read_contest_of(actor, official_id, units)
        else (),
        exceptions=exceptions.exceptions_of(session, audit_id, official_id, today=today())
        if can_read_exception_of(actor, official_id, units)
        else (),
        may_ask=can_ask_contest_of(actor, official_id, units),
        may_record=can_record_exception_of(actor, official_id, units),
        about_words=about_words,
        state_words=state_words,
        kind_words=kind_words,
        censuses=census.mailbox_census(session, page.figures.mailboxes),
        use=of_official(page.summary, official_id),
    )


@pages.get("/audits/<int:audit_id>/figures/<name>/<path:official_id>")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def figure(audit_id: int, name: str, official_id: str) -> str:
    """Every line behind one figure of an official, over the whole period, in order of time."""
    if name not in FIGURES:
        abort(404)
    session, first = work.session(), offset(request.args.get("offset"))
    look(session, auth.required(), audit_id=audit_id, official_id=official_id, figure=name)
    page = queries.official(session, audit_id, official_id)
    lines = figure_lines(
        session, audit_id, official_id, name, store=work.settings().store, offset=first, limit=LINES_LIMIT
    )

    def address(**changed: Any) -> str:
        return url_for("officials.figure", audit_id=audit_id, name=name, official_id=official_id, **changed)

    return render_template(
        "figure.html",
        page=page,
        summary=page.summary,
        name=name,
        figure=FIGURES[name],
        value=page.values[name],
        lines=lines,
        elsewhere=days_without_lines(page.days, lines, name),
        offset=first,
        limit=LINES_LIMIT,
        address=address,
    )


@pages.get("/audits/<int:audit_id>/days/<day>/<path:official_id>")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official_day(audit_id: int, day: str, official_id: str) -> str:
    """The evidence of one official on one day, in words and as log lines."""
    session, wanted = work.session(), _day(day)
    look(session, auth.required(), audit_id=audit_id, official_id=official_id, day=wanted)
    page = queries.official(session, audit_id, official_id)
    square = next((one for one in page.days if one.day == wanted), None)
    if square is None:
        abort(404)
    lines, lost = _lines_of(session, audit_id, official_id, square)
    at = page.days.index(square)
    return render_template(
        "day.html",
        page=page,
        summary=page.summary,
        square=square,
        lines=lines[:EVIDENCE_LIMIT],
        more=len(lines) > EVIDENCE_LIMIT,
        lost=lost,
        before=page.days[at - 1] if at else None,
        after=page.days[at + 1] if at + 1 < len(page.days) else None,
    )


def _lines_of(
    session: Session, audit_id: int, official_id: str, square: CalendarDay
) -> tuple[list[queries.EvidenceLine], Text | None]:
    """The lines of a day, and what to say where they cannot be read though there were some: the rest is shown."""
    store = work.settings().store
    try:
        return queries.evidence(session, audit_id, official_id, square.day, store=store, limit=EVIDENCE_LIMIT + 1), None
    except UnreadableObjectError as unreadable:
        return [], unreadable.message if has_evidence(square) else None


def days_without_lines(days: Iterable[CalendarDay], lines: FigureLines, name: str) -> tuple[date, ...]:
    """Days on which the figure was counted though there is no line of it: another witness than a log told of them."""

    def counted(square: CalendarDay) -> int:
        if name == "active_days":
            return int(square.facts.acts_a + square.facts.acts_b > 0)
        return getattr(square.facts, name) or 0

    return tuple(one.day for one in days if counted(one) and not lines.by_day.get(one.day))


def has_evidence(square: CalendarDay) -> bool:
    """Whether anything at all stands in the logs for that day."""
    facts = square.facts
    return bool(
        facts.sent
        or facts.received
        or facts.logins
        or facts.failed_logins
        or facts.opened
        or facts.delegated
        or facts.forwards
        or facts.acts_a
        or facts.acts_b
        or facts.acts_c
        or facts.acts_d
    )


def _choices(words: Any) -> list[dict[str, str]]:
    return [{"value": "", "text": _("all")}] + [
        {"value": key, "text": text.to(language())} for key, text in words.items()
    ]


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        abort(404)
