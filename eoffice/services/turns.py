"""Whose turn an actor takes: the own one, or that of an official who named them as deputy for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.directory.queries import acting_for, official_row
from core.permissions import Actor
from eoffice.errors import NotYourTurnError
from eoffice.routing import Round, StepState
from eoffice.services.rounds import Moment

SCOPES = {"opinion": "opinions", "content": "decisions", "form": "decisions", "approval": "decisions"}
"""What a step is for -> the scope of deputies who may act in it (besides `everything`)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The step where it is `official`'s turn, which `person` takes (another one, where a deputy acts).

    `actor` is who acts as the trail shall name them.
    """

    step: StepState
    official: int
    person: int
    actor: Actor

    @property
    def acting_for(self) -> int | None:
        """The official for whom a deputy acts; None for the own turn."""
        return None if self.official == self.person else self.official


def official_of(session: Session, actor: Actor) -> OfficialRow:
    """The official whom the account is tied to. Raises `NotYourTurnError` for one that is tied to nobody."""
    found = None
    if actor.official_id is not None:
        found = official_row(session, actor.official_id)
    if found is None:
        raise NotYourTurnError
    return found


def turn_of(session: Session, actor: Actor, state: Round, moment: Moment, *, position: int | None = None) -> Turn:
    """The turn that the actor takes: the own before another's, the plan's before an opinion beside it.

    An actor who acts for somebody (`acting_for`) takes that one's turn and no other. Raises `NotYourTurnError` where
    there is none (at that `position`). A deputy never decides about a draft of their own.
    """
    own = official_of(session, actor)
    steps = [
        one for one in sorted(state.steps, key=lambda one: one.asked_by is not None)
        if one.state == "open" and position in {None, one.position}
    ]  # fmt: skip
    for one in steps:
        if actor.acting_for is None and one.task_of(own.id) is not None:
            return Turn(one, own.id, own.id, actor)
    if own.id == state.drafter:
        raise NotYourTurnError
    for one in steps:
        for deputy in acting_for(session, own.official_id, day=moment.today, scope=SCOPES[one.step.purpose]):
            if actor.acting_for not in {None, deputy.official_id}:
                continue
            principal = official_row(session, deputy.official_id)
            if principal is not None and one.task_of(principal.id) is not None:
                return Turn(one, principal.id, own.id, replace(actor, acting_for=deputy.official_id))
    raise NotYourTurnError
