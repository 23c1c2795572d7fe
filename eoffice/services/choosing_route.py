"""By which routes a draft can be sent, and who would have their say on each: shown before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.directory.queries import units_above
from eoffice.errors import PlanError
from eoffice.models import DraftRow, RouteTemplate
from eoffice.routing import begin, plan_from_json
from eoffice.services import rounds
from eoffice.services.people import resolver
from eoffice.services.rounds import Moment
from eoffice.services.routes import add_first_routes


@dataclass(frozen=True, slots=True)
class Way:
    """A route that the draft can take: purpose and names of each step that would be taken, in order."""

    template_id: int
    name: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]


def ways(session: Session, draft: DraftRow, *, moment: Moment) -> list[Way]:
    """The routes by which the draft can be sent today: those for its type and its own unit first.

    A route whose posts nobody holds is left out. On the first day the routes that the program brings are made.
    """
    add_first_routes(session, moment=moment)
    depth = {key: number for number, key in enumerate(units_above(session, draft.unit))}
    wanted = select(RouteTemplate).where(
        RouteTemplate.retired_at.is_(None),
        or_(RouteTemplate.type.is_(None), RouteTemplate.type == draft.type),
        or_(RouteTemplate.unit.is_(None), RouteTemplate.unit.in_(depth)),
    )
    rows = sorted(
        session.scalars(wanted), key=lambda one: (depth.get(one.unit or 0, len(depth)), one.type is None, one.id)
    )
    resolve = resolver(session, draft.unit, moment.today, drafter=draft.drafter)
    found = []
    for row in rows:
        try:
            state = begin(
                plan_from_json(row.steps), drafter=draft.drafter, facts=rounds.facts_of(draft), resolve=resolve
            )
        except PlanError:
            continue
        facts = rounds.facts_of(draft)
        taken = [one for one in state.steps if all(condition.holds(facts) for condition in one.step.when)]
        people = [[*(task.person for task in one.tasks), *one.coming] for one in taken]
        found.append((row, [(one.step.purpose, who) for one, who in zip(taken, people, strict=True)]))
    names = _names(session, {person.official for _, steps in found for _, who in steps for person in who})
    return [
        Way(row.id, row.name, tuple((purpose, tuple(names[one.official] for one in who)) for purpose, who in steps))
        for row, steps in found
    ]


def _names(session: Session, officials: set[int]) -> dict[int, str]:
    wanted = select(OfficialRow.id, OfficialRow.name).where(OfficialRow.id.in_(officials))
    return dict(session.execute(wanted).all())
