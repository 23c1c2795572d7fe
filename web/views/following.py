"""HR's board of training: who must learn, who learns, who is late and who is done; reminders; the list as a file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, cast

from flask import Blueprint, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.mail.options import MailOptions
from core.permissions import Permission
from training.charts import dot_and_bar
from training.effect.words import headline
from training.moments import Moment
from training.queries.board import FOLLOWED, STANDINGS, Asked, Standing, UnitCounts, board, courses_assigned
from training.queries.board_waves import waves
from training.queries.board_words import STANDING_WORDS
from training.queries.coming import DAYS, KIND_WORDS, reminders
from training.queries.effects import EffectReport, effect_reports
from training.queries.scorm import REPORTED_WORDS, reported
from training.services.exporting import Ending, export_board, export_statements
from web import auth, looks, work
from web.guards import needs
from web.language import language
from web.views.asked import number, offset, optional

pages = Blueprint("following", __name__)
LIMIT = 25
UNITS = 25
"""Rows of the table of units on one page, and so many of them that the filter offers besides the one it has."""
LONGEST_TEXT = 100
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def asked() -> Asked:
    """Which assignments the address names; what nobody knows is as if it were not there."""
    given = request.args
    return Asked(
        unit=(given.get("unit") or "")[:300] or None,
        standing=cast("Standing | None", optional(given.get("standing"), STANDINGS)),
        course=(given.get("course") or "")[:64] or None,
        campaign=number(given.get("campaign")),
        wave=number(given.get("wave")),
        text=(given.get("text") or "").strip()[:LONGEST_TEXT],
    )


@pages.get("/training")
@needs(Permission.TRAINING_BOARD_READ)
def following() -> str:
    """The board: sums, the effect in a sentence, the list with its filters, units and waves."""
    session, actor, wanted, first = work.session(), auth.required(), asked(), offset(request.args.get("offset"))
    first_unit = offset(request.args.get("units"))
    shown = slice(first_unit, first_unit + UNITS)
    found = board(session, actor, asked=wanted, today=work.today(), offset=first, limit=LIMIT, units=shown)
    if found.rows:
        looks.at_following(wanted.unit)
    kept: dict[str, Any] = {
        name: getattr(wanted, name) or None for name in ("unit", "standing", "course", "campaign", "wave", "text")
    }

    def address(endpoint: str = "following.following", **changed: Any) -> str:
        return url_for(endpoint, **(kept | changed))

    return render_template(
        "following.html",
        board=found,
        asked=wanted,
        offset=first,
        limit=LIMIT,
        address=address,
        effects=_effects(),
        units_offset=first_unit,
        units_limit=UNITS,
        units_address=lambda offset: address(units=offset or None, offset=first or None, _anchor="units"),
        waves=waves(session, actor),
        followed=FOLLOWED,
        words=STANDING_WORDS,
        reported=reported(session, [one.assignment_id for one in found.rows]),
        reported_words=REPORTED_WORDS,
        choices=_choices(wanted, found.units),
    )


@pages.get("/training/assignments.<any(csv, xlsx):ending>")
@needs(Permission.TRAINING_BOARD_READ)
def file(ending: Ending) -> Response:
    """What the board lists, as a file; the filters of the address hold for it too."""
    content = BytesIO()
    moment = Moment(utc_now(), work.today())
    export_board(
        work.session(), auth.required(), asked=asked(), ending=ending, language=language(), moment=moment, to=content
    )
    content.seek(0)
    name = f"vanthu-training-{moment.today.isoformat()}.{ending}"
    return send_file(content, mimetype=TYPES[ending], as_attachment=True, download_name=name)


@pages.get("/training/statements.json")
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def statements() -> Response:
    """What was learnt by everybody in reach, as xAPI statements."""
    content = BytesIO()
    export_statements(work.session(), auth.required(), to=content)
    content.seek(0)
    name = f"vanthu-xapi-{work.today().isoformat()}.json"
    return send_file(content, mimetype="application/json", as_attachment=True, download_name=name)


@pages.get("/training/reminders")
@needs(Permission.TRAINING_BOARD_READ)
def to_come() -> str:
    """What goes out today and in the two weeks after, and what went out last."""
    first = offset(request.args.get("offset"))
    part = slice(first, first + LIMIT)
    found = reminders(work.session(), auth.required(), today=work.today(), part=part)
    if found.coming or found.sent:
        looks.at_following(None)

    def address(**changed: Any) -> str:
        return url_for("following.to_come", **changed)

    return render_template(
        "following_reminders.html",
        found=found,
        today=work.today(),
        days=DAYS,
        words=KIND_WORDS,
        is_mail_on=MailOptions.of(work.settings()).is_on,
        offset=first,
        limit=LIMIT,
        address=address,
    )


def _effects() -> list[dict[str, Any]]:
    """The newest effect of each campaign as sentence and picture, for whoever may see those."""
    if not auth.required().may(Permission.TRAINING_EFFECT_READ):
        return []
    return [_told(one) for one in effect_reports(work.session(), auth.required(), newest_only=True)[:3]]


def _told(report: EffectReport) -> dict[str, Any]:
    said = headline(report.effect).to(language())
    return {"report": report, "said": said, "picture": dot_and_bar(report.effect, language())}


def _choices(wanted: Asked, units: Iterable[UnitCounts]) -> dict[str, list[dict[str, Any]]]:
    """What the filters offer; of the units those of the table's part, and the one that was chosen."""
    offered = {one.key: one.name for one in units}
    if wanted.unit is not None:
        offered.setdefault(wanted.unit, wanted.unit)
    everything = {"value": "", "text": _("all")}

    def listed(pairs: list[tuple[str, str]], chosen: str | None) -> list[dict[str, Any]]:
        return [everything] + [{"value": key, "text": words, "selected": key == chosen} for key, words in pairs]

    standings = [(one, STANDING_WORDS[one].to(language())) for one in STANDINGS]
    courses = [(key, title.to(language())) for key, title in courses_assigned(work.session(), auth.required())]
    return {
        "unit": listed(list(offered.items()), wanted.unit),
        "standing": listed([(str(one), words) for one, words in standings], wanted.standing),
        "course": listed(courses, wanted.course),
    }
