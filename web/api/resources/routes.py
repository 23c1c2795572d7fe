"""Routes: those in use and retired, made as data, retired and brought back."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from eoffice.queries.routes import Route, route
from eoffice.queries.routes import routes as every_route
from eoffice.routing import plan_from_json
from eoffice.routing.templates import LONGEST_NAME, Template
from eoffice.services import routes as service
from web import auth, work
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Flag, Id, Key, Line, Part, part_of
from web.guards import needs
from web.views.document_words import moment

section = Section("routes", Text("Quy trình", "Routes"))


class RoutesAsked(AskedPart):
    """Those in use, or those that are not."""

    retired: Flag = False


class NewRoute(Body):
    """Its name, for which type of document (null: any), in which unit and below (null: everywhere), its steps."""

    name: Annotated[Line, Field(min_length=1, max_length=LONGEST_NAME)]
    type: Key | None = None
    unit: Key | None = None
    steps: Annotated[
        tuple[dict[str, Any], ...],
        Field(min_length=1, max_length=30, description="As the files of `vanthu eoffice routes` have them"),
    ]


@section.get("/routes", Text("Các quy trình.", "The routes."))
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def routes(asked: RoutesAsked) -> Part[Route]:
    """By name."""
    service.add_first_routes(work.session(), moment=moment())
    return part_of(every_route(work.session(), auth.required(), retired=asked.retired), asked)


@section.get("/routes/{template_id}", Text("Một quy trình.", "One route."))
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def one_route(template_id: Id) -> Route:
    """Its plan, whoever made it and when."""
    return route(work.session(), auth.required(), template_id=template_id)


@section.post("/routes", Text("Lập hoặc sửa một quy trình.", "Make a route, or a new version of it."), status=201)
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def make_route(wanted: NewRoute) -> Route:
    """What is on its way already goes on by the one it began with."""
    template = Template(wanted.name, wanted.type, wanted.unit, plan_from_json(list(wanted.steps)))
    made = service.make_route(work.session(), auth.required(), template=template, moment=moment())
    return one_route(made)


@section.post("/routes/{template_id}/retire", Text("Ngừng dùng.", "Nothing is sent by it any more."))
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def retire_route(template_id: Id) -> Route:
    """It can be brought back."""
    service.retire_route(work.session(), auth.required(), template_id=template_id, moment=moment())
    return one_route(template_id)


@section.post("/routes/{template_id}/bring-back", Text("Dùng lại.", "Use it again."))
@needs(Permission.EOFFICE_ROUTE_CHANGE)
def bring_back_route(template_id: Id) -> Route:
    """404 for one that has a newer version."""
    service.bring_back_route(work.session(), auth.required(), template_id=template_id, moment=moment())
    return one_route(template_id)
