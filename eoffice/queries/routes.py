"""Routes for whoever looks after them: those in use, those retired, and the units that a route can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.name_order import folded, text_order
from core.directory.queries import in_post
from core.permissions import Actor, Permission, require
from eoffice.errors import RouteNotFoundError
from eoffice.models import RouteTemplate
from eoffice.routing import Plan, Who, plan_from_json
from eoffice.routing.plan import NEAREST_UNIT, OWN_UNIT, PARENT_UNIT
from eoffice.routing.templates import Template

KEPT_UNITS = frozenset({OWN_UNIT, PARENT_UNIT, NEAREST_UNIT})
"""Words for units that are found for each draft."""


@dataclass(frozen=True, slots=True)
class Route:
    """A template as it stands; `unit` is the key of the unit it is for and `unit_name` its name (None: everywhere)."""

    template_id: int
    name: str
    version: int
    type: str | None
    unit: str | None
    unit_name: str | None
    plan: Plan
    made_at: datetime
    made_by: str
    retired_at: datetime | None
    retired_by: str | None
    may_change: bool

    @property
    def template(self) -> Template:
        """What a file carries of it."""
        return Template(self.name, self.type, self.unit, self.plan)


def routes(session: Session, actor: Actor, *, retired: bool = False) -> list[Route]:
    """Those in use (or, of the retired, the newest of each name that is not in use), by name. Raises `ForbiddenError`.

    Whoever looks after the routes of some units sees those and the ones that hold everywhere.
    """
    require(actor, Permission.EOFFICE_ROUTE_CHANGE)
    found = [one for one in _all(session, actor) if one.unit is None or one.may_change]
    in_use = {one.name for one in found if one.retired_at is None}
    if not retired:
        return [one for one in found if one.retired_at is None]
    newest = {one.name: one for one in found if one.name not in in_use}
    return [newest[name] for name in sorted(newest)]


def route(session: Session, actor: Actor, *, template_id: int) -> Route:
    """One template, retired or not. Raises `ForbiddenError`, `RouteNotFoundError`."""
    require(actor, Permission.EOFFICE_ROUTE_CHANGE)
    for one in _all(session, actor):
        if one.template_id == template_id and (one.unit is None or one.may_change):
            return one
    raise RouteNotFoundError


def vacant(session: Session, plan: Plan, *, today: date) -> dict[int, tuple[Who, ...]]:
    """Steps that could not be taken today, by their place from 1: with the posts of theirs that nobody holds.

    Of a post in a unit that is found for each draft it is asked whether anybody at all holds it: one that is misspelt
    nobody does. Two SQL queries.
    """
    there = select(PostRow.title).join(OfficialRow, OfficialRow.id == PostRow.official)
    there = there.where(OfficialRow.gone_at.is_(None), in_post(today)).distinct()
    anywhere = {folded(title) for title in session.scalars(there)}
    named = {who.unit for step in plan.steps for who in step.who} - KEPT_UNITS
    inside: set[tuple[str, str]] = set()
    of_units = there.join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(named), UnitRow.gone_at.is_(None))
    for key, title, rank in session.execute(of_units.with_only_columns(UnitRow.key, PostRow.title, PostRow.rank)):
        inside |= {(key, folded(title)), (key, f"rank {rank}")}

    def is_held(who: Who) -> bool:
        if who.unit in KEPT_UNITS:
            return who.title is None or folded(who.title) in anywhere
        return (who.unit, f"rank {who.rank}" if who.title is None else folded(who.title)) in inside

    found = {}
    for place, step in enumerate(plan.steps, start=1):
        missing = tuple(who for who in step.who if not is_held(who))
        wanted = {"any": 1, "n_of_m": step.needed}.get(step.kind, len(step.who))
        if len(step.who) - len(missing) < wanted:
            found[place] = missing
    return found


def unit_names(session: Session) -> Mapping[str, str]:
    """The units that a route can name: key -> what it is called, which is the key, as names are not unique; sorted."""
    wanted = select(UnitRow.key).where(UnitRow.gone_at.is_(None))
    return {key: key for key in sorted(session.scalars(wanted), key=text_order)}


def _all(session: Session, actor: Actor) -> list[Route]:
    wanted = (
        select(RouteTemplate, UnitRow.key, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.id == RouteTemplate.unit)
        .order_by(RouteTemplate.name, RouteTemplate.version)
    )
    return [
        Route(
            row.id, row.name, row.version, row.type, key, name, plan_from_json(row.steps), row.made_at, row.made_by,
            row.retired_at, row.retired_by, actor.may_in(Permission.EOFFICE_ROUTE_CHANGE, key),
        )
        for row, key, name in session.execute(wanted)
    ]  # fmt: skip
