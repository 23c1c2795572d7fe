"""Lists that rules froze and their waves: who goes first, the seed made public, the draw, and both to take away."""

from __future__ import annotations

import csv
import io
import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.permissions import Permission, Reach
from core.words import inert
from training.errors import AssigningError, DrawError
from training.permissions import can_change_rule
from training.queries import rules as reading
from training.services import drawing
from training.services.showing import show_list
from training.waves.peoplefile import COLUMNS
from web import auth, work
from web.forms.rules import FirstForm, SeedForm
from web.guards import needs
from web.language import language
from web.views.asked import offset
from web.views.learning import moment

pages = Blueprint("waves", __name__)
LIMIT = 50
"""People of a list on one page."""
LISTS = 25


@pages.get("/training/waves")
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def waves() -> str:
    """Every list, those that wait for their draw first."""
    first = offset(request.args.get("offset"))
    found, total = reading.lists(work.session(), offset=first, limit=LISTS)

    def address(**changed: Any) -> str:
        return url_for("waves.waves", **changed)

    return render_template("waves.html", lists=found, total=total, offset=first, limit=LISTS, address=address)


@pages.get("/training/waves/<int:campaign_id>")
@needs(Permission.TRAINING_ASSIGNMENT_READ)
def wave(campaign_id: int) -> str:
    """One list: who is on it and why, and how far its draw is."""
    return _page(campaign_id, FirstForm(formdata=None), SeedForm(formdata=None))


@pages.post("/training/waves/<int:campaign_id>/first")
@needs(Permission.TRAINING_RULE_CHANGE)
def first(campaign_id: int) -> BaseResponse | tuple[str, int]:
    """Say that somebody must go first, or take that back."""
    form = FirstForm()
    problem = None if form.validate() else ""
    if problem is None:
        try:
            drawing.put_first(
                work.session(), auth.required(), campaign_id=campaign_id, official_id=form.official_id.data or "",
                why=form.why.data or "", moment=moment(),
            )  # fmt: skip
        except AssigningError as wrong:
            problem = wrong.message.to(language())
            form.official_id.errors = [problem]
    if problem is not None:
        return _page(campaign_id, form, SeedForm(formdata=None)), 422
    flash(_("Kept. Whoever goes first is in wave 1 and is not drawn."))
    return redirect(url_for("waves.wave", campaign_id=campaign_id), 303)


@pages.post("/training/waves/<int:campaign_id>/seed")
@needs(Permission.TRAINING_RULE_CHANGE)
def publish(campaign_id: int) -> BaseResponse | tuple[str, int]:
    """Make the seed public, once and for all."""
    form = SeedForm()
    if not form.validate():
        return _page(campaign_id, FirstForm(formdata=None), form), 422
    typed = (form.seed.data or "").strip()
    try:
        drawing.publish_seed(
            work.session(), auth.required(), campaign_id=campaign_id, seed=typed or secrets.token_hex(16),
            typed=bool(typed), starts_on=form.starts_on.data, moment=moment(),
        )  # fmt: skip
    except (AssigningError, DrawError) as wrong:
        form.seed.errors = [wrong.message.to(language())]
        return _page(campaign_id, FirstForm(formdata=None), form), 422
    flash(_("The seed is public and cannot be changed any more. Now the order can be drawn."))
    return redirect(url_for("waves.wave", campaign_id=campaign_id), 303)


@pages.post("/training/waves/<int:campaign_id>/draw")
@needs(Permission.TRAINING_RULE_CHANGE)
def draw(campaign_id: int) -> BaseResponse:
    """Draw the order, and give everybody their wave."""
    drawing.draw_waves(work.session(), auth.required(), campaign_id=campaign_id, moment=moment())
    flash(_("The order is drawn and the courses are assigned."))
    return redirect(url_for("waves.wave", campaign_id=campaign_id), 303)


@pages.post("/training/waves/<int:campaign_id>/close")
@needs(Permission.TRAINING_RULE_CHANGE)
def close(campaign_id: int) -> BaseResponse:
    """Drop the list."""
    drawing.close_campaign(work.session(), auth.required(), campaign_id=campaign_id, moment=moment())
    flash(_("The list is closed, nobody was assigned anything. The rule makes another one tomorrow."))
    return redirect(url_for("waves.wave", campaign_id=campaign_id), 303)


@pages.get("/training/waves/<int:campaign_id>/draw.csv")
@needs(Permission.TRAINING_RULE_CHANGE)
def file(campaign_id: int) -> Response:
    """The list with its draw, as `vanthu training draw` reads it: for whoever wants to draw it again."""
    reading.one_list(work.session(), campaign_id)
    show_list(work.session(), auth.required(), campaign_id=campaign_id, day=work.today())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, "first"))
    for one in reading.members(work.session(), campaign_id, reach=_reach())[0]:
        first = one.first_why is not None
        drawn = int(one.ticket is not None)
        writer.writerow([inert(one.official_id), inert(one.unit), one.wave, drawn, one.ticket, int(first)])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="vanthu-list-{campaign_id}.csv"'
    return answer


def _page(campaign_id: int, first_form: FirstForm, seed_form: SeedForm) -> str:
    found, begin = reading.one_list(work.session(), campaign_id), offset(request.args.get("offset"))
    people, total = reading.members(work.session(), campaign_id, reach=_reach(), offset=begin, limit=LIMIT)
    units = reading.units_of_rule(work.session(), found.rule_id)
    if people:
        show_list(work.session(), auth.required(), campaign_id=campaign_id, day=work.today())

    def address(**changed: Any) -> str:
        return url_for("waves.wave", campaign_id=campaign_id, **changed)

    return render_template(
        "wave.html", list=found, members=people, total=total, offset=begin, limit=LIMIT, address=address,
        first_form=first_form, seed_form=seed_form, may_change=can_change_rule(auth.required(), units),
    )  # fmt: skip


def _reach() -> Reach:
    """Whom on a list the visitor may see."""
    return auth.required().reach(Permission.TRAINING_ASSIGNMENT_READ)
