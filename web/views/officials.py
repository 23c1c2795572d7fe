"""Officials: the list behind every number, one person's calendar, and the log lines of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from core.permissions import Permission
from mail_audit import queries
from mail_audit.queries import CalendarDay, OfficialSort
from mail_audit.report import charts, terms
from mail_audit.report.model import CLASSES
from web import looks, work
from web.guards import needs
from web.language import language
from web.views.asked import flag, offset, one_of, optional
from web.views.audits import summary_with_figures

pages = Blueprint("officials", __name__)
LIMIT = 50
LONGEST_TEXT = 100
EVIDENCE_LIMIT = 500


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
    session = work.session()
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
        summary=summary_with_figures(session, audit_id),
        officials=queries.officials(
            session,
            audit_id,
            unit_key=asked.unit_key,
            sub_units=True,
            usage_class=asked.usage_class,
            rank=asked.rank,
            text=asked.text,
            sort=sort,
            descending=descending,
            offset=first,
            limit=LIMIT,
        ),
        asked=asked,
        sort=sort,
        descending=descending,
        offset=first,
        limit=LIMIT,
        address=address,
        rank_choices=_choices(terms.RANK_WORDS),
        class_choices=_choices(terms.CLASS_WORDS),
    )


@pages.get("/audits/<int:audit_id>/officials/<path:official_id>")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official(audit_id: int, official_id: str) -> str:
    """What is said of one official, with a calendar of the period."""
    session = work.session()
    page = queries.official(session, audit_id, official_id)
    looks.record(session, audit_id=audit_id, official_id=official_id)
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
    )


@pages.get("/audits/<int:audit_id>/days/<day>/<path:official_id>")
@needs(Permission.MAIL_AUDIT_EVIDENCE_READ)
def official_day(audit_id: int, day: str, official_id: str) -> str:
    """The evidence of one official on one day, in words and as log lines."""
    session = work.session()
    page = queries.official(session, audit_id, official_id)
    square = next((one for one in page.days if one.day == _day(day)), None)
    if square is None:
        abort(404)
    lines = queries.evidence(
        session, audit_id, official_id, square.day, store=work.settings().store, limit=EVIDENCE_LIMIT + 1
    )
    looks.record(session, audit_id=audit_id, official_id=official_id, day=square.day)
    at = page.days.index(square)
    return render_template(
        "day.html",
        page=page,
        summary=page.summary,
        square=square,
        lines=lines[:EVIDENCE_LIMIT],
        more=len(lines) > EVIDENCE_LIMIT,
        before=page.days[at - 1] if at else None,
        after=page.days[at + 1] if at + 1 < len(page.days) else None,
    )


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
