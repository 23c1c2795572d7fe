"""The audit trail, for the administrator: who did what, the newest first, by day, actor and subject."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from core.audit import heads
from core.audit.reading import Wanted, entries
from core.permissions import Permission
from core.words import showable
from web import work
from web.guards import needs
from web.trail_words import said
from web.views.asked import day_of, offset

pages = Blueprint("trail", __name__)
LIMIT = 50
LONGEST_TEXT = 100
LONGEST_FACT = 120


def facts_shown(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and values of an entry's facts, each short enough for a cell."""
    shown = [(name, showable(str(value))) for name, value in sorted(facts.items())]
    return [(name, f"{value[:LONGEST_FACT]}…" if len(value) > LONGEST_FACT else value) for name, value in shown]


def _letters(asked: str | None) -> str:
    return (asked or "").replace("\x00", "").strip()[:LONGEST_TEXT]


@pages.get("/trail")
@needs(Permission.CORE_TRAIL_READ)
def trail() -> str:
    """A part of the trail; what cannot be used of a filter is as if it were not there."""
    given = request.args
    actor, subject = _letters(given.get("actor")), _letters(given.get("subject"))
    begin, end = day_of(given.get("from")), day_of(given.get("to"))
    first = offset(given.get("offset"))

    def address(**changed: Any) -> str:
        kept = {"from": begin, "to": end, "actor": actor or None, "subject": subject or None}
        return url_for("trail.trail", **(kept | changed))

    wanted = Wanted(work.settings().timezone, begin, end, actor, subject)
    return render_template(
        "trail.html",
        entries=entries(work.session(), wanted, offset=first, limit=LIMIT),
        head=heads.head(work.session()),
        begin=begin,
        end=end,
        by=actor,
        subject=subject,
        offset=first,
        limit=LIMIT,
        address=address,
        said=said,
        facts_shown=facts_shown,
    )
