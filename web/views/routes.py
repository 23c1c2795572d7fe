"""Routes: those there are, each drawn and in words; made and changed by a form, retired and brought back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from core.errors import InputError
from core.permissions import WHOLE, Permission
from eoffice.queries.routes import Route, route, routes, unit_names, vacant
from eoffice.routing import Plan, plan_from_json
from eoffice.routing import picture as drawn
from eoffice.routing.lines import line_of
from eoffice.routing.templates import Template
from eoffice.services import routes as service
from web import auth, undo, work
from web.forms.routes import KINDS, PURPOSES, RouteForm, fits, step_values
from web.guards import needs
from web.language import language
from web.views import document_words

pages = Blueprint("routes", __name__)
ANY, EVERYWHERE = "*", "*"
"""What the choices send for a route of any type, and for one that holds everywhere."""


@pages.get("/routes")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def all_routes() -> str:
    """Those in use, and those that were retired."""
    session, actor = work.session(), auth.required()
    service.add_first_routes(session, moment=document_words.moment())
    return render_template(
        "routes.html", routes=routes(session, actor), retired=routes(session, actor, retired=True),
        type_words=document_words.type_words, purposes=drawn.PURPOSES,
    )  # fmt: skip


@pages.get("/routes/new")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def new() -> str:
    """An empty form."""
    return _page(_form(formdata=None, data={"type": ANY, "steps": step_values(Plan(()), {}, language())}))


@pages.post("/routes")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def make() -> Response | tuple[str, int]:
    """Make it, or a new version of the one of that name; a form that cannot be used comes back with its reasons."""
    form, names = _form(), unit_names(work.session())
    if not form.validate():
        return _page(form), 422
    try:
        plan = plan_from_json(form.as_json(names))
        template = Template(
            form.name.data,
            None if form.type.data == ANY else form.type.data,
            None if form.unit.data == EVERYWHERE else form.unit.data,
            plan,
        )
        with work.session().begin_nested():
            made = service.make_route(
                work.session(), auth.required(), template=template, moment=document_words.moment()
            )
    except InputError as wrong:
        form.name.errors = [wrong.message.to(language())]
        return _page(form), 422
    flash(_("The route is in use. What is on its way already goes on by the one it began with."))
    return redirect(url_for("routes.one", template_id=made), 303)


@pages.get("/routes/<int:template_id>")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def one(template_id: int) -> str:
    """One route: its picture, its table, and the form that changes it."""
    found = route(work.session(), auth.required(), template_id=template_id)
    names = unit_names(work.session())
    form = None
    if found.may_change and found.retired_at is None and fits(found.plan):
        values = {"name": found.name, "type": found.type or ANY, "unit": found.unit or EVERYWHERE}
        form = _form(formdata=None, data={**values, "steps": step_values(found.plan, names, language())})
    return _page(form, found)


@pages.post("/routes/<int:template_id>/retire")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def retire(template_id: int) -> Response:
    """Nothing is sent by it any more."""
    service.retire_route(work.session(), auth.required(), template_id=template_id, moment=document_words.moment())
    back = url_for("routes.bring_back", template_id=template_id)
    undo.offer(_("The route is not used any more; what is on its way goes on."), back)
    return redirect(url_for("routes.all_routes"), 303)


@pages.post("/routes/<int:template_id>/bring-back")
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def bring_back(template_id: int) -> Response:
    """Use it again."""
    service.bring_back_route(work.session(), auth.required(), template_id=template_id, moment=document_words.moment())
    flash(_("The route is used again."))
    return redirect(url_for("routes.one", template_id=template_id), 303)


def _form(**given: Any) -> RouteForm:
    """The form with the types and units there are to choose from."""
    form = RouteForm(**given)
    reach = auth.required().reach(Permission.EOFFICE_ROUTE_CHANGE)
    units = [SelectChoice(EVERYWHERE, _("Everywhere"))] if reach == WHOLE else []
    units += [SelectChoice(key, name) for key, name in unit_names(work.session()).items() if reach.holds(key)]
    form.unit.choices = units
    types = document_words.all_types()
    form.type.choices = [SelectChoice(ANY, _("Any type")), *(SelectChoice(*row) for row in types.items())]
    return form


def _page(form: RouteForm | None, found: Route | None = None) -> str:
    names = unit_names(work.session())
    values = {key: str(words) for key, words in document_words.URGENCIES.items()} | document_words.all_types()
    values["docx"] = _("written elsewhere (Word)")
    steps = () if found is None else found.plan.steps
    missing = {} if found is None else vacant(work.session(), found.plan, today=work.today())
    unheld = [(place, [line_of(who, names, language()) for who in people]) for place, people in missing.items()]
    return render_template(
        "route.html", form=form, route=found, kinds=KINDS,
vacant=unheld, purposes=PURPOSES, type_words=document_words.type_words,
        picture=None if found is None else drawn.picture(found.plan, names, values, language()),
        rows=[
            (
                drawn.PURPOSES[step.purpose].to(language()),
                [line_of(who, names, language()) for who in step.who],
                drawn.how(step, language()),
                step.days,
                [drawn.condition_words(test, values, language()) for test in step.when],
            )
            for step in steps
        ],
    )  # fmt: skip
