"""Templates of routes: made, changed by a new version, retired and brought back; those of the first day.

A round keeps the version it began with: changing a route changes nothing that is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.directory.models import UnitRow
from core.permissions import SCHEDULER, Actor, Permission
from eoffice.actions import EofficeAction
from eoffice.documents import ruleset
from eoffice.errors import PlanError, RouteNotFoundError
from eoffice.models import RouteTemplate
from eoffice.routing import plan_to_json
from eoffice.routing.templates import Template, checked_name, defaults
from eoffice.services.rounds import Moment

"""Who made the routes of the first day."""
KEPT_UNITS = frozenset({"own", "parent", "nearest"})


def make_route(session: Session, actor: Actor, *, template: Template, moment: Moment) -> int:
    """Make a route, or a new version of the one of that name; saying the same again makes none. Returns its id.

    Raises `PlanError` for an unknown type or unit, `RouteNotFoundError` for a unit (or a route of one) out of reach.
    """
    unit = _unit(session, actor, template.unit)
    _check(session, template, moment)
    name, steps = checked_name(template.name), plan_to_json(template.plan)
    wanted = select(RouteTemplate).where(RouteTemplate.name == name).order_by(RouteTemplate.version.desc()).limit(1)
    last = session.scalars(wanted.with_for_update()).first()
    if last is not None:
        _reached(session, actor, last)
        same = (last.type, last.unit, last.steps) == (template.type, unit, steps)
        if same and last.retired_at is None:
            return last.id
        if last.retired_at is None:
            last.retired_at, last.retired_by = moment.now, actor.name
    row = RouteTemplate(
        name=name, version=1 if last is None else last.version + 1, type=template.type, unit=unit, steps=steps,
        made_at=moment.now, made_by=actor.name,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, actor, EofficeAction.ROUTE_MADE, row)
    return row.id


def make_routes(session: Session, actor: Actor, *, templates: Iterable[Template], moment: Moment) -> int:
    """Make several, all or none; how many were new or other than before. Raises as `make_route`."""
    before = session.scalar(select(func.count()).select_from(RouteTemplate)) or 0
    for one in templates:
        make_route(session, actor, template=one, moment=moment)
    return (session.scalar(select(func.count()).select_from(RouteTemplate)) or 0) - before


def retire_route(session: Session, actor: Actor, *, template_id: int, moment: Moment) -> None:
    """Nothing is sent by it any more; what is on its way goes on. Raises `RouteNotFoundError`."""
    row = _locked(session, actor, template_id)
    if row.retired_at is None:
        row.retired_at, row.retired_by = moment.now, actor.name
        _record(session, actor, EofficeAction.ROUTE_RETIRED, row)


def bring_back_route(session: Session, actor: Actor, *, template_id: int, moment: Moment) -> None:
    """Use a retired route again, where it is the newest version of its name. Raises `RouteNotFoundError`."""
    del moment
    row = _locked(session, actor, template_id)
    newer = select(RouteTemplate.id).where(RouteTemplate.name == row.name, RouteTemplate.version > row.version)
    if session.scalars(newer).first() is not None:
        raise RouteNotFoundError
    if row.retired_at is not None:
        row.retired_at = row.retired_by = None
        session.flush()
        _record(session, actor, EofficeAction.ROUTE_BROUGHT_BACK, row)


def add_first_routes(session: Session, *, moment: Moment) -> int:
    """The routes of the first day, where there never was any; how many. Safe to call again."""
    if session.scalars(select(RouteTemplate.id).limit(1)).first() is not None:
        return 0
    known = {key: one.words.vi for key, one in ruleset.load(moment.today).types.items()}
    rows = [
        RouteTemplate(
            name=one.name, version=1, type=one.type, steps=plan_to_json(one.plan), made_at=moment.now,
            made_by=SCHEDULER.name,
        )
        for one in defaults(known)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    for row in rows:
        _record(session, SCHEDULER, EofficeAction.ROUTE_MADE, row)
    return len(rows)


def _unit(session: Session, actor: Actor, key: str | None) -> int | None:
    """The unit's id, where the actor may change its routes. Raises `RouteNotFoundError`, `PlanError`."""
    if not actor.may_in(Permission.EOFFICE_ROUTE_CHANGE, key):
        raise RouteNotFoundError
    if key is None:
        return None
    found = session.scalars(select(UnitRow.id).where(UnitRow.key == key, UnitRow.gone_at.is_(None))).first()
    if found is None:
        raise PlanError("", f"không có đơn vị “{key}”", f"there is no unit “{key}”")
    return found


def _check(session: Session, template: Template, moment: Moment) -> None:
    """What a plan names must be there: its type of document, and the units that it names by key."""
    if template.type is not None and (not template.type or template.type not in ruleset.load(moment.today).types):
        raise PlanError("", "không có loại văn bản này", "there is no such type of document")
    for number, step in enumerate(template.plan.steps, start=1):
        for who in step.who:
            if who.unit in KEPT_UNITS:
                continue
            known = select(UnitRow.id).where(UnitRow.key == who.unit, UnitRow.gone_at.is_(None))
            if session.scalars(known).first() is None:
                raise PlanError(str(number), f"không có đơn vị “{who.unit}”", f"there is no unit “{who.unit}”")


def _locked(session: Session, actor: Actor, template_id: int) -> RouteTemplate:
    wanted = select(RouteTemplate).where(RouteTemplate.id == template_id).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise RouteNotFoundError
    _reached(session, actor, row)
    return row


def _reached(session: Session, actor: Actor, row: RouteTemplate) -> None:
    """Raises `RouteNotFoundError` where the route belongs to a unit that is not the actor's to change."""
    key = None if row.unit is None else session.scalars(select(UnitRow.key).where(UnitRow.id == row.unit)).one()
    if not actor.may_in(Permission.EOFFICE_ROUTE_CHANGE, key):
        raise RouteNotFoundError


def _record(session: Session, actor: Actor, action: EofficeAction, row: RouteTemplate) -> None:
    facts = {"name": row.name, "version": row.version, "type": row.type}
    audit.record(session, actor=actor.in_trail, action=action, subject=f"route:{row.id}", facts=facts)
