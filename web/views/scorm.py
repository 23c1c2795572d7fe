"""A lesson of a SCORM package: the page that shows its frame and saves what it reports. Not there while SCORM is off.

The frame is of that origin (`web.sandbox`); this page is ours, and the only one that may show a frame at all.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _

from core.db import utc_now
from core.permissions import Permission
from training.queries import scorm as queries
from training.scorm import ScormOptions
from training.scorm.reporting import Outcome
from training.services.scorm.reporting import report
from web import auth, formats, pace, tickets, work
from web.guards import needs
from web.headers import POLICY
from web.language import language
from web.tickets import Ticket
from web.views.learning import address_of, learner, moment, step_words

pages = Blueprint("scorm", __name__)


@pages.get("/learning/<int:assignment_id>/packages/<key>")
@needs(Permission.TRAINING_COURSE_TAKE)
def lesson(assignment_id: int, key: str) -> Response:
    """The lesson in its frame, with what it reported so far."""
    page = queries.scorm_page(work.session(), learner(), assignment_id, key)
    origin, before = _options().origin, page.reported
    answer = make_response(
        render_template(
            "scorm.html", page=page, origin=origin, ticket=_ticket(page), step_words=step_words, address=address_of,
            said=None if before is None else _said(before.status, before.score),
        )
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {origin}"
    return answer


@pages.post("/learning/<int:assignment_id>/packages/<key>")
@needs(Permission.TRAINING_COURSE_TAKE)
def save(assignment_id: int, key: str) -> Response:
    """Keep what the lesson reported; answers with what counts now, in words."""
    good = tickets.read(
        request.form.get("ticket", ""), work.settings().secret_key, hours=_options().hours, now=utc_now()
    )
    own = auth.present()
    if good is None or own is None or (good.assignment_id, good.key, good.session) != (assignment_id, key, own.id):
        abort(400)
    pace.check_reports(own.id)
    serial = request.form.get("serial", "")
    if not (serial.isascii() and serial.isdecimal() and 0 < len(serial) < 9):
        abort(400)
    found: Outcome = report(
        work.session(), learner(), sitting=good.sitting, serial=int(serial),
        is_finished=request.form.get("finished") == "1", text=request.form.get("values", ""), moment=moment(),
    )  # fmt: skip
    saved = _("Saved at %(time)s.", time=formats.clock(utc_now()))
    return jsonify(said=f"{saved} {_said(found.status, found.score)}", done=found.is_done)


def _ticket(page: queries.ScormPage) -> str:
    own = auth.present()
    if own is None:  # somebody who came with a token and not with a browser
        abort(404)
    ticket = Ticket(
        assignment_id=page.course.assignment_id,
        key=page.key,
        package=page.package,
        item=page.item,
        session=own.id,
        opened=tickets.microseconds(utc_now()),
        site=request.host_url.rstrip("/"),
        language=language(),
    )
    return tickets.written(ticket, work.settings().secret_key)


def _said(status: str, score: float | None) -> str:
    """What the package reported, in a sentence."""
    words = formats.text(queries.REPORTED_WORDS[status])
    if score is None:
        return str(_("The package reports: %(status)s.", status=words))
    return str(_("The package reports: %(status)s, score %(score)s.", status=words, score=formats.score(score)))


def _options() -> ScormOptions:
    found: ScormOptions = current_app.config["SCORM"]
    return found
