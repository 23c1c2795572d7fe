"""Deputies: who acts for whom and until when; officials name their own, administrators those of officials in reach."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import queries, services
from core.directory.errors import DeputyError
from core.errors import InputError, NotFoundError
from core.permissions import NOTHING, Actor, Permission
from eoffice.queries import Colleague, colleagues
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
    return _page(DeputyForm(formdata=None, data={"first": work.today()}))


@pages.post("/deputies")
@needs(Permission.CORE_DEPUTY_NAME)
def name() -> Response | tuple[str, int]:
    """Name a deputy; a form that cannot be used comes back with its reasons."""
    form, actor = DeputyForm(), auth.required()
    if not form.validate():
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
    sought = " ".join((request.values.get("q") or "").split())[:100]
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
        for_others=actor.reach(Permission.CORE_DEPUTY_NAME) != NOTHING,
        today=today,
        sought=sought,
        people=_people(actor, sought),
    )


def _people(actor: Actor, sought: str) -> list[Colleague]:
    """Whom an official can name: found by name, else those of the own unit."""
    return colleagues(work.session(), actor, question=sought) if actor.official_id else []
