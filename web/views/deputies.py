"""Deputies: who acts for whom and until when; officials name their own, administrators those of officials in reach."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import queries, services
from core.directory.errors import DeputyError
from core.directory.queries.search import Colleague, find_colleagues
from core.errors import InputError, NotFoundError
from core.permissions import NOTHING, Actor, Permission, Reach
from web import auth, work
from web.forms.roles import SCOPES, DeputyForm
from web.guards import needs
from web.language import language
from web.views.asked import offset

pages = Blueprint("deputies", __name__)
LIMIT = 50


@pages.get("/deputies")
@needs(Permission.CORE_DEPUTY_READ)
def deputies() -> str:
    """Those the visitor may see, and the form that names one."""
    return _page(DeputyForm(formdata=None, data={"first": work.today(), "official_id": auth.required().official_id}))


@pages.post("/deputies")
@needs(Permission.CORE_DEPUTY_NAME)
def name() -> Response | tuple[str, int]:
    """Name a deputy; a form that cannot be used comes back with its reasons."""
    form, actor = DeputyForm(), auth.required()
    if not form.validate():
        return _page(form), 422
    if not form.official_id.data and actor.official_id is None:
        form.official_id.errors = [_("Choose who is away")]
        return _page(form), 422
    try:
        services.name_deputy(
            work.session(),
            actor,
            official_id=form.official_id.data or actor.official_id or "",
            deputy_official_id=form.deputy.data or "",
            scope=form.scope.data,
            first=form.first.data,
            last=form.last.data,
        )
    except (DeputyError, InputError, NotFoundError) as refused:
        (form.last if isinstance(refused, InputError) else form.deputy).errors = [refused.message.to(language())]
        return _page(form), 422
    flash(_("The deputy is named. It may be ended here at any time."))
    return redirect(url_for("deputies.deputies"), 303)


@pages.post("/deputies/<int:deputy_id>/end")
@needs(Permission.CORE_DEPUTY_NAME)
def end(deputy_id: int) -> Response:
    """End it from now on."""
    services.end_deputy(work.session(), auth.required(), deputy_id=deputy_id)
    flash(_("That is over: nobody acts there any more."))
    return redirect(url_for("deputies.deputies"), 303)


def _page(form: DeputyForm) -> str:
    actor, today = auth.required(), work.today()
    first, first_over = offset(request.args.get("offset")), offset(request.args.get("earlier"))
    standing = queries.deputies(work.session(), actor, day=today, state="standing", offset=first, limit=LIMIT)
    over = queries.deputies(work.session(), actor, day=today, state="over", offset=first_over, limit=LIMIT)
    reach = actor.reach(Permission.CORE_DEPUTY_NAME)
    return render_template(
        "deputies.html",
        form=form,
        deputies=standing,
        earlier=over,
        offset=first,
        offset_over=first_over,
        limit=LIMIT,
        address=lambda offset: url_for("deputies.deputies", offset=offset or None, earlier=first_over or None),
        address_over=lambda offset: url_for(
            "deputies.deputies", offset=first or None, earlier=offset, _anchor="earlier"
        ),
        scopes=dict(SCOPES),
        for_others=reach != NOTHING,
        today=today,
        sought=_sought("q"),
        away_sought=_sought("away"),
        people=_people(actor, _sought("q"), for_others=reach != NOTHING),
        away=_away(actor, _sought("away"), reach),
    )


def _sought(name: str) -> str:
    """The letters of a name that somebody was looked for by."""
    return " ".join((request.values.get(name) or "").split())[:100]


def _people(actor: Actor, sought: str, *, for_others: bool) -> list[Colleague]:
    """Who can act: found by name, else those of the own unit; oneself for others only."""
    own = None if sought and for_others else actor.official_id
    return find_colleagues(work.session(), question=sought, of=own)


def _away(actor: Actor, sought: str, reach: Reach) -> list[Colleague]:
    """Who can be away: oneself, and those in reach who were found by name."""
    own = None if actor.official_id is None else queries.official_row(work.session(), actor.official_id)
    found = find_colleagues(work.session(), question=sought, of=actor.official_id, reach=reach) if sought else []
    return ([] if own is None else [Colleague(own.official_id, own.name, str(_("yourself")), "")]) + found
